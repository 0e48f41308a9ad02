"""Plan and apply for real: the CDK CLI as it is, the emulator in place of the account."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from botocore.handlers import json_decode_template_body

from rehearsal.targets.local.assembly import stack_names
from rehearsal.targets.local.cdk_cli import CdkCli
from rehearsal.targets.local.emulator_process import EmulatorProcess
from rehearsal.targets.local.toolchain import find_toolchain
from tests.conftest import ROOT
from tests.delivery.conftest import RUN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rehearsal
REGION = "us-east-1"
BY_HAND = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "by hand"}}


@dataclass(frozen=True, kw_only=True)
class Account:
    """An emulated account that is bootstrapped, and a runner's folder beside it."""

    out: Path
    emulator: EmulatorProcess

    def deliver(self, verb: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """A step of the workflow, with its variables and the account's credentials."""
        environment = find_toolchain().environment(
            home=self.out / "home", endpoint=self.emulator.endpoint, region=REGION
        )
        files = {name: str(self.out / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        arguments = [f"--assembly={self.out / 'cdk.out'}", f"--folder={self.out / 'delivery'}"]
        return subprocess.run(
            [sys.executable, "-m", "delivery", verb, *arguments],
            cwd=ROOT,
            env={**environment, **RUN, "CI": "true", **files, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def plan(self) -> str:
        """The digest that the job ``plan`` hands on."""
        (self.out / "GITHUB_OUTPUT").unlink(missing_ok=True)
        done = self.deliver("plan")
        assert done.returncode == 0, done.stdout + done.stderr
        name, _, digest = (self.out / "GITHUB_OUTPUT").read_text().strip().partition("=")
        assert name == "digest"
        return digest

    def cloudformation(self) -> Any:
        client = self.emulator.client("cloudformation")
        # boto3 reads a template that is JSON; here its very bytes count.
        client.meta.events.unregister(
            "after-call.cloudformation.GetTemplate", json_decode_template_body
        )
        return client

    def deployed_templates(self) -> dict[str, str]:
        client = self.cloudformation()
        return {
            name: client.get_template(StackName=name)["TemplateBody"]
            for name in stack_names(self.out / "cdk.out")
        }

    def packed_templates(self) -> dict[str, str]:
        """The templates in the package, by the names under which they are deployed."""
        with tarfile.open(self.out / "delivery" / "package.tar") as archive:

            def text(name: str) -> str:
                member = archive.extractfile(f"assembly/{name}")
                assert member is not None
                return member.read().decode()

            return {
                artifact["properties"]["stackName"]: text(artifact["properties"]["templateFile"])
                for artifact in json.loads(text("manifest.json"))["artifacts"].values()
                if artifact["type"] == "aws:cloudformation:stack"
            }


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    out = tmp_path_factory.mktemp("delivery")
    (out / "home").mkdir()
    toolchain = find_toolchain()
    emulator = EmulatorProcess(
        toolchain=toolchain,
        folder=out / "emulator",
        log=out / "logs" / "emulator.log",
        region=REGION,
    )
    try:
        emulator.start(port=0, outlive=False)
        cdk = CdkCli(toolchain=toolchain, out=out, region=REGION)
        cdk.synthesize(config="dev", assembly=out / "cdk.out")
        cdk.bootstrap(endpoint=emulator.endpoint, watch=emulator.check_alive)
        yield Account(out=out, emulator=emulator)
    finally:
        emulator.stop()


@pytest.fixture(scope="module")
def applied(account: Account) -> subprocess.CompletedProcess[str]:
    """The first deployment; afterwards the assembly it was planned from is not there any more."""
    digest = account.plan()
    (account.out / "cdk.out").rename(account.out / "cdk.out.gone")
    try:
        return account.deliver("apply", DIGEST=digest)
    finally:
        (account.out / "cdk.out.gone").rename(account.out / "cdk.out")


def test_the_reviewer_sees_every_stack_that_is_to_be_made(
    account: Account, applied: subprocess.CompletedProcess[str]
) -> None:
    assert applied.returncode == 0, applied.stdout + applied.stderr
    summary = (account.out / "GITHUB_STEP_SUMMARY").read_text()
    for name in stack_names(account.out / "cdk.out"):
        assert f"({name})" in summary
    assert "[+] AWS::S3::Bucket SourceBucket" in summary


def test_what_is_deployed_are_the_packages_templates_byte_by_byte(
    account: Account, applied: subprocess.CompletedProcess[str]
) -> None:
    assert applied.returncode == 0, applied.stdout + applied.stderr

    packed = account.packed_templates()

    assert packed.keys() == set(stack_names(account.out / "cdk.out"))
    assert account.deployed_templates() == packed


def test_an_account_that_was_changed_after_the_approval_is_left_as_it_is(
    account: Account, applied: subprocess.CompletedProcess[str]
) -> None:
    assert applied.returncode == 0, applied.stdout + applied.stderr
    digest = account.plan()
    name = "capstone-dev-network"
    template = json.loads(account.deployed_templates()[name])
    template["Resources"]["Drift"] = BY_HAND
    client = account.cloudformation()
    client.update_stack(StackName=name, TemplateBody=json.dumps(template))
    client.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    before = account.deployed_templates()

    refused = account.deliver("apply", DIGEST=digest)

    assert refused.returncode == 2, refused.stdout
    assert "the account has changed since this change was planned" in refused.stderr
    assert "  | +[-] AWS::SSM::Parameter Drift destroy" in refused.stderr
    assert account.deployed_templates() == before
    assert account.deliver("apply", DIGEST=account.plan()).returncode == 0
    assert account.deployed_templates() == account.packed_templates()
