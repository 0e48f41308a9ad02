"""Who may do what: each role's rights, named action by action and folder by folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config import load
from tests.conftest import SHIPPED, assembly_of
from tests.stacks.templates import actions, as_list, statements, statements_of, text_of

if TYPE_CHECKING:
    from pathlib import Path

every_configuration = pytest.mark.parametrize("config", SHIPPED)


def test_no_statement_allows_a_wildcard_action(assembly: Path) -> None:
    allowed_prefixes = ("s3:GetObject*", "s3:GetBucket*", "s3:List*", "s3:DeleteObject*")
    allowed = {
        action
        for _, statement in statements(assembly)
        if statement["Effect"] == "Allow" and not statement.get("Principal")
        for action in as_list(statement["Action"])
    }

    assert "s3:GetObject" in allowed
    assert {action for action in allowed if "*" in action} <= set(allowed_prefixes)


def test_a_role_is_passed_to_one_named_service_only(assembly: Path) -> None:
    passed = [s for _, s in statements(assembly) if "iam:PassRole" in as_list(s["Action"])]

    assert passed
    for statement in passed:
        assert statement["Condition"] == {
            "StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}
        }
        assert statement["Resource"] != "*"


def test_the_crawler_cannot_write_objects(assembly: Path) -> None:
    assert actions(statements_of(assembly, "CapstoneGlueRole"), "s3") == {
        "s3:GetBucketAcl",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListBucket",
    }


@every_configuration
def test_the_crawler_reads_and_lists_the_folder_of_the_data_set_only(config: str) -> None:
    (dataset,) = load(config).datasets
    rights = statements_of(assembly_of(config), "CapstoneGlueRole")

    assert text_of(rights["ReadFiles"]["Resource"]).endswith(f"/{dataset.folder}*")
    patterns = [dataset.folder.rstrip("/"), f"{dataset.folder}*"]
    listed = {"StringLike": {"s3:prefix": patterns}} if dataset.folder else None
    assert rights["ListFiles"].get("Condition") == listed


@every_configuration
def test_the_crawler_writes_tables_of_its_own_database_only(config: str) -> None:
    database = load(config).database_name
    tables = statements_of(assembly_of(config), "CapstoneGlueRole")["WriteTables"]

    assert [text_of(arn).rpartition(":")[2] for arn in tables["Resource"]] == [
        "catalog",
        f"database/{database}",
        f"table/{database}/*",
    ]
    assert not [action for action in tables["Action"] if "Delete" in action]


def test_jobs_write_models_and_reports_but_delete_nothing(assembly: Path) -> None:
    rights = statements_of(assembly, "JobRole")

    assert actions(rights, "s3") == {
        "s3:AbortMultipartUpload",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
    }
    assert actions(rights, "sagemaker") == set()


@every_configuration
def test_jobs_read_the_folder_of_the_data_set_and_their_own_code_only(config: str) -> None:
    (dataset,) = load(config).datasets
    read = statements_of(assembly_of(config), "JobRole")["ReadData"]["Resource"]

    folders = [text_of(arn) for arn in read if text_of(arn).endswith("*")]
    code = [text_of(arn) for arn in read if not text_of(arn).endswith("*")]
    assert folders == [f"/{dataset.folder}*"]
    assert sorted(path.rpartition(".")[2] for path in code) == ["gz", "json", "py", "py"]


def test_jobs_write_objects_to_the_model_bucket_only(assembly: Path) -> None:
    (bucket, objects) = statements_of(assembly, "JobRole")["WriteModels"]["Resource"]["Fn::Join"][1]

    assert "ModelBucket" in bucket["Fn::ImportValue"]
    assert objects == "/*"


def test_the_pipeline_reads_nothing_but_its_reports_and_the_models_that_it_registers(
    assembly: Path,
) -> None:
    rights = statements_of(assembly, "PipelineRole")

    assert actions(rights, "s3") == {"s3:GetObject"}
    assert text_of(rights["ReadReports"]["Resource"]) == "/*/evaluation.json"
    assert text_of(rights["ReadModels"]["Resource"]) == "/*/model.tar.gz"


@every_configuration
def test_the_deployer_serves_the_models_of_its_own_group_only(config: str) -> None:
    name = f"{load(config).name}-catch-value"
    rights = statements_of(assembly_of(config), "DeploymentDeployerRole")

    assert {text_of(arn).rpartition(":")[2] for arn in rights["ReadModelPackages"]["Resource"]} == {
        f"model-package/{name}/*",
        f"model-package-group/{name}",
    }
    assert {text_of(arn).rpartition(":")[2] for arn in rights["Serve"]["Resource"]} == {
        f"endpoint/{name}*",
        f"endpoint-config/{name}*",
        f"model/{name}*",
    }
    assert not [action for action in rights["Serve"]["Action"] if "Delete" in action]


def test_the_key_is_for_who_comes_through_s3() -> None:
    rights = [
        statement
        for role in ("CapstoneGlueRole", "PipelineRole")
        for sid, statement in statements_of(assembly_of("prod"), role).items()
        if sid == "UseKeyThroughS3"
    ]

    assert [statement["Condition"]["StringEquals"] for statement in rights] == [
        {"kms:ViaService": {"Fn::Join": ["", ["s3.us-east-1.", {"Ref": "AWS::URLSuffix"}]]}}
    ] * 2


def test_an_analyst_may_make_the_views_and_no_other_table(assembly: Path) -> None:
    (making,) = [s for _, s in statements(assembly) if s.get("Sid") == "MakeViews"]
    tables = [text_of(arn) for arn in making["Resource"] if ":table/" in text_of(arn)]

    assert {table.rpartition("/")[2] for table in tables} == {
        "challenge",
        "mackerels_catch",
        "mackerels_catch_as_in_the_lab",
        "mackerels_top_six",
    }


def test_an_analyst_reads_the_data_and_writes_answers_only(
    assembly: Path,
) -> None:
    by_sid = {s["Sid"]: s for name, s in statements(assembly) if "AnalystPolicy" in name}

    read = [text_of(arn) for arn in by_sid["ReadData"]["Resource"]]
    assert len(read) == 1
    (bucket, _) = by_sid["WriteAnswers"]["Resource"]["Fn::Join"][1]
    assert "ResultsBucket" in bucket["Fn::ImportValue"]
    assert not [action for action in actions(by_sid, "s3") if "Delete" in action]
