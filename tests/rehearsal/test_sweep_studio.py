"""A Studio workbench goes with all that would keep its network: apps, files, security groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import config
from rehearsal.errors import RehearsalError
from rehearsal.leftovers import waiting
from rehearsal.sweep import sweep
from tests.conftest import ROOT
from tests.rehearsal.studio_account import (
    APP,
    DOMAIN,
    FILE_SYSTEM,
    IN,
    NETWORK,
    NOW,
    OUT,
    TARGET,
    VPC,
    WORKBENCH,
    Account,
    targets,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = str(ROOT / "tests" / "configs" / "sql_only.toml")
"""Those of the platform that the account has."""
RULE = {
    "IpProtocol": "tcp",
    "FromPort": 2049,
    "ToPort": 2049,
    "UserIdGroupPairs": [{"GroupId": OUT, "UserId": "000000000000"}],
}


def group(id_: str, *, inbound: bool) -> dict[str, Any]:
    rules = [RULE] if inbound else []
    return {"GroupId": id_, "IpPermissions": rules, "IpPermissionsEgress": [RULE][len(rules) :]}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """No test waits, and each has to use up its answers."""
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    account = Account()
    for stub in account.stubs.values():
        stub.activate()
    yield account
    for stub in account.stubs.values():
        stub.assert_no_pending_responses()


def test_apps_go_before_the_stack_and_what_the_domain_leaves_after_it(account: Account) -> None:
    account.has_workbench({**APP, "Status": "InService"})

    assert [(leftover.kind, leftover.name) for leftover in account.find()] == [
        ("app", f"{DOMAIN}/ide/CodeEditor/default"),
        ("stack", WORKBENCH),
        ("mount target", TARGET),
        (f"file system of the domain {DOMAIN}", FILE_SYSTEM),
        ("security groups", f"{IN}, {OUT}"),
    ]


def test_a_platform_without_a_network_has_nothing_of_studio(account: Account) -> None:
    account.lacks(WORKBENCH)
    account.lacks(NETWORK)

    assert account.find() == []


def test_what_a_domain_left_is_found_when_its_stack_is_gone(account: Account) -> None:
    account.lacks(WORKBENCH)
    account.holds(NETWORK, "AWS::EC2::VPC", VPC, "DELETE_FAILED")
    account.lists_groups(DOMAIN)
    account.refuses("sagemaker", "describe_domain", "ResourceNotFound")
    account.lists_files()

    assert [leftover.name for leftover in account.find()] == [TARGET, FILE_SYSTEM, f"{IN}, {OUT}"]


def test_a_domain_that_the_stack_deleted_already_has_no_apps(account: Account) -> None:
    account.holds(WORKBENCH, "AWS::SageMaker::Domain", DOMAIN, "DELETE_COMPLETE")
    account.lacks(NETWORK)

    assert account.find() == []


def test_a_domain_of_somebody_else_in_the_vpc_is_left_alone(account: Account) -> None:
    account.lacks(WORKBENCH)
    account.holds(NETWORK, "AWS::EC2::VPC", VPC)
    account.lists_groups(DOMAIN)
    account.answers("sagemaker", "describe_domain", {"DomainId": DOMAIN})

    assert account.find() == []


def test_a_refusal_is_not_taken_for_a_stack_that_is_gone(account: Account) -> None:
    account.refuses("cloudformation", "list_stack_resources", "AccessDenied", "no rights")

    with pytest.raises(account.client("cloudformation").exceptions.ClientError, match="no rights"):
        account.find()


def test_apps_on_all_pages_are_found_but_those_that_are_over(account: Account) -> None:
    account.holds(WORKBENCH, "AWS::SageMaker::Domain", DOMAIN)
    account.lacks(NETWORK)
    of_user = {"DomainId": DOMAIN, "UserProfileName": "owner", "AppType": "JupyterServer"}
    pages = (
        {"Apps": [{**APP, "Status": "Deleted"}], "NextToken": "more"},
        {
            "Apps": [
                {**APP, "AppName": "broken", "Status": "Failed"},
                {**of_user, "AppName": "old", "Status": "Pending"},
            ]
        },
    )
    account.answers("sagemaker", "list_apps", pages[0], DomainIdEquals=DOMAIN)
    account.answers("sagemaker", "list_apps", pages[1], DomainIdEquals=DOMAIN, NextToken="more")
    account.answers("efs", "describe_file_systems", {"FileSystems": []})

    found = [leftover.name for leftover in account.find() if leftover.kind == "app"]

    assert found == [f"{DOMAIN}/owner/JupyterServer/old"]


def test_an_app_is_deleted_once_it_runs_and_waited_for(account: Account) -> None:
    account.has_workbench({**APP, "Status": "Pending"})
    app = account.leftover("app")
    for status in ("Pending", "InService", "InService"):
        account.answers("sagemaker", "describe_app", {"Status": status}, **APP)
    account.answers("sagemaker", "delete_app", {}, **APP)
    for status in ("Deleting", "Deleted"):
        account.answers("sagemaker", "describe_app", {"Status": status}, **APP)

    app.delete()

    assert account.changes == ["DeleteApp"]


def test_an_app_that_stopped_meanwhile_is_no_error(account: Account) -> None:
    account.has_workbench({**APP, "Status": "Deleting"})
    app = account.leftover("app")
    for _ in range(3):
        account.refuses("sagemaker", "describe_app", "ResourceNotFound")

    app.delete()

    assert account.changes == []


def test_an_app_that_does_not_stop_ends_the_sweep(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "TRIES", 1)
    account.has_workbench({**APP, "Status": "Deleting"})
    app = account.leftover("app")
    for _ in range(3):
        account.answers("sagemaker", "describe_app", {"Status": "Deleting"}, **APP)

    with pytest.raises(RehearsalError, match=r"the app d-abc1/ide/.* is still there; see to it"):
        app.delete()


def test_the_stack_is_deleted_and_its_domain_is_gone(account: Account) -> None:
    account.has_workbench()
    stack = account.leftover("stack")
    account.answers("cloudformation", "delete_stack", {}, StackName=WORKBENCH)
    account.refuses("cloudformation", "describe_stacks", "ValidationError", "does not exist")
    account.refuses("sagemaker", "describe_domain", "ResourceNotFound")

    stack.delete()

    assert account.changes == ["DeleteStack"]


def test_a_stack_that_cannot_be_deleted_ends_the_sweep(account: Account) -> None:
    account.has_workbench()
    stack = account.leftover("stack")
    account.answers("cloudformation", "delete_stack", {}, StackName=WORKBENCH)
    failed = {"StackName": WORKBENCH, "CreationTime": NOW, "StackStatus": "DELETE_FAILED"}
    account.answers("cloudformation", "describe_stacks", {"Stacks": [failed]})

    with pytest.raises(RehearsalError, match="could not be deleted; its events"):
        stack.delete()


def test_the_files_of_a_domain_that_its_stack_kept_stay(account: Account) -> None:
    account.has_workbench()
    stack = account.leftover("stack")
    account.answers("cloudformation", "delete_stack", {}, StackName=WORKBENCH)
    account.refuses("cloudformation", "describe_stacks", "ValidationError", "does not exist")
    account.answers("sagemaker", "describe_domain", {"DomainId": DOMAIN})

    with pytest.raises(RehearsalError, match="it left the domain d-abc1, whose files stay"):
        stack.delete()


def test_a_mount_target_is_waited_for(account: Account) -> None:
    account.has_workbench()
    target = account.leftover("mount target")
    account.answers("efs", "delete_mount_target", {}, MountTargetId=TARGET)
    account.answers("efs", "describe_mount_targets", targets("deleting"), MountTargetId=TARGET)
    account.refuses("efs", "describe_mount_targets", "MountTargetNotFound")

    target.delete()

    assert account.changes == ["DeleteMountTarget"]


def test_files_that_went_meanwhile_are_no_error(account: Account) -> None:
    account.has_workbench()
    *_, target, files, _groups = account.find()
    account.refuses("efs", "delete_mount_target", "MountTargetNotFound")
    account.refuses("efs", "describe_mount_targets", "MountTargetNotFound")
    account.refuses("efs", "delete_file_system", "FileSystemNotFound")

    target.delete()
    files.delete()

    assert account.changes == ["DeleteMountTarget", "DeleteFileSystem"]


def test_the_rules_of_both_groups_are_revoked_before_either_is_deleted(account: Account) -> None:
    account.has_workbench()
    groups = account.leftover("security groups")
    both = {"SecurityGroups": [group(IN, inbound=True), group(OUT, inbound=False)]}
    account.answers(
        "ec2", "describe_security_groups", both, Filters=[{"Name": "group-id", "Values": [IN, OUT]}]
    )
    revoked = {"GroupId": IN, "IpPermissions": [RULE]}
    account.answers("ec2", "revoke_security_group_ingress", {}, **revoked)
    revoked = {"GroupId": OUT, "IpPermissions": [RULE]}
    account.answers("ec2", "revoke_security_group_egress", {}, **revoked)
    account.answers("ec2", "delete_security_group", {}, GroupId=IN)
    account.answers("ec2", "delete_security_group", {}, GroupId=OUT)

    groups.delete()

    assert account.changes == [
        "RevokeSecurityGroupIngress",
        "RevokeSecurityGroupEgress",
        "DeleteSecurityGroup",
        "DeleteSecurityGroup",
    ]


def test_a_group_is_tried_again_while_a_network_interface_has_it(account: Account) -> None:
    account.has_workbench()
    groups = account.leftover("security groups")
    one = {"SecurityGroups": [{"GroupId": IN, "IpPermissions": [], "IpPermissionsEgress": []}]}
    account.answers("ec2", "describe_security_groups", one)
    account.refuses("ec2", "delete_security_group", "DependencyViolation")
    account.answers("ec2", "delete_security_group", {}, GroupId=IN)

    groups.delete()

    assert account.changes == ["DeleteSecurityGroup"] * 2


def test_a_group_that_may_not_be_deleted_is_not_tried_again(account: Account) -> None:
    account.has_workbench()
    groups = account.leftover("security groups")
    one = {"SecurityGroups": [{"GroupId": IN, "IpPermissions": [], "IpPermissionsEgress": []}]}
    account.answers("ec2", "describe_security_groups", one)
    account.refuses("ec2", "delete_security_group", "UnauthorizedOperation", "no rights")

    with pytest.raises(account.client("ec2").exceptions.ClientError, match="no rights"):
        groups.delete()


@pytest.fixture
def left(account: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Of a platform without pipelines only the two groups are left, and the sweep sees it."""
    account.answers("cloudformation", "describe_stacks", {"Stacks": []})
    account.lacks(WORKBENCH)
    account.holds(NETWORK, "AWS::EC2::VPC", VPC)
    account.lists_groups(DOMAIN)
    account.refuses("sagemaker", "describe_domain", "ResourceNotFound")
    account.answers("efs", "describe_file_systems", {"FileSystems": []})
    monkeypatch.setattr("boto3.client", lambda service, **_: account.client(service))
    return account


@pytest.mark.usefixtures("left")
def test_nothing_is_deleted_without_a_yes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: "no")

    with pytest.raises(RehearsalError, match="nothing is deleted; answer yes"):
        sweep(config.load(SETTINGS), ask=True)

    assert f"  security groups {IN}, {OUT}\n" in capsys.readouterr().out


def test_what_is_deleted_is_said(left: Account, capsys: pytest.CaptureFixture[str]) -> None:
    left.answers("ec2", "describe_security_groups", {"SecurityGroups": []})

    sweep(config.load(SETTINGS), ask=False)

    assert f"deleting security groups {IN}, {OUT}\n" in capsys.readouterr().out
