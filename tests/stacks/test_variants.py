"""What the shipped configurations leave out: batch, Studio, a QuickSight principal, delivery."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from app import build
from components.data_policy import DESTROY
from components.workbench.cloud9_environment import Cloud9Environment
from config import load
from config.sections.workbench import Workbench
from stacks.delivery import DeliveryStack
from tests.conftest import ROOT, assembly_of
from tests.stacks.templates import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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


def test_studio_stops_when_idle() -> None:
    (domain,) = of_type("Workbench", "AWS::SageMaker::Domain")

    lifecycle = domain["DefaultUserSettings"]["CodeEditorAppSettings"]["AppLifecycleManagement"]
    assert lifecycle["IdleSettings"] == {
        "LifecycleManagement": "ENABLED",
        "IdleTimeoutInMinutes": 60,
    }


def test_the_studio_user_may_start_the_apps_of_its_own_space_only() -> None:
    (policy,) = of_type("Workbench", "AWS::IAM::Policy")
    rights = {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}

    assert "sagemaker:CreateApp" in rights["RunApps"]["Action"]
    arn = rights["RunApps"]["Resource"]["Fn::Join"][1]
    assert arn[2] == ":app/"
    assert arn[3]["Fn::GetAtt"][1] == "DomainId"
    assert arn[4] == "/capstone-ide/*"


def test_a_space_runs_on_the_instance_type_of_the_settings(tmp_path: Path) -> None:
    settings = load(VARIANT)
    larger = settings.workbench.model_copy(update={"instance_type": "m5.large"})
    built = build(settings.model_copy(update={"workbench": larger}), outdir=str(tmp_path))
    stack = built.node.find_child("Workbench")
    assert isinstance(stack, cdk.Stack)

    (space,) = Template.from_stack(stack).find_resources("AWS::SageMaker::Space").values()
    spec = space["Properties"]["SpaceSettings"]["CodeEditorAppSettings"]["DefaultResourceSpec"]
    assert spec == {"InstanceType": "ml.m5.large"}


@pytest.mark.parametrize("kind", ["studio", "cloud9"])
def test_kept_data_includes_what_a_person_has_in_the_workbench(tmp_path: Path, kind: str) -> None:
    settings = load("prod")
    workbench = settings.workbench.model_copy(update={"kind": kind})
    built = build(settings.model_copy(update={"workbench": workbench}), outdir=str(tmp_path))
    stack = built.node.find_child("Workbench")
    assert isinstance(stack, cdk.Stack)
    stateful = {
        "AWS::Cloud9::EnvironmentEC2",
        "AWS::SageMaker::Domain",
        "AWS::SageMaker::Space",
        "AWS::SageMaker::UserProfile",
    }

    kept = [
        (resource["DeletionPolicy"], resource["UpdateReplacePolicy"])
        for resource in Template.from_stack(stack).to_json()["Resources"].values()
        if resource["Type"] in stateful
    ]
    assert kept == [("Retain", "Retain")] * (3 if kind == "studio" else 1)


def test_a_customers_key_encrypts_the_volumes_of_studio(tmp_path: Path) -> None:
    settings = load("prod")
    workbench = settings.workbench.model_copy(update={"kind": "studio"})
    built = build(settings.model_copy(update={"workbench": workbench}), outdir=str(tmp_path))
    stack = built.node.find_child("Workbench")
    assert isinstance(stack, cdk.Stack)
    template = Template.from_stack(stack)

    (domain,) = template.find_resources("AWS::SageMaker::Domain").values()
    assert "DataKey" in domain["Properties"]["KmsKeyId"]["Fn::ImportValue"]
    (policy,) = template.find_resources("AWS::IAM::Policy").values()
    sids = {s["Sid"] for s in policy["Properties"]["PolicyDocument"]["Statement"]}
    assert {"UseKey", "GrantKeyToVolumes"} <= sids


def test_the_studio_user_has_the_rights_of_an_analyst() -> None:
    (role,) = of_type("Workbench", "AWS::IAM::Role")

    (policy,) = role["ManagedPolicyArns"]
    assert "AnalystPolicy" in policy["Fn::ImportValue"]


def test_batch_answers_are_a_table_and_there_is_no_endpoint_to_name() -> None:
    (table,) = of_type("MlPipelineCatchValue", "AWS::Glue::Table")

    assert table["TableInput"]["Name"] == "catch_value_predictions"
    assert "EndpointName" not in template("MlPipelineCatchValue")["Outputs"]


def test_an_analyst_reads_the_answers_of_the_batch_transform_too() -> None:
    (policy,) = of_type("Query", "AWS::IAM::ManagedPolicy")
    rights = {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}

    read = [text_of(arn) for arn in rights["ReadData"]["Resource"]]
    assert sorted(read) == ["/catch_value_predictions/*", "/raw/catch/*"]


def test_quicksight_may_take_its_role_though_it_sends_no_source() -> None:
    trusts = [
        role["AssumeRolePolicyDocument"]["Statement"][0]
        for role in of_type("Dashboard", "AWS::IAM::Role")
    ]

    assert [trust["Principal"]["Service"] for trust in trusts] == ["quicksight.amazonaws.com"]
    assert not any("Condition" in trust for trust in trusts)


def delivery_roles(stack: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each role of a delivery stack, by the output that gives its ARN."""
    resources = stack["Resources"]
    return {
        name: resources[output["Value"]["Fn::GetAtt"][0]]["Properties"]
        for name, output in stack["Outputs"].items()
    }


def subject(role: Mapping[str, Any]) -> str:
    """The one subject whose token a role takes."""
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert set(statement["Condition"]) == {"StringEquals"}
    issuer = "token.actions.githubusercontent.com"
    condition = statement["Condition"]["StringEquals"]
    assert condition.pop(f"{issuer}:aud") == "sts.amazonaws.com"
    (claim,) = condition
    assert claim == f"{issuer}:sub"
    return str(condition[claim])


def rights(role: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """All that a role may do."""
    assert "ManagedPolicyArns" not in role
    (policy,) = role["Policies"]
    return {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}


def test_only_the_named_repositorys_default_branch_may_plan_and_it_reads_templates_only() -> None:
    role = delivery_roles(template("Delivery"))["PlanRoleArn"]

    assert subject(role) == "repo:ada/engine:ref:refs/heads/main"
    assert set(rights(role)) == {"ReadTemplates"}
    read = rights(role)["ReadTemplates"]
    assert read["Action"] == ["cloudformation:DescribeStacks", "cloudformation:GetTemplate"]
    assert json.dumps(read["Resource"]).endswith(':stack/capstone-variant-*/*"]]}')


def test_only_the_named_repositorys_reviewed_environment_may_deploy() -> None:
    role = delivery_roles(template("Delivery"))["DeployRoleArn"]

    assert subject(role) == "repo:ada/engine:environment:production"
    planning = rights(delivery_roles(template("Delivery"))["PlanRoleArn"])
    deploying = rights(role)
    assert deploying.pop("ReadTemplates") == planning["ReadTemplates"]
    assert set(deploying) == {"AssumeBootstrapRoles"}
    assert deploying["AssumeBootstrapRoles"]["Action"] == "sts:AssumeRole"
    assert len(deploying["AssumeBootstrapRoles"]["Resource"]) == 4
    assert "*" not in json.dumps(deploying["AssumeBootstrapRoles"]["Resource"])


def test_a_repository_with_numbers_is_trusted_by_them_and_never_by_its_names_alone(
    tmp_path: Path,
) -> None:
    settings = load(VARIANT)
    numbered = settings.delivery.model_copy(
        update={"github_owner_id": 12, "github_repository_id": 345, "default_branch": "trunk"}
    )
    changed = settings.model_copy(update={"delivery": numbered})
    stack = build(changed, outdir=str(tmp_path)).node.find_child("Delivery")
    assert isinstance(stack, DeliveryStack)

    roles = delivery_roles(Template.from_stack(stack).to_json())

    assert {name: subject(role) for name, role in roles.items()} == {
        "PlanRoleArn": "repo:ada@12/engine@345:ref:refs/heads/trunk",
        "DeployRoleArn": "repo:ada@12/engine@345:environment:production",
    }


@pytest.mark.parametrize("config", ["dev", "prod", "academy"])
def test_nothing_may_deploy_from_github_unless_it_is_asked_for(config: str) -> None:
    assert not (assembly_of(config) / "Delivery.template.json").exists()


@pytest.mark.parametrize(
    ("owner", "resource"),
    [
        ("user/ada", ("iam", ":user/ada")),
        ("assumed-role/lab/ada", ("sts", ":assumed-role/lab/ada")),
        ("root", ("iam", ":root")),
    ],
)
def test_a_cloud9_environment_belongs_to_the_person_that_the_settings_name(
    owner: str, resource: tuple[str, str]
) -> None:
    stack = cdk.Stack()
    workbench = Workbench(kind="cloud9", cloud9_owner=owner)

    Cloud9Environment(stack, "Ide", workbench=workbench, policy=DESTROY, vpc=ec2.Vpc(stack, "Vpc"))

    environments = Template.from_stack(stack).find_resources("AWS::Cloud9::EnvironmentEC2")
    ((_, environment),) = environments.items()
    parts = environment["Properties"]["OwnerArn"]["Fn::Join"][1]
    assert f":{resource[0]}::" in parts[-3]
    assert parts[-1] == resource[1]
