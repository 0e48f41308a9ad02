"""The checks whose questions nobody answers here: AWS's answers are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from config import load
from preflight.account import DeniedError
from preflight.checks.bootstrap import bootstrap
from preflight.checks.identity import identity
from preflight.checks.lake_formation import lake_formation
from preflight.checks.names import bucket_names
from preflight.checks.quicksight import quicksight_subscription
from preflight.checks.quotas import instance_quotas, vpc_quota
from preflight.checks.stacks import stacks
from preflight.checks.workbench import cloud9
from preflight.deployed import Deployed
from tests.conftest import ROOT
from tests.preflight.conftest import NUMBER, levels, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.stub import Stubber

    from preflight.account import Account

    Answers = Callable[..., Stubber]

SUBSCRIBER = settings_of(dashboard={"principal": "user/default/ada"})


def quota(name: str, value: float) -> dict[str, Any]:
    return {"QuotaName": name, "Value": value, "QuotaCode": "L-1"}


def deploy(account: Account, *, stacks: dict[str, str], resources: Any = ()) -> None:
    account._deployed["capstone-dev"] = Deployed(stacks=stacks, resources=frozenset(resources))


def test_a_user_is_said_with_the_account(account: Account) -> None:
    (finding,) = identity(account, settings_of())

    assert finding.level == "good"
    assert finding.seen == f"account {NUMBER} as arn:aws:iam::{NUMBER}:user/ada"


def test_the_root_user_is_warned_of(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "identity", lambda: (NUMBER, f"arn:aws:iam::{NUMBER}:root"))

    assert levels(identity(account, settings_of())) == ["warning"]


def test_an_address_that_is_not_aws_is_warned_of(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")

    assert levels(identity(account, settings_of())) == ["good", "warning"]


def test_a_deploy_role_that_one_may_not_assume_is_warned_of(
    account: Account, answers: Answers
) -> None:
    parameter = {"Parameter": {"Value": "30"}}
    answers("ssm").add_response("get_parameter", parameter)
    answers("sts").add_client_error("assume_role", "AccessDenied", "not authorized")

    _, finding = bootstrap(account, settings_of())

    assert finding.level == "warning"
    assert f"cdk-hnb659fds-deploy-role-{NUMBER}-us-east-1" in finding.seen


def test_quotas_of_one_instance_are_good(account: Account, answers: Answers) -> None:
    quotas = [
        quota("ml.m5.large for training job usage", 4),
        quota("ml.m5.large for processing job usage", 1),
    ]
    answers("service-quotas").add_response("list_service_quotas", {"Quotas": quotas})

    assert levels(instance_quotas(account, settings_of())) == ["good", "good"]


def test_a_quota_of_nothing_stops_and_says_which_to_raise(
    account: Account, answers: Answers
) -> None:
    stubber = answers("service-quotas")
    first = {"Quotas": [quota("ml.m5.large for training job usage", 0)], "NextToken": "2"}
    second = {"Quotas": [quota("ml.m5.large for processing job usage", 1)]}
    stubber.add_response("list_service_quotas", first)
    stubber.add_response("list_service_quotas", second)

    processing, training = instance_quotas(account, settings_of())

    assert processing.level == "good"
    assert training.level == "stop"
    assert training.seen == "ml.m5.large for training job usage is 0: no job could start"
    assert "(code L-1)" in training.remedy


def test_batch_needs_a_quota_for_transform_jobs_too(account: Account, answers: Answers) -> None:
    answers("service-quotas").add_response("list_service_quotas", {"Quotas": []})
    settings = load(str(ROOT / "tests" / "configs" / "variant.toml"))

    findings = list(instance_quotas(account, settings))

    assert levels(findings) == ["warning"] * 3
    assert "ml.m5.large for transform job usage" in findings[2].seen


def test_a_platform_without_pipelines_needs_no_quota_for_jobs(account: Account) -> None:
    settings = load(str(ROOT / "tests" / "configs" / "sql_only.toml"))

    assert list(instance_quotas(account, settings)) == []


@pytest.mark.parametrize(("used", "level"), [(4, "good"), (5, "stop")])
def test_one_more_vpc_fits_or_does_not(
    account: Account, answers: Answers, used: int, level: str
) -> None:
    deploy(account, stacks={})
    answers("ec2").add_response("describe_vpcs", {"Vpcs": [{}] * used})
    quotas = {"Quotas": [quota("VPCs per Region", 5)]}
    answers("service-quotas").add_response("list_service_quotas", quotas)

    assert levels(vpc_quota(account, settings_of())) == [level]


def test_a_vpc_that_is_there_needs_no_quota(account: Account) -> None:
    deploy(account, stacks={}, resources=[("AWS::EC2::VPC", "vpc-1")])

    assert levels(vpc_quota(account, settings_of())) == ["good"]


@pytest.mark.parametrize(
    ("status", "level"),
    [
        ("UPDATE_COMPLETE", "good"),
        ("UPDATE_ROLLBACK_COMPLETE", "good"),
        ("ROLLBACK_COMPLETE", "warning"),
        ("UPDATE_IN_PROGRESS", "stop"),
        ("UPDATE_ROLLBACK_FAILED", "stop"),
        ("DELETE_FAILED", "stop"),
    ],
)
def test_a_stack_is_ready_to_be_deployed_or_not(account: Account, status: str, level: str) -> None:
    deploy(account, stacks={"capstone-dev-query": status})

    assert levels(stacks(account, settings_of())) == [level]


def test_a_bucket_of_somebody_else_stops(account: Account, answers: Answers) -> None:
    deploy(account, stacks={})
    answers("s3").add_client_error("head_bucket", "403", "Forbidden")

    (finding,) = bucket_names(account, settings_of(storage={"source_bucket_name": "taken"}))

    assert (finding.level, finding.subject) == ("stop", "names")
    assert finding.seen == "bucket taken is somebody else's, or closed to you"


def test_a_bucket_in_another_region_stops(account: Account, answers: Answers) -> None:
    deploy(account, stacks={})
    answers("s3").add_client_error("head_bucket", "301", "Moved Permanently")

    (finding,) = bucket_names(account, settings_of(storage={"results_bucket_name": "far"}))

    assert (finding.level, finding.seen) == (
        "stop",
        "bucket far is taken, in another region perhaps (301)",
    )


def test_a_lake_without_its_defaults_is_warned_of(account: Account, answers: Answers) -> None:
    lake: dict[str, Any] = {"DataLakeSettings": {"CreateDatabaseDefaultPermissions": []}}
    answers("lakeformation").add_response("get_data_lake_settings", lake)

    (finding,) = lake_formation(account, settings_of())

    assert finding.level == "warning"
    assert finding.seen.endswith("no default permission on new databases and tables")
    assert "database fish" in finding.remedy


def test_a_subscription_is_good(account: Account, answers: Answers) -> None:
    subscription = {"AccountInfo": {"AccountSubscriptionStatus": "ACCOUNT_CREATED"}}
    answers("quicksight").add_response("describe_account_subscription", subscription)

    assert levels(quicksight_subscription(account, SUBSCRIBER)) == ["good"]


def test_no_subscription_stops_a_principal(account: Account, answers: Answers) -> None:
    answers("quicksight").add_client_error(
        "describe_account_subscription", "ResourceNotFoundException", "Account is not signed up"
    )

    (finding,) = quicksight_subscription(account, SUBSCRIBER)

    assert (finding.level, finding.seen) == (
        "stop",
        "no subscription (none), and user/default/ada is to get a data set",
    )


def test_a_subscription_that_was_ended_stops_a_principal(
    account: Account, answers: Answers
) -> None:
    ended = {"AccountInfo": {"AccountSubscriptionStatus": "UNSUBSCRIBED"}}
    answers("quicksight").add_response("describe_account_subscription", ended)

    (finding,) = quicksight_subscription(account, SUBSCRIBER)

    assert finding.level == "stop"
    assert "UNSUBSCRIBED" in finding.seen


def test_the_region_where_quicksight_keeps_its_users_is_said(
    account: Account, answers: Answers
) -> None:
    message = (
        "Operation is being called from endpoint us-east-1, but your identity region is "
        "eu-west-1. Please use the eu-west-1 endpoint."
    )
    answers("quicksight").add_client_error(
        "describe_account_subscription", "AccessDeniedException", message
    )

    (finding,) = quicksight_subscription(account, SUBSCRIBER)

    assert (finding.level, finding.remedy) == (
        "stop",
        'set dashboard.identity_region = "eu-west-1"',
    )


def test_quicksight_is_asked_where_its_users_are_kept(account: Account, answers: Answers) -> None:
    subscription = {"AccountInfo": {"AccountSubscriptionStatus": "ACCOUNT_CREATED"}}
    answers("quicksight", "eu-west-1").add_response("describe_account_subscription", subscription)
    settings = settings_of(
        dashboard={"principal": "user/default/ada", "identity_region": "eu-west-1"}
    )

    assert levels(quicksight_subscription(account, settings)) == ["good"]


def test_a_question_that_one_may_not_ask_is_no_answer(account: Account, answers: Answers) -> None:
    answers("quicksight").add_client_error(
        "describe_account_subscription", "AccessDeniedException", "not authorized to perform"
    )

    with pytest.raises(DeniedError):
        list(quicksight_subscription(account, SUBSCRIBER))


def test_nobody_who_needs_no_subscription_is_asked_for_one(account: Account) -> None:
    assert levels(quicksight_subscription(account, settings_of())) == ["good"]


def test_an_environment_shows_that_cloud9_is_open(account: Account, answers: Answers) -> None:
    answers("cloud9").add_response("list_environments", {"environmentIds": ["0" * 32]})
    answers("iam").add_client_error("get_role", "NoSuchEntity")

    assert levels(cloud9(account, settings_of("academy"))) == ["good"]
