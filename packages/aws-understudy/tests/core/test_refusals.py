"""What AWS refuses and ministack alone would do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from understudy_support.emulated import unique
from understudy_support.running import Stack
from understudy_support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Client = Callable[[str], Any]

ACCOUNT = "000000000000"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "glue.amazonaws.com"},
        }
    ],
}


def parameter(value: Any) -> dict[str, Any]:
    return {"It": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}}


def role(name: str) -> dict[str, Any]:
    properties = {"RoleName": name, "AssumeRolePolicyDocument": TRUST}
    return {"It": {"Type": "AWS::IAM::Role", "Properties": properties}}


def policy(bucket: Any, principal: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Principal": principal,
        "Resource": {"Fn::Sub": "arn:aws:s3:::${Bucket}/*"} if bucket else "arn:aws:s3:::b/*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.fixture
def other(client: Client) -> Iterator[Stack]:
    """A second stack; it goes first."""
    made = Stack(client("cloudformation"))
    yield made
    if made.exists:
        assert made.delete() == "DELETE_COMPLETE", made.failures()


@pytest.fixture
def exported(stack: Stack, other: Stack) -> str:
    """An export of ``stack`` that ``other`` imports."""
    name = unique("export")
    assert stack.deploy(parameter("a"), exports={name: "a"}) == "CREATE_COMPLETE"
    assert other.deploy(parameter({"Fn::ImportValue": name})) == "CREATE_COMPLETE"
    return name


def test_an_export_in_use_cannot_be_dropped(
    stack: Stack, other: Stack, exported: str, client: Client
) -> None:
    assert stack.deploy(parameter("b")) == "UPDATE_ROLLBACK_COMPLETE"

    assert stack.failures() == (
        f"Delete canceled. Cannot delete export {exported} as it is in use by {other.name}."
    )
    kept = client("ssm").get_parameter(Name=stack.physical_id("It"))["Parameter"]
    assert kept["Value"] == "a"
    assert client("cloudformation").list_imports(ExportName=exported)["Imports"] == [other.name]


def test_an_export_in_use_cannot_be_changed(stack: Stack, other: Stack, exported: str) -> None:
    status = stack.deploy(parameter("b"), exports={exported: "b"})

    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.failures() == f"Cannot update export {exported} as it is in use by {other.name}."


def test_what_an_export_in_use_comes_from_may_change(stack: Stack, exported: str) -> None:
    assert stack.deploy(parameter("b"), exports={exported: "a", unique("more"): "b"}) == (
        "UPDATE_COMPLETE"
    )


def test_an_export_is_free_again_once_nobody_imports_it(
    stack: Stack, other: Stack, exported: str, client: Client
) -> None:
    assert other.deploy(parameter("of its own")) == "UPDATE_COMPLETE"

    assert stack.deploy(parameter("b")) == "UPDATE_COMPLETE", stack.failures()

    exports = client("cloudformation").list_exports()["Exports"]
    assert exported not in [export["Name"] for export in exports]


def test_two_stacks_cannot_export_one_name(stack: Stack, other: Stack) -> None:
    name = unique("export")
    assert stack.deploy(parameter("a"), exports={name: "a"}) == "CREATE_COMPLETE"

    assert other.deploy(parameter("a"), exports={name: "a"}) == "ROLLBACK_COMPLETE"

    assert other.failures() == (
        f"Export with name {name} is already exported by stack {stack.name}"
    )


def test_a_role_of_a_name_that_is_taken_is_refused_and_the_first_one_stays(
    stack: Stack, other: Stack, client: Client
) -> None:
    name = unique("Role")
    assert stack.deploy(role(name)) == "CREATE_COMPLETE"

    assert other.deploy(role(name)) == "ROLLBACK_COMPLETE"

    assert f"with identifier '{name}' already exists" in other.failures()
    assert client("iam").get_role(RoleName=name)["Role"]["RoleName"] == name


def test_a_role_cannot_be_renamed_to_one_that_is_there(stack: Stack, other: Stack) -> None:
    first, second = unique("Role"), unique("Role")
    assert stack.deploy(role(first)) == "CREATE_COMPLETE"
    assert other.deploy(role(second)) == "CREATE_COMPLETE"

    assert other.deploy(role(first)) == "UPDATE_ROLLBACK_COMPLETE"

    assert "already exists" in other.failures()


def with_policy(principal: Any) -> dict[str, Any]:
    return {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "It": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": policy("Bucket", principal),
            },
        },
    }


def test_a_stacks_bucket_policy_cannot_name_a_role_that_is_not_there(stack: Stack) -> None:
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/service-role/nobody"}

    assert stack.deploy(with_policy(principal)) == "ROLLBACK_COMPLETE"

    assert "Invalid principal in policy" in stack.failures()


def test_a_bucket_policy_cannot_be_changed_to_name_nobody(stack: Stack) -> None:
    assert stack.deploy(with_policy("*")) == "CREATE_COMPLETE", stack.failures()

    status = stack.deploy(with_policy({"AWS": [f"arn:aws:iam::{ACCOUNT}:user/nobody"]}))

    assert status == "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "*"},
        {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        {"AWS": ["123456789012", "arn:aws:iam::123456789012:role/of-another-account"]},
        {"Service": "logging.s3.amazonaws.com"},
    ],
)
def test_a_principal_that_may_exist_is_taken(client: Client, principal: Any) -> None:
    bucket = unique("policies")
    s3 = client("s3")
    s3.create_bucket(Bucket=bucket)

    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy(None, principal)))

    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]


def test_a_role_is_taken_as_a_principal_as_long_as_it_is_there(client: Client) -> None:
    s3, iam, name, bucket = client("s3"), client("iam"), unique("Role"), unique("policies")
    s3.create_bucket(Bucket=bucket)
    made = iam.create_role(RoleName=name, Path="/p/", AssumeRolePolicyDocument=json.dumps(TRUST))
    text = json.dumps(policy(None, {"AWS": made["Role"]["Arn"]}))
    s3.put_bucket_policy(Bucket=bucket, Policy=text)
    iam.delete_role(RoleName=name)

    with pytest.raises(ClientError, match=r"MalformedPolicy.*Invalid principal in policy"):
        s3.put_bucket_policy(Bucket=bucket, Policy=text)


def test_a_subnet_with_a_network_interface_stays(client: Client) -> None:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24")["Subnet"]["SubnetId"]
    made = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]

    with pytest.raises(ClientError, match=r"DependencyViolation.*has dependencies"):
        ec2.delete_subnet(SubnetId=subnet)

    ec2.delete_network_interface(NetworkInterfaceId=made["NetworkInterfaceId"])
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)


def test_a_stack_whose_subnet_is_in_use_cannot_be_deleted(stack: Stack, client: Client) -> None:
    subnet = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.2.0.0/24"}
    resources = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.2.0.0/16"}},
        "It": {"Type": "AWS::EC2::Subnet", "Properties": subnet},
    }
    assert stack.deploy(resources) == "CREATE_COMPLETE", stack.failures()
    ec2 = client("ec2")
    made = ec2.create_network_interface(SubnetId=stack.physical_id("It"))["NetworkInterface"]

    assert stack.delete() == "DELETE_FAILED"

    assert "has dependencies and cannot be deleted" in stack.failures()
    ec2.delete_network_interface(NetworkInterfaceId=made["NetworkInterfaceId"])
    assert stack.delete() == "DELETE_COMPLETE"


def workgroup(name: str, bucket: str, *, recursive: bool) -> dict[str, Any]:
    configuration = {"ResultConfiguration": {"OutputLocation": f"s3://{bucket}/answers/"}}
    properties = {
        "Name": name,
        "RecursiveDeleteOption": recursive,
        "WorkGroupConfiguration": configuration,
    }
    return {"It": {"Type": "AWS::Athena::WorkGroup", "Properties": properties}}


def ask(athena: Any, group: str) -> str:
    """Run a query in a workgroup to its end."""
    query: str = athena.start_query_execution(QueryString="SELECT 1", WorkGroup=group)[
        "QueryExecutionId"
    ]

    def ended() -> bool:
        execution = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
        return bool(execution["Status"]["State"] == "SUCCEEDED")

    until(ended, "the query's end")
    return query


def test_a_workgroup_with_a_history_stays_unless_all_of_it_may_go(
    stack: Stack, client: Client
) -> None:
    athena, name, bucket = client("athena"), unique("group"), unique("answers")
    client("s3").create_bucket(Bucket=bucket)
    assert stack.deploy(workgroup(name, bucket, recursive=False)) == "CREATE_COMPLETE"
    query = ask(athena, name)

    assert stack.delete() == "DELETE_FAILED"

    assert f"WorkGroup {name} is not empty" in stack.failures()
    athena.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)
    with pytest.raises(ClientError, match="not found"):
        athena.get_query_execution(QueryExecutionId=query)
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()


def test_a_workgroup_with_a_saved_query_goes_with_it_if_it_may(
    stack: Stack, client: Client
) -> None:
    athena, name, bucket = client("athena"), unique("group"), unique("answers")
    assert stack.deploy(workgroup(name, bucket, recursive=True)) == "CREATE_COMPLETE"
    saved = {"Database": "d", "QueryString": "SELECT 1", "WorkGroup": name}
    athena.create_named_query(Name="saved", **saved)
    with pytest.raises(ClientError, match="is not empty"):
        athena.delete_work_group(WorkGroup=name)

    assert stack.delete() == "DELETE_COMPLETE", stack.failures()

    assert athena.list_named_queries(WorkGroup=name)["NamedQueryIds"] == []


def test_a_workgroup_that_was_never_used_goes(stack: Stack, client: Client) -> None:
    name = unique("group")
    assert stack.deploy(workgroup(name, "any", recursive=False)) == "CREATE_COMPLETE"

    assert stack.delete() == "DELETE_COMPLETE", stack.failures()

    with pytest.raises(ClientError, match="not found"):
        client("athena").get_work_group(WorkGroup=name)
