"""Promises of the steps over a platform that does not do what it should: none is proved."""

from __future__ import annotations

import io
import json
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from config import load
from rehearsal.data.generator import generator_of
from rehearsal.data.prepare import PreparedData
from rehearsal.errors import RehearsalError
from rehearsal.journey import Journey, PipelineRun
from rehearsal.plan import report_of
from rehearsal.reporting.report import Report
from rehearsal.steps.crawl import crawl
from rehearsal.steps.data import MOST_NAMES, prepare_data, upload
from rehearsal.steps.deployment import approve, wait_for_endpoint
from rehearsal.steps.pipeline import check_evaluation, run_pipeline
from rehearsal.steps.platform import grade
from rehearsal.steps.workgroup import check_workgroup

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rehearsal.run.runner import Say

CATCH = load("dev").dataset("catch")
PACKAGE = "arn:aws:sagemaker:us-east-1:000000000000:model-package/catch/1"
EVALUATION = {
    "metric": "weighted_ape",
    "baseline_kind": "ratio",
    "error_ratio": 0.5,
    "model": {"weighted_ape": 0.1},
    "baseline": {"weighted_ape": 0.2},
    "test_rows": 10,
    "test_range": [2017, 2018],
}


class Client(SimpleNamespace):
    """A client whose operations are given as answers, or as functions of their arguments."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        return value if name.startswith("_") or callable(value) else lambda **_: value

    def get_paginator(self, operation: str) -> Any:
        return SimpleNamespace(paginate=lambda **arguments: [getattr(self, operation)(**arguments)])


class Platform:
    """A target that answers with what a test puts into it."""

    name = "local"
    poll_seconds = 0.0

    def __init__(self, **clients: Client) -> None:
        self.clients = clients

    def client(self, service: str) -> Client:
        return self.clients[service]

    def output(self, _stack: str, key: str) -> str:
        return key.lower()

    def stack_names(self) -> list[str]:
        return ["capstone-dev-storage"]

    def levels(self) -> dict[str, str]:
        return {"AWS::S3::Bucket": "real"}


def journey_to(tmp_path: Path, **clients: Client) -> Journey:
    return Journey(
        settings=load("dev"),
        target=cast("Any", Platform(**clients)),
        report=Report(target="local", config="dev", data="synthetic"),
        out=tmp_path,
        data_folder=None,
        prepared={
            "catch": PreparedData(
                files=(), columns=("year", "tonnes"), partitions=(), undeclared=(), left_out=()
            )
        },
    )


def run(step: Callable[..., str], tmp_path: Path, **clients: Client) -> str:
    return step(journey_to(tmp_path, **clients), say=lambda _text: None)


def run_for_pipeline(
    step: Callable[[Journey, PipelineRun, Say], str], tmp_path: Path, **clients: Client
) -> tuple[str, PipelineRun]:
    settings = load("dev")
    learning = settings.learning(settings.pipelines["catch_value"])
    pipeline = PipelineRun(learning=learning, report=report_of(learning), package_arn=PACKAGE)
    return step(journey_to(tmp_path, **clients), pipeline, lambda _text: None), pipeline


def evaluation_body(**changes: object) -> Client:
    body = json.dumps({**EVALUATION, **changes}).encode()
    return Client(get_object=lambda **_: {"Body": io.BytesIO(body)})


def registry(*, status: str = "PendingManualApproval") -> Client:
    return Client(
        describe_model_package={
            "ModelApprovalStatus": status,
            "ModelPackageVersion": 1,
            "ModelMetrics": {"ModelQuality": {"Statistics": {"S3Uri": "s3://b/evaluation.json"}}},
        }
    )


@pytest.mark.parametrize(("extra", "ending"), [(0, "readme.txt"), (2, " and 3 more")])
def test_files_that_are_not_read_are_named(tmp_path: Path, extra: int, ending: str) -> None:
    journey = journey_to(tmp_path / "out")
    generate = generator_of(CATCH)
    assert generate is not None
    journey.data_folder = generate(tmp_path / "data")
    names = ["readme.txt", *(f"{n:02}.tsv" for n in range(MOST_NAMES * (extra > 0) + extra))]
    for name in names:
        (journey.data_folder / name).write_text("")
    answer = prepare_data(journey, CATCH, lambda _text: None)
    shown = ", ".join(sorted(names)[:MOST_NAMES])
    assert f"; not read, as no CSV or Parquet: {shown}" in answer
    assert answer.endswith(ending)


def test_strangers_under_the_prefix_are_refused(tmp_path: Path) -> None:
    s3 = Client(list_objects_v2={"Contents": [{"Key": "raw/catch/old.parquet", "Size": 1}]})
    with pytest.raises(RehearsalError, match=r"holds other objects \(raw/catch/old\.parquet"):
        run(partial(upload, dataset=CATCH), tmp_path, s3=s3)


def test_a_failed_crawl_is_told_with_its_reason(tmp_path: Path) -> None:
    last = {"Status": "FAILED", "ErrorMessage": "column tonnes is double and string"}
    glue = Client(start_crawler={}, get_crawler={"Crawler": {"State": "READY", "LastCrawl": last}})
    with pytest.raises(RehearsalError, match="FAILED: column tonnes is double and string"):
        run(crawl, tmp_path, glue=glue)


def test_a_table_without_a_column_of_the_files_is_no_proof(tmp_path: Path) -> None:
    crawler = {"State": "READY", "LastCrawl": {"Status": "SUCCEEDED"}}
    table = {"StorageDescriptor": {"Columns": [{"Name": "year"}]}}
    glue = Client(start_crawler={}, get_crawler={"Crawler": crawler}, get_table={"Table": table})
    with pytest.raises(RehearsalError, match=r"differ in the columns \['tonnes'\]"):
        run(crawl, tmp_path, glue=glue)


def test_a_workgroup_that_lets_a_client_write_elsewhere_is_refused(tmp_path: Path) -> None:
    asked: list[str] = []

    def start(**arguments: Any) -> dict[str, str]:
        asked.append(arguments["ResultConfiguration"]["OutputLocation"])
        return {"QueryExecutionId": "1"}

    athena = Client(
        get_work_group={
            "WorkGroup": {
                "Configuration": {"ResultConfiguration": {"OutputLocation": "s3://results/"}}
            }
        },
        start_query_execution=start,
        get_query_execution=lambda **_: {
            "QueryExecution": {
                "Status": {"State": "SUCCEEDED"},
                "ResultConfiguration": {"OutputLocation": asked[-1] + "1.csv"},
            }
        },
        get_query_results={"ResultSet": {"Rows": [], "ResultSetMetadata": {"ColumnInfo": []}}},
    )
    with pytest.raises(RehearsalError, match="let a client write to s3://modelbucketname/else"):
        run(check_workgroup, tmp_path, athena=athena)


def test_a_failed_pipeline_is_told_with_the_reason_of_its_step(tmp_path: Path) -> None:
    step = {"StepName": "Train", "StepStatus": "Failed", "FailureReason": "no rows"}
    sagemaker = Client(
        start_pipeline_execution={"PipelineExecutionArn": "arn"},
        describe_pipeline_execution={"PipelineExecutionStatus": "Failed"},
        list_pipeline_execution_steps={"PipelineExecutionSteps": [step]},
    )
    with pytest.raises(RehearsalError, match="Train: no rows"):
        run_for_pipeline(run_pipeline, tmp_path, sagemaker=sagemaker)


def test_a_pipeline_that_registers_nothing_is_no_proof(tmp_path: Path) -> None:
    sagemaker = Client(
        start_pipeline_execution={"PipelineExecutionArn": "arn"},
        describe_pipeline_execution={"PipelineExecutionStatus": "Succeeded"},
        list_pipeline_execution_steps={"PipelineExecutionSteps": []},
    )
    with pytest.raises(RehearsalError, match="registered no model"):
        run_for_pipeline(run_pipeline, tmp_path, sagemaker=sagemaker)


def test_the_evaluation_is_kept_for_the_report(tmp_path: Path) -> None:
    text, pipeline = run_for_pipeline(
        check_evaluation, tmp_path, sagemaker=registry(), s3=evaluation_body()
    )
    assert text.startswith(
        "weighted absolute error 10.0% against 20.0% of the naive baseline (ratio): ratio 0.50"
    )
    assert pipeline.report.metrics == EVALUATION


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"error_ratio": 0.4}, "error_ratio is 0.4, but"),
        ({"error_ratio": 1.0, "model": {"weighted_ape": 0.2}}, "error ratio of 1.000, above 0.9"),
    ],
)
def test_an_evaluation_that_contradicts_itself_or_the_limit_is_refused(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(RehearsalError, match=message):
        run_for_pipeline(
            check_evaluation, tmp_path, sagemaker=registry(), s3=evaluation_body(**changes)
        )


def test_a_package_that_nobody_had_to_approve_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RehearsalError, match="is Approved before anybody looked"):
        run_for_pipeline(check_evaluation, tmp_path, sagemaker=registry(status="Approved"))


def test_only_a_pending_package_is_approved(tmp_path: Path) -> None:
    sagemaker = Client(list_model_packages={"ModelPackageSummaryList": []})
    with pytest.raises(RehearsalError, match="is not among the pending"):
        run_for_pipeline(approve, tmp_path, sagemaker=sagemaker)


def test_a_failed_endpoint_is_told_with_its_reason(tmp_path: Path) -> None:
    described = {"EndpointStatus": "Failed", "FailureReason": "the model does not load"}
    with pytest.raises(RehearsalError, match="the model does not load"):
        run_for_pipeline(wait_for_endpoint, tmp_path, sagemaker=Client(describe_endpoint=described))


def test_an_endpoint_of_another_version_is_not_the_one_that_was_approved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(wait_for_endpoint.__globals__["DEPLOYMENT_SECONDS"], "local", 0.05)
    sagemaker = Client(
        describe_endpoint={"EndpointStatus": "InService", "EndpointConfigName": "old"},
        describe_endpoint_config={"ProductionVariants": [{"ModelName": "old"}]},
        describe_model={"PrimaryContainer": {"ModelPackageName": PACKAGE[:-1] + "0"}},
    )
    with pytest.raises(RehearsalError, match="did not come to an end"):
        run_for_pipeline(wait_for_endpoint, tmp_path, sagemaker=sagemaker)


def test_a_resource_without_a_level_is_refused(tmp_path: Path) -> None:
    resource = {"LogicalResourceId": "Strange", "ResourceType": "AWS::Strange::Thing"}
    cloudformation = Client(list_stack_resources={"StackResourceSummaries": [resource]})
    with pytest.raises(RehearsalError, match="does not say how true it is"):
        run(grade, tmp_path, cloudformation=cloudformation)
