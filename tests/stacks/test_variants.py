"""What the shipped environments leave out: batch, Studio, a QuickSight principal, delivery."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import ROOT, assembly_of

VARIANT = str(ROOT / "tests" / "configs" / "variant.toml")


def template(stack: str) -> dict[str, Any]:
    path = assembly_of(VARIANT) / f"{stack}.template.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def of_type(stack: str, type_: str) -> list[dict[str, Any]]:
    return [
        resource["Properties"]
        for resource in template(stack)["Resources"].values()
        if resource["Type"] == type_
    ]


def test_a_principal_gets_a_data_source_that_passes_its_own_role() -> None:
    (source,) = of_type("Dashboard", "AWS::QuickSight::DataSource")

    parameters = source["DataSourceParameters"]["AthenaParameters"]
    assert parameters["RoleArn"]["Fn::GetAtt"][0].startswith("SourceRole")
    (permission,) = source["Permissions"]
    assert permission["Principal"]["Fn::Join"][1][-1] == ":user/default/ada"


def test_a_principal_gets_a_data_set_over_the_corrected_view() -> None:
    (data_set,) = of_type("Dashboard", "AWS::QuickSight::DataSet")
    table = data_set["PhysicalTableMap"]["view"]["RelationalTable"]

    assert data_set["ImportMode"] == "DIRECT_QUERY"
    assert table["Name"] == "mackerels_catch"
    assert [column["Name"] for column in table["InputColumns"]] == [
        "year",
        "wherecaught",
        "country",
        "totalweight",
    ]


def test_an_imported_service_role_is_admitted_by_the_buckets_and_not_touched() -> None:
    roles = of_type("Dashboard", "AWS::IAM::Role")
    policies = json.dumps(of_type("Storage", "AWS::S3::BucketPolicy"))

    assert all("RoleName" not in role for role in roles)
    assert policies.count(":role/service-role/aws-quicksight-service-role-v0") == 2


def test_studio_stops_when_idle_and_its_role_may_do_nothing_yet() -> None:
    (domain,) = of_type("Workbench", "AWS::SageMaker::Domain")
    (role,) = of_type("Workbench", "AWS::IAM::Role")

    lifecycle = domain["DefaultUserSettings"]["CodeEditorAppSettings"]["AppLifecycleManagement"]
    assert lifecycle["IdleSettings"] == {
        "LifecycleManagement": "ENABLED",
        "IdleTimeoutInMinutes": 60,
    }
    assert "Policies" not in role
    assert not of_type("Workbench", "AWS::IAM::Policy")


def test_batch_answers_are_a_table_and_there_is_no_endpoint_to_name() -> None:
    (table,) = of_type("MlPipeline", "AWS::Glue::Table")

    assert table["TableInput"]["Name"] == "predictions"
    assert "EndpointName" not in template("MlPipeline")["Outputs"]


def test_only_the_named_repository_and_environment_may_deploy() -> None:
    (role,) = of_type("Delivery", "AWS::IAM::Role")
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    (policy,) = role["Policies"]

    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:ada/engine:environment:production",
    }
    (allowed,) = policy["PolicyDocument"]["Statement"]
    assert allowed["Action"] == "sts:AssumeRole"
    assert "*" not in json.dumps(allowed["Resource"])


@pytest.mark.parametrize("config", ["dev", "prod", "academy"])
def test_nothing_may_deploy_from_github_unless_it_is_asked_for(config: str) -> None:
    assert not (assembly_of(config) / "Delivery.template.json").exists()
