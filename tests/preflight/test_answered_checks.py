"""The checks whose questions the understudy answers: each where it is good, and where it is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from preflight.checks.bootstrap import PARAMETER, bootstrap
from preflight.checks.delivery import identity_provider
from preflight.checks.lake_formation import lake_formation
from preflight.checks.names import bucket_names, fixed_names
from preflight.checks.quicksight import SERVICE_ROLE, quicksight_role
from preflight.checks.workbench import ACCESS_ROLE, PROFILE, cloud9, cloud9_roles
from tests.preflight.conftest import levels, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_understudy import Understudy
    from preflight.account import Account

pytestmark = pytest.mark.slow
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
            }
        ],
    }
)
LAB = settings_of(
    "academy", storage={"source_bucket_name": "pre-source", "results_bucket_name": "pre-results"}
)
GITHUB = "https://token.actions.githubusercontent.com"


@pytest.fixture
def roles(understudy: Understudy) -> Iterator[list[str]]:
    """Roles that a test names are there as long as it runs."""
    iam, names = understudy.client("iam"), Names(understudy)
    yield names
    for name in names:
        iam.delete_role(RoleName=name)


class Names(list[str]):
    """A list whose names become roles."""

    def __init__(self, understudy: Understudy) -> None:
        super().__init__()
        self._iam = understudy.client("iam")

    def append(self, name: str) -> None:
        self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        super().append(name)


@pytest.fixture
def version(understudy: Understudy) -> Iterator[Any]:
    """Sets the version of the bootstrap, as long as the test runs."""
    ssm = understudy.client("ssm")

    def put(value: str) -> None:
        ssm.put_parameter(Name=PARAMETER, Value=value, Type="String", Overwrite=True)

    yield put
    ssm.delete_parameter(Name=PARAMETER)


def test_a_region_that_is_bootstrapped_is_good(
    understudied: Account, version: Any, roles: list[str]
) -> None:
    version("30")
    roles.append("cdk-hnb659fds-deploy-role-000000000000-us-east-1")

    findings = list(bootstrap(understudied, settings_of()))

    assert levels(findings) == ["good", "good"]
    assert findings[0].seen == "version 30 in us-east-1"


def test_a_bootstrap_that_is_too_old_stops(understudied: Account, version: Any) -> None:
    version("5")

    (finding,) = bootstrap(understudied, settings_of())

    assert (finding.level, finding.seen) == ("stop", "version 5, needed is 6 at least")


def test_a_region_that_is_not_bootstrapped_stops(understudied: Account) -> None:
    (finding,) = bootstrap(understudied, settings_of())

    assert finding.level == "stop"
    assert "us-east-1 is not bootstrapped" in finding.seen


def test_names_that_nobody_has_are_good(understudied: Account) -> None:
    findings = [*bucket_names(understudied, LAB), *fixed_names(understudied, LAB)]

    assert [finding.seen for finding in findings] == [
        "bucket pre-source is free",
        "bucket pre-results is free",
        "role CapstoneGlueRole is free",
        "database fishdb is free",
        "crawler fishcrawler is free",
        "workgroup capstone is free",
        "model package group capstone-academy-catch-value is free",
    ]


def test_names_that_are_generated_need_no_check(understudied: Account) -> None:
    assert list(bucket_names(understudied, settings_of("dev"))) == []


def test_a_bucket_of_ones_own_outside_the_platform_stops(
    understudied: Account, understudy: Understudy
) -> None:
    understudy.client("s3").create_bucket(Bucket="pre-taken")
    settings = settings_of(storage={"source_bucket_name": "pre-taken"})

    (finding,) = bucket_names(understudied, settings)

    assert finding.level == "stop"
    assert "is yours, and of no stack of this platform" in finding.seen


def test_a_role_of_another_platform_stops(understudied: Account, roles: list[str]) -> None:
    roles.append("TakenGlueRole")
    settings = settings_of(catalog={"glue_role_name": "TakenGlueRole"})

    stops = [each for each in fixed_names(understudied, settings) if each.level == "stop"]

    assert [each.seen for each in stops] == [
        "role TakenGlueRole exists, and no stack of capstone-dev in us-east-1 has it"
    ]


def test_what_the_platform_has_deployed_itself_is_good(
    understudied: Account, understudy: Understudy
) -> None:
    client = understudy.client("cloudformation")
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": "OwnGlueRole", "AssumeRolePolicyDocument": json.loads(TRUST)},
    }
    client.create_stack(
        StackName="preown-catalog", TemplateBody=json.dumps({"Resources": {"Role": role}}),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )  # fmt: skip
    waiter = client.get_waiter("stack_create_complete")
    waiter.wait(StackName="preown-catalog", WaiterConfig={"Delay": 1})
    settings = settings_of(name="preown", catalog={"glue_role_name": "OwnGlueRole"})

    first, *_ = fixed_names(understudied, settings)

    assert (first.level, first.seen) == ("good", "role OwnGlueRole is the platform's own")


def test_a_database_and_a_workgroup_that_somebody_else_made_stop(
    understudied: Account, understudy: Understudy
) -> None:
    understudy.client("glue").create_database(DatabaseInput={"Name": "pre_taken"})
    understudy.client("athena").create_work_group(Name="pre-taken")
    settings = settings_of(
        catalog={"database_name": "pre_taken", "glue_role_name": None},
        query={"workgroup_name": "pre-taken"},
    )

    assert levels(fixed_names(understudied, settings)) == ["stop", "stop", "good"]


def test_quicksights_role_is_free_to_be_created(understudied: Account) -> None:
    assert levels(quicksight_role(understudied, LAB)) == ["good"]


def test_quicksights_role_that_exists_cannot_be_created(
    understudied: Account, roles: list[str]
) -> None:
    roles.append(SERVICE_ROLE)

    (finding,) = quicksight_role(understudied, LAB)

    assert finding.level == "stop"
    assert "exists, and dashboard.service_role" in finding.seen


def test_quicksights_role_that_exists_can_be_imported(
    understudied: Account, roles: list[str]
) -> None:
    roles.append(SERVICE_ROLE)
    settings = settings_of(dashboard={"service_role": "import"})

    assert levels(quicksight_role(understudied, settings)) == ["good"]


def test_quicksights_role_that_is_absent_cannot_be_imported(understudied: Account) -> None:
    (finding,) = quicksight_role(understudied, settings_of(dashboard={"service_role": "import"}))

    assert finding.level == "stop"
    assert "does not exist" in finding.seen


def test_quicksights_role_is_not_asked_for_where_it_is_skipped(understudied: Account) -> None:
    assert list(quicksight_role(understudied, settings_of())) == []


def test_a_lake_whose_defaults_are_there_is_good(understudied: Account) -> None:
    assert levels(lake_formation(understudied, settings_of())) == ["good"]


def test_an_account_that_uses_cloud9_may_have_it(understudied: Account, roles: list[str]) -> None:
    roles.append("AWSServiceRoleForAWSCloud9")

    assert levels(cloud9(understudied, LAB)) == ["good"]


def test_an_account_that_shows_no_sign_of_cloud9_is_warned(understudied: Account) -> None:
    (finding,) = cloud9(understudied, LAB)

    assert finding.level == "warning"
    assert 'workbench.kind = "studio"' in finding.remedy


def test_cloud9_is_not_asked_for_where_nobody_wants_it(understudied: Account) -> None:
    assert [*cloud9(understudied, settings_of()), *cloud9_roles(understudied, settings_of())] == []


def test_cloud9s_roles_that_are_absent_are_made(understudied: Account) -> None:
    assert levels(cloud9_roles(understudied, LAB)) == ["good"]


def test_cloud9s_roles_that_are_there_cannot_be_made(
    understudied: Account, roles: list[str]
) -> None:
    roles.append(ACCESS_ROLE)

    (finding,) = cloud9_roles(understudied, LAB)

    assert finding.level == "stop"
    assert finding.remedy == "set workbench.create_cloud9_roles = false"


def test_cloud9s_roles_that_nobody_makes_are_missed(understudied: Account) -> None:
    settings = settings_of("academy", workbench={"create_cloud9_roles": False})

    (finding,) = cloud9_roles(understudied, settings)

    assert finding.level == "stop"
    assert finding.seen.startswith(f"{ACCESS_ROLE} and {PROFILE} do not exist")


def test_githubs_provider_is_free_to_be_made(understudied: Account) -> None:
    settings = settings_of("tests/configs/variant.toml")

    assert levels(identity_provider(understudied, settings)) == ["good"]


def test_githubs_provider_that_is_there_cannot_be_made_again(
    understudied: Account, understudy: Understudy
) -> None:
    iam = understudy.client("iam")
    made = iam.create_open_id_connect_provider(Url=GITHUB, ThumbprintList=["0" * 40])
    try:
        (finding,) = identity_provider(understudied, settings_of("tests/configs/variant.toml"))
    finally:
        iam.delete_open_id_connect_provider(
            OpenIDConnectProviderArn=made["OpenIDConnectProviderArn"]
        )

    assert finding.level == "stop"
    assert finding.remedy == "set delivery.create_provider = false"


def test_githubs_provider_that_is_relied_on_is_missed(understudied: Account) -> None:
    settings = settings_of("tests/configs/variant.toml", delivery={"create_provider": False})

    (finding,) = identity_provider(understudied, settings)

    assert finding.level == "stop"
    assert finding.remedy == "set delivery.create_provider = true"
