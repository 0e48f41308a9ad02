"""What the platform promises, each asserted on the templates of every shipped configuration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from config import load
from tests.conftest import SHIPPED, assembly_of
from tests.stacks.templates import resources, statements

if TYPE_CHECKING:
    from pathlib import Path


def test_every_bucket_is_private_encrypted_and_owned(assembly: Path) -> None:
    for name, bucket in resources(assembly, "AWS::S3::Bucket"):
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert properties["BucketEncryption"]["ServerSideEncryptionConfiguration"], name
        assert properties["OwnershipControls"]["Rules"] == [
            {"ObjectOwnership": "BucketOwnerEnforced"}
        ], name


def test_every_bucket_refuses_plain_http_and_old_tls(assembly: Path) -> None:
    buckets = [name for name, _ in resources(assembly, "AWS::S3::Bucket")]
    denials = [
        statement["Condition"]
        for _, policy in resources(assembly, "AWS::S3::BucketPolicy")
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and statement["Principal"] == {"AWS": "*"}
    ]
    assert denials.count({"Bool": {"aws:SecureTransport": "false"}}) == len(buckets)
    assert denials.count({"NumericLessThan": {"s3:TlsVersion": 1.2}}) == len(buckets)


def test_the_copies_of_the_data_that_executions_make_expire_and_models_do_not(
    assembly: Path,
) -> None:
    (rules,) = [
        bucket["Properties"]["LifecycleConfiguration"]["Rules"]
        for name, bucket in resources(assembly, "AWS::S3::Bucket")
        if "ModelBucket" in name
    ]
    expiring = {rule.get("Prefix") for rule in rules if "ExpirationInDays" in rule}
    (pipeline,) = [
        json.dumps(pipeline["Properties"]["PipelineDefinition"])
        for _, pipeline in resources(assembly, "AWS::SageMaker::Pipeline")
    ]

    assert expiring == {"working/"}
    assert pipeline.count("/working/") == 5  # three sets, the batch and the report
    assert "/working/" not in pipeline.partition("OutputDataConfig")[2].partition("}")[0]


@pytest.mark.parametrize("service", ["glue", "sagemaker"])
def test_a_service_assumes_a_role_for_this_account_only(assembly: Path, service: str) -> None:
    trusts = [
        statement
        for _, role in resources(assembly, "AWS::IAM::Role")
        for statement in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        if statement["Principal"] == {"Service": f"{service}.amazonaws.com"}
    ]

    assert trusts
    for trust in trusts:
        assert trust["Condition"] == {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        }


def test_the_platforms_roles_have_no_policy_of_aws(assembly: Path) -> None:
    managed = [
        name.partition(":")[2].removesuffix(name[-8:])
        for name, role in resources(assembly, "AWS::IAM::Role")
        if "ManagedPolicyArns" in role["Properties"]
    ]

    # Cloud9 checks for exactly its own policy; the CDK's Lambda writes its log with AWS's.
    assert set(managed) <= {"IdeAccessRole", "CustomS3AutoDeleteObjectsCustomResourceProviderRole"}


def test_the_workgroup_is_enforced_and_has_a_limit(assembly: Path) -> None:
    ((_, workgroup),) = resources(assembly, "AWS::Athena::WorkGroup")
    configuration = workgroup["Properties"]["WorkGroupConfiguration"]

    assert configuration["EnforceWorkGroupConfiguration"] is True
    assert configuration["BytesScannedCutoffPerQuery"] >= 10_000_000
    assert configuration["ResultConfiguration"]["EncryptionConfiguration"]


def test_nobody_else_is_asked_to_pay_for_a_query(assembly: Path) -> None:
    ((_, workgroup),) = resources(assembly, "AWS::Athena::WorkGroup")

    assert "RequesterPaysEnabled" not in workgroup["Properties"]["WorkGroupConfiguration"]


@pytest.mark.parametrize("config", SHIPPED)
def test_every_log_group_keeps_its_events_as_long_as_the_settings_say(config: str) -> None:
    groups = resources(assembly_of(config), "AWS::Logs::LogGroup", "Custom::ServiceLogRetention")
    days = {name: group["Properties"].get("RetentionInDays") for name, group in groups}

    assert set(days.values()) == {load(config).operations.log_retention_days}, days


def test_nothing_that_costs_money_while_idle_is_in_the_network(assembly: Path) -> None:
    types = {resource["Type"] for _, resource in resources(assembly)}

    assert not types & {"AWS::EC2::NatGateway", "AWS::EC2::EIP", "AWS::EC2::Instance"}
    endpoints = [r["Properties"] for _, r in resources(assembly, "AWS::EC2::VPCEndpoint")]
    assert [endpoint["VpcEndpointType"] for endpoint in endpoints] == ["Gateway"]


def test_cloudformation_owns_no_endpoint(assembly: Path) -> None:
    types = {resource["Type"] for _, resource in resources(assembly)}

    assert not types & {"AWS::SageMaker::Endpoint", "AWS::SageMaker::EndpointConfig"}


def test_templates_need_no_weak_references(assembly: Path) -> None:
    assert "Fn::ImportValue" in json.dumps(resources(assembly))
    assert "Fn::GetStackOutput" not in json.dumps(resources(assembly))


def test_kept_data_survives_its_stack() -> None:
    manifest = json.loads((assembly_of("prod") / "manifest.json").read_text(encoding="utf-8"))
    for name, resource in resources(
        assembly_of("prod"), "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Glue::Database"
    ):
        assert resource["DeletionPolicy"] == "Retain", name
        assert resource["UpdateReplacePolicy"] == "Retain", name
    stacks = [a for a in manifest["artifacts"].values() if a["type"] == "aws:cloudformation:stack"]
    assert {stack["properties"]["terminationProtection"] for stack in stacks} == {True}


def test_disposable_data_goes_but_source_data_needs_a_second_key() -> None:
    def policies(config: str) -> dict[str, str]:
        return {
            name.partition(":")[2]: bucket["DeletionPolicy"]
            for name, bucket in resources(assembly_of(config), "AWS::S3::Bucket")
        }

    assert policies("dev") == {
        "SourceBucketDDD2130A": "Retain",
        "ResultsBucketA95A2103": "Delete",
        "ModelBucketB33D855B": "Delete",
    }
    assert set(policies("academy").values()) == {"Delete"}


def test_the_lab_has_its_own_names() -> None:
    text = json.dumps([resource for _, resource in resources(assembly_of("academy"))])
    for name in (
        '"fishdb"',
        '"fishcrawler"',
        '"CapstoneGlueRole"',
        '"aws-quicksight-service-role-v0"',
        '"CapstoneIDE"',
        '"data-source-',
        '"query-results-',
    ):
        assert name in text, name


def test_a_function_of_ours_may_write_its_own_log_and_take_its_own_messages(
    assembly: Path,
) -> None:
    sids = {statement.get("Sid") for _, statement in statements(assembly)}
    taken = [s["Resource"] for _, s in statements(assembly) if s.get("Sid") == "TakeDecisions"]
    (decisions,) = [
        name.rpartition(":")[2]
        for name, _ in resources(assembly, "AWS::SQS::Queue")
        if "Decisions" in name
    ]

    assert {"WriteLogs", "TakeDecisions"} <= sids
    assert taken == [{"Fn::GetAtt": [decisions, "Arn"]}]
