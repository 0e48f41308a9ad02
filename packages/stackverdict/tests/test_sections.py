"""Exposure, data, cost and limits, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from stackverdict.sections import cost, data, exposure, lifecycle

if TYPE_CHECKING:
    from stackverdict.subject import Subject
    from tests.conftest import Write

BLOCK = dict.fromkeys(
    ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
)


def reaches(subject: Subject) -> set[tuple[str, str]]:
    rows = exposure.rows_of(subject.assembly, subject.statements)
    return {(row.logical_id, row.reach) for row in rows}


def data_row(subject: Subject) -> data.Row:
    (row,) = data.rows_of(subject.assembly, subject.references, subject.statements)
    return row


def idle(subject: Subject) -> cost.Row:
    (row,) = cost.rows_of(subject.assembly)
    return row


@pytest.mark.parametrize(
    ("type_name", "properties", "reach"),
    [
        ("AWS::S3::Bucket", {"PublicAccessBlockConfiguration": BLOCK}, "closed"),
        ("AWS::S3::Bucket", {"AccessControl": "PublicRead"}, "open"),
        ("AWS::S3::Bucket", {"PublicAccessBlockConfiguration": {}}, "route"),
        ("AWS::S3::Bucket", {"PublicAccessBlockConfiguration": {"Fn::If": [1, 2, 3]}}, "unknown"),
        ("AWS::EC2::SecurityGroupIngress", {"CidrIpv6": "::/0", "IpProtocol": "-1"}, "open"),
        ("AWS::Lambda::Url", {"AuthType": "AWS_IAM"}, "asks"),
        ("AWS::ApiGateway::Method", {"HttpMethod": "GET", "AuthorizationType": "NONE"}, "open"),
        ("AWS::RDS::DBInstance", {"PubliclyAccessible": True}, "asks"),
        ("AWS::RDS::DBInstance", {"PubliclyAccessible": {"Ref": "P"}}, "unknown"),
        ("AWS::SageMaker::NotebookInstance", {}, "route"),
        ("AWS::SageMaker::NotebookInstance", {"DirectInternetAccess": "Disabled"}, "closed"),
        ("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": "true"}, "route"),
        (
            "AWS::EKS::Cluster",
            {"ResourcesVpcConfig": {"EndpointPublicAccess": False}},
            "closed",
        ),
    ],
)
def test_a_resource_is_reached_as_its_properties_say(
    template: Write, type_name: str, properties: dict[str, Any], reach: str
) -> None:
    assert ("One", reach) in reaches(template(One={"Type": type_name, "Properties": properties}))


def test_a_rule_for_a_private_range_exposes_nothing(template: Write) -> None:
    rule = {"CidrIp": "10.0.0.0/8", "IpProtocol": "tcp"}
    ingress = {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": rule}
    assert reaches(template(One=ingress)) == set()


@pytest.mark.parametrize(
    ("body", "fate"),
    [
        ({"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"}, "stays"),
        ({"Type": "AWS::S3::Bucket"}, "deletion fails unless it is empty"),
        ({"Type": "AWS::DynamoDB::Table"}, "deleted"),
        ({"Type": "AWS::SageMaker::Domain"}, "deleted, its file system stays"),
        ({"Type": "AWS::RDS::DBInstance"}, "deleted, a snapshot stays"),
        (
            {"Type": "AWS::DynamoDB::Table", "Properties": {"DeletionProtectionEnabled": True}},
            "deletion is refused",
        ),
        (
            {"Type": "AWS::Athena::WorkGroup", "Properties": {"RecursiveDeleteOption": True}},
            "deleted",
        ),
        (
            {"Type": "AWS::S3::Bucket", "DeletionPolicy": {"Fn::If": ["C", "Retain", "Delete"]}},
            "depends on a value",
        ),
    ],
)
def test_the_fate_of_data_follows_its_policies(
    template: Write, body: dict[str, Any], fate: str
) -> None:
    assert data_row(template(One=body)).fate == fate


def test_a_bucket_that_is_emptied_first_is_deleted(template: Write) -> None:
    subject = template(
        One={"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete"},
        Emptier={
            "Type": "Custom::S3AutoDeleteObjects",
            "Properties": {"BucketName": {"Ref": "One"}},
        },
    )
    assert data_row(subject).fate == "deleted"


def test_a_default_is_told_apart_from_what_is_written(template: Write) -> None:
    row = data_row(template(One={"Type": "AWS::RDS::DBInstance"}))
    assert (row.encryption, row.backup) == ("off", "1 day (by default)")
    assert row.replacement == "Delete (by default)"


def test_a_nat_gateway_bills_by_the_hour(template: Write) -> None:
    row = idle(template(One={"Type": "AWS::EC2::NatGateway"}))
    assert row.dollars == pytest.approx(32.85)


def test_an_interface_endpoint_bills_for_each_of_its_subnets(template: Write) -> None:
    properties = {"VpcEndpointType": "Interface", "SubnetIds": ["a", "b"]}
    row = idle(template(One={"Type": "AWS::EC2::VPCEndpoint", "Properties": properties}))
    assert row.dollars == pytest.approx(14.6)


def test_a_gateway_endpoint_is_free(template: Write) -> None:
    assert idle(template(One={"Type": "AWS::EC2::VPCEndpoint"})).basis == "free"


@pytest.mark.parametrize(
    "body",
    [
        {"Type": "Vendor::New::Thing"},
        {"Type": "AWS::EC2::Instance", "Properties": {"InstanceType": "z9.huge"}},
        {"Type": "AWS::EC2::Instance", "Properties": {"InstanceType": {"Ref": "Size"}}},
        {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": {"Ref": "Shards"}}},
    ],
)
def test_a_cost_that_is_not_known_is_not_zero(template: Write, body: dict[str, Any]) -> None:
    row = idle(template(One=body))
    assert (row.basis, row.dollars) == ("unknown", None)


def test_a_price_that_nobody_checked_is_marked(template: Write) -> None:
    assert not idle(template(One={"Type": "AWS::KMS::Key"})).verified
    assert idle(template(One={"Type": "AWS::EC2::EIP"})).verified


def test_a_crawl_has_a_unit_cost(template: Write) -> None:
    (run,) = cost.runs_of(template(One={"Type": "AWS::Glue::Crawler"}).assembly)
    assert run.dollars == pytest.approx(0.1467, abs=1e-4)


def test_a_named_role_needs_the_capability_that_says_so(template: Write) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "worker"}}
    (stack,) = template(Role=role).assembly.stacks
    assert lifecycle.capabilities(stack) == {"CAPABILITY_NAMED_IAM": "names Role"}


def test_more_resources_than_a_stack_may_have_are_over_the_limit(template: Write) -> None:
    topics = {f"T{number}": {"Type": "AWS::SNS::Topic"} for number in range(501)}
    rows = lifecycle.rows_of(template(**topics).assembly)
    assert [row.state for row in rows if row.what == "Resources"] == ["over"]


def test_a_type_that_some_regions_lack_is_told_with_the_regions(template: Write) -> None:
    ide = {"Type": "AWS::Cloud9::EnvironmentEC2", "Properties": {"InstanceType": "t3.small"}}
    rows = lifecycle.rows_of(template(Ide=ide, Mine={"Type": "Custom::Thing"}).assembly)
    (row,) = [row for row in rows if row.kind == "region"]
    assert row.what == "AWS::Cloud9::EnvironmentEC2"
    assert "ap-east-2" in row.limit.split(", ")


def test_something_retired_stands_first_among_the_limits(template: Write) -> None:
    ide = {"Type": "AWS::Cloud9::EnvironmentEC2", "Properties": {"InstanceType": "t3.small"}}
    first = lifecycle.rows_of(template(Ide=ide).assembly)[0]
    assert (first.kind, first.used) == ("retired", "Ide")


def test_a_setting_of_the_whole_account_is_told(template: Write) -> None:
    lake = {"Type": "AWS::LakeFormation::DataLakeSettings"}
    rows = lifecycle.rows_of(template(Lake=lake).assembly)
    assert "singleton" in {row.kind for row in rows}
