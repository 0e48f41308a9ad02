"""The account: "not there", "not allowed" and an answer are three things."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from preflight.account import Account, DeniedError
from preflight.deployed import Deployed

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.stub import Stubber

    from aws_understudy import Understudy


def test_what_is_not_there_is_none(account: Account, answers: Callable[..., Stubber]) -> None:
    answers("iam").add_client_error("get_role", "NoSuchEntity", "Role a not found")

    assert account.find("iam", "get_role", RoleName="a") is None


def test_a_denial_names_the_action_that_is_lacking(
    account: Account, answers: Callable[..., Stubber]
) -> None:
    answers("service-quotas").add_client_error("list_service_quotas", "AccessDeniedException")

    with pytest.raises(DeniedError) as caught:
        list(account.pages("service-quotas", "list_service_quotas", ServiceCode="vpc"))

    assert caught.value.action == "servicequotas:ListServiceQuotas"


def test_a_bucket_that_is_closed_is_a_denial_of_its_own_action(
    account: Account, answers: Callable[..., Stubber]
) -> None:
    answers("s3").add_client_error("head_bucket", "403", "Forbidden")

    with pytest.raises(DeniedError) as caught:
        account.find("s3", "head_bucket", Bucket="closed")

    assert caught.value.action == "s3:ListBucket"


def test_any_other_refusal_stays_what_it_is(
    account: Account, answers: Callable[..., Stubber]
) -> None:
    answers("iam").add_client_error("get_role", "Throttling", "Rate exceeded")

    with pytest.raises(ClientError, match="Rate exceeded"):
        account.find("iam", "get_role", RoleName="a")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("service", "operation", "request_"),
    [
        ("ssm", "get_parameter", {"Name": "/absent"}),
        ("iam", "get_role", {"RoleName": "absent"}),
        ("iam", "get_instance_profile", {"InstanceProfileName": "absent"}),
        ("glue", "get_database", {"Name": "absent"}),
        ("glue", "get_crawler", {"Name": "absent"}),
        ("athena", "get_work_group", {"WorkGroup": "absent"}),
        ("s3", "head_bucket", {"Bucket": "absent-bucket"}),
        ("sagemaker", "describe_model_package_group", {"ModelPackageGroupName": "absent"}),
    ],
)
def test_each_service_says_in_its_own_way_that_something_is_not_there(
    understudied: Account, service: str, operation: str, request_: dict[str, str]
) -> None:
    assert understudied.find(service, operation, **request_) is None


@pytest.mark.slow
def test_what_is_deployed_is_known_by_the_platforms_name_and_tag(
    understudied: Account, understudy: Understudy
) -> None:
    template = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
    client = understudy.client("cloudformation")
    for name, platform in (("plat-one", "plat"), ("plat-two-one", "plat-two")):
        tags = [{"Key": "environment", "Value": platform}]
        client.create_stack(StackName=name, TemplateBody=template, Tags=tags)
        client.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})

    deployed = understudied.deployed("plat")

    assert deployed.stacks == {"plat-one": "CREATE_COMPLETE"}
    assert [type_ for type_, _ in deployed.resources] == ["AWS::SNS::Topic"]


def test_a_resource_is_known_by_its_name_also_where_its_id_is_an_arn() -> None:
    arn = "arn:aws:sagemaker:us-east-1:1:model-package-group/catch"
    deployed = Deployed(stacks={}, resources=frozenset({("AWS::SageMaker::X", arn)}))

    assert deployed.has("AWS::SageMaker::X", "catch")
    assert not deployed.has("AWS::SageMaker::X", "tch")
    assert not deployed.has("AWS::SageMaker::Y", "catch")
