"""Promises of the last step: what should be gone is gone, and what should stay is untouched."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from rehearsal.errors import RehearsalError
from rehearsal.reporting.exports import write_exports
from rehearsal.targets.local.emulator_process import EmulatorProcess
from rehearsal.targets.local.teardown import Teardown
from rehearsal.targets.local.toolchain import Endpoint, Toolchain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STACK = "capstone-dev-storage"
KEPT, DERIVED = "source-1", "results-1"


class Account:
    """Stacks and buckets as clients of CloudFormation, S3 and SageMaker show them."""

    def __init__(self) -> None:
        self.stacks = {STACK, "CDKToolkit"}
        self.objects = {KEPT: 3, DERIVED: 5, "cdk-assets": 9}

    def client(self, _service: str) -> Account:
        return self

    def list_buckets(self) -> dict[str, Any]:
        return {"Buckets": [{"Name": name} for name in self.objects]}

    def get_paginator(self, operation: str) -> Pages:
        return Pages(getattr(self, f"_{operation}", lambda **_: {}))

    def _describe_stacks(self) -> dict[str, Any]:
        return {"Stacks": [{"StackName": name} for name in self.stacks]}

    def _list_stack_resources(self, **_arguments: str) -> dict[str, Any]:
        names = {"Kept": KEPT, "Derived": DERIVED}
        return {
            "StackResourceSummaries": [
                {"LogicalResourceId": id_, "PhysicalResourceId": name}
                for id_, name in names.items()
            ]
        }

    def _list_objects_v2(self, **arguments: str) -> dict[str, Any]:
        return {"KeyCount": self.objects[arguments["Bucket"]]}

    def _list_endpoints(self, **_arguments: str) -> dict[str, Any]:
        return {"Endpoints": []}

    def _list_endpoint_configs(self, **_arguments: str) -> dict[str, Any]:
        return {"EndpointConfigs": []}

    def _list_models(self, **_arguments: str) -> dict[str, Any]:
        return {"Models": []}

    def _list_model_packages(self, **_arguments: str) -> dict[str, Any]:
        return {"ModelPackageSummaryList": []}


class Pages:
    """The one page of an operation."""

    def __init__(self, page: Callable[..., dict[str, Any]]) -> None:
        self._page = page

    def paginate(self, **arguments: str) -> list[dict[str, Any]]:
        return [self._page(**arguments)]


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    """One stack with a bucket that stays when it goes, and one that goes with it."""
    properties = {"stackName": STACK, "templateFile": "Storage.template.json"}
    artifact = {"type": "aws:cloudformation:stack", "properties": properties}
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"Storage": artifact}}))
    buckets = {
        id_: {"Type": "AWS::S3::Bucket", "DeletionPolicy": policy}
        for id_, policy in (("Kept", "Retain"), ("Derived", "Delete"))
    }
    (tmp_path / "Storage.template.json").write_text(json.dumps({"Resources": buckets}))
    return tmp_path


def teardown(account: Account, assembly: Path, destroy: Callable[[], None]) -> Teardown:
    return Teardown(
        client=account.client, assembly=assembly, names=[STACK], groups=["g"], destroy=destroy
    )


def quiet(_progress: str) -> None:
    """Nobody watches."""


def test_exactly_the_retained_bucket_is_left(account: Account, assembly: Path) -> None:
    def destroy() -> None:
        account.stacks.remove(STACK)
        del account.objects[DERIVED]

    proved = teardown(account, assembly, destroy).take_down(quiet)
    assert proved == (
        "1 stacks and 0 things that no stack owns are deleted; source-1 with 3 objects stays"
    )


def test_a_stack_that_remains_is_no_teardown(account: Account, assembly: Path) -> None:
    def destroy() -> None:
        del account.objects[DERIVED]

    with pytest.raises(RehearsalError, match=r"there are still \['capstone-dev-storage'\]"):
        teardown(account, assembly, destroy).take_down(quiet)


def test_a_bucket_that_should_be_gone_is_no_teardown(account: Account, assembly: Path) -> None:
    with pytest.raises(RehearsalError, match="should be left of the buckets, not"):
        teardown(account, assembly, lambda: account.stacks.remove(STACK)).take_down(quiet)


def test_a_retained_bucket_that_lost_an_object_is_no_teardown(
    account: Account, assembly: Path
) -> None:
    def destroy() -> None:
        account.stacks.remove(STACK)
        del account.objects[DERIVED]
        account.objects[KEPT] -= 1

    with pytest.raises(RehearsalError, match="should be left of the buckets, not"):
        teardown(account, assembly, destroy).take_down(quiet)


def test_protected_stacks_and_their_data_survive(account: Account, assembly: Path) -> None:
    def destroy() -> None:
        raise RehearsalError("cdk destroy failed: TerminationProtection is enabled")

    proved = teardown(account, assembly, destroy).keep_protected(quiet)
    assert proved == "termination protection refused it: 1 stacks and their data stay"


def test_a_protected_stack_that_can_be_destroyed_is_a_defect(
    account: Account, assembly: Path
) -> None:
    with pytest.raises(RehearsalError, match="ended well, though the stacks are protected"):
        teardown(account, assembly, lambda: None).keep_protected(quiet)


def test_protection_that_lost_data_on_the_way_is_a_defect(account: Account, assembly: Path) -> None:
    def destroy() -> None:
        account.objects[DERIVED] = 0
        raise RehearsalError("cdk destroy failed: TerminationProtection is enabled")

    with pytest.raises(RehearsalError, match="termination protection did not hold"):
        teardown(account, assembly, destroy).keep_protected(quiet)


def test_another_failure_is_not_taken_for_protection(account: Account, assembly: Path) -> None:
    def destroy() -> None:
        raise RehearsalError("cdk destroy failed: the network is down")

    with pytest.raises(RehearsalError, match="the network is down"):
        teardown(account, assembly, destroy).keep_protected(quiet)


def test_the_key_of_a_kept_emulator_is_for_its_own_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = Toolchain(python=tmp_path, node_folder=tmp_path, cdk=tmp_path)
    emulator = EmulatorProcess(
        toolchain=tools, folder=tmp_path, log=tmp_path / "log", region="eu-west-1"
    )
    emulator.endpoint = Endpoint(
        url="http://127.0.0.1:1", access_key_id="key", secret_access_key="its secret"
    )
    monkeypatch.setattr(EmulatorProcess, "pid", 1)
    file = tmp_path / "aws.env"
    file.touch(mode=0o644)

    printed = write_exports(emulator, region="eu-west-1", file=file)

    assert "its secret" in file.read_text()
    assert "its secret" not in printed
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
