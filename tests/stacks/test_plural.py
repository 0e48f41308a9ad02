"""Several data sets and pipelines, or none: what is composed, and who may read what."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT, assembly_of
from tests.stacks.templates import resources, statements_of, text_of

CONFIGS = ROOT / "tests" / "configs"
PLURAL, SQL_ONLY, ML_ONLY = (
    str(CONFIGS / f"{name}.toml") for name in ("plural", "sql_only", "ml_only")
)


def stacks(config: str) -> set[str]:
    return {path.name.partition(".")[0] for path in assembly_of(config).glob("*.template.json")}


def outputs(config: str, stack: str) -> dict[str, Any]:
    path = assembly_of(config) / f"{stack}.template.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["Outputs"]
    return {name: output["Value"] for name, output in found.items() if "Export" not in output}


def test_each_pipeline_has_a_stack_of_its_own() -> None:
    assert stacks(PLURAL) == {
        "Catalog",
        "Dashboard",
        "MlPipelineCatchValue",
        "MlPipelinePrice",
        "Network",
        "Operations",
        "Query",
        "Storage",
    }


def test_sql_only_has_no_pipeline_and_ml_only_no_catalog() -> None:
    assert stacks(SQL_ONLY) == {
        "Catalog", "Dashboard", "Network", "Operations", "Query", "Storage",
    }  # fmt: skip
    assert stacks(ML_ONLY) == {"MlPipelineCatchValue", "Network", "Operations", "Storage"}


def test_the_crawler_makes_a_table_of_each_data_set() -> None:
    ((_, crawler),) = resources(assembly_of(PLURAL), "AWS::Glue::Crawler")
    paths = [text_of(target["Path"]) for target in crawler["Properties"]["Targets"]["S3Targets"]]

    assert [path.removeprefix("s3://") for path in paths] == ["/raw/catch/", "/raw/houses/"]
    tables = outputs(PLURAL, "Catalog")
    assert (tables["TableNameCatch"], tables["TableNameHouses"]) == ("catch", "houses")


def test_a_pipelines_jobs_read_the_folder_of_their_own_data_set_only() -> None:
    reads = []
    for stack in ("MlPipelineCatchValue", "MlPipelinePrice"):
        path = assembly_of(PLURAL) / f"{stack}.template.json"
        (role,) = [
            resource
            for id_, resource in json.loads(path.read_text())["Resources"].items()
            if id_.startswith("JobRole")
        ]
        (policy,) = role["Properties"]["Policies"]
        (read,) = [s for s in policy["PolicyDocument"]["Statement"] if s["Sid"] == "ReadData"]
        reads.append([text_of(arn) for arn in read["Resource"] if text_of(arn).endswith("*")])

    assert reads == [["/raw/catch/*"], ["/raw/houses/*"]]


def test_crawler_and_analyst_read_every_folder_and_nothing_above_them() -> None:
    rights = statements_of(assembly_of(PLURAL), "CapstoneGlueRole")

    assert [text_of(arn) for arn in rights["ReadFiles"]["Resource"]] == [
        "/raw/catch/*",
        "/raw/houses/*",
    ]
    assert rights["ListFiles"]["Condition"]["StringLike"]["s3:prefix"] == [
        "raw/catch",
        "raw/catch/*",
        "raw/houses",
        "raw/houses/*",
    ]


def test_a_query_reads_the_table_of_its_own_data_set() -> None:
    queries = {
        query["Properties"]["Name"]: query["Properties"]["QueryString"]
        for _, query in resources(assembly_of(PLURAL), "AWS::Athena::NamedQuery")
    }

    assert 'FROM "houses"' in queries["houses_by_district"]
    assert 'FROM "catch"' in queries["distinct_areas"]


def test_quicksight_has_a_data_set_for_each_view_that_a_dashboard_declares() -> None:
    names = [
        data_set["Properties"]["Name"]
        for _, data_set in resources(assembly_of(PLURAL), "AWS::QuickSight::DataSet")
    ]

    assert names == ["capstone_plural.mackerels_catch", "capstone_plural.houses_by_district"]


def test_each_pipeline_has_an_alert_and_an_alarm_of_its_own() -> None:
    rules = {
        name.partition(":")[2].removeprefix("FailedPipeline").partition("Rule")[0]
        for name, _ in resources(assembly_of(PLURAL), "AWS::Events::Rule")
        if ":FailedPipeline" in name
    }

    assert rules == {"CatchValue", "Price"}


@pytest.mark.parametrize(
    ("config", "modules"),
    [
        (ML_ONLY, ("stacks.catalog", "stacks.query", "stacks.dashboard", "stacks.workbench")),
        (SQL_ONLY, ("stacks.ml_pipeline", "stacks.workbench")),
        ("dev", ("stacks.workbench", "stacks.delivery", "aws_cdk.aws_quicksight")),
    ],
)
def test_a_stack_that_is_off_is_not_imported(config: str, modules: tuple[str, ...]) -> None:
    program = (
        "import sys, app, config, tempfile\n"
        f"app.build(config.load({config!r}), outdir=tempfile.mkdtemp())\n"
        "print(*sys.modules)\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    imported = set(run.stdout.split())
    assert "stacks.storage" in imported
    assert not imported & set(modules)
