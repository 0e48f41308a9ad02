"""The deployer's policy: what preflight and the sweep ask for, no less, and no more."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore import xform_name
from botocore.session import get_session

from preflight.checks.bootstrap import PARAMETER, bootstrap
from preflight.run import run
from tests.conftest import ROOT
from tests.preflight.conftest import settings_of

if TYPE_CHECKING:
    from aws_understudy import Understudy
    from preflight.account import Account

POLICY = ROOT / "docs" / "deployer-policy.json"
NEEDS_NO_RIGHT = {"sts:GetCallerIdentity", "s3:ListBucket"}
"""Anybody may ask who he is; and a bucket that is closed is as taken as one that is open."""

SWEPT = {
    "cloudformation": "cloudformation",
    "ec2": "ec2",
    "efs": "elasticfilesystem",
    "sagemaker": "sagemaker",
}
"""Each service that the sweep calls, by botocore's name, to its prefix in IAM."""


def statement(sid: str) -> dict[str, Any]:
    statements = json.loads(POLICY.read_text())["Statement"]
    (match,) = [each for each in statements if each["Sid"] == sid]
    return dict(match)


def test_its_actions_resources_and_syntax_are_known_to_iam() -> None:
    parliament = Path(sys.executable).with_name("parliament")
    done = subprocess.run(
        [parliament], input=POLICY.read_text(), capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "")


def test_it_assumes_each_role_that_the_cdk_cli_does() -> None:
    names = {arn.partition("/")[2] for arn in statement("DeployThroughTheBootstrap")["Resource"]}

    assert names == {
        "cdk-hnb659fds-deploy-role-*",
        "cdk-hnb659fds-file-publishing-role-*",
        "cdk-hnb659fds-image-publishing-role-*",
        "cdk-hnb659fds-lookup-role-*",
    }


@pytest.mark.slow
def test_it_allows_what_preflight_asks_and_no_more(
    understudied: Account, understudy: Understudy
) -> None:
    template = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
    understudy.client("cloudformation").create_stack(
        StackName="capstone-dev-x", TemplateBody=template
    )
    ssm = understudy.client("ssm")
    ssm.put_parameter(Name=PARAMETER, Value="30", Type="String")
    try:
        list(bootstrap(understudied, settings_of()))
    finally:
        ssm.delete_parameter(Name=PARAMETER)
    for config in ("dev", "academy", "tests/configs/variant.toml"):
        list(run(understudied, settings_of(config)))

    asked = understudied.asked - NEEDS_NO_RIGHT

    assert asked == {
        "sts:AssumeRole",
        *statement("Preflight")["Action"],
        *statement("PreflightByName")["Action"],
    }


def sweep_calls() -> set[str]:
    """The actions of the operations that the sweep's modules name, as IAM writes them."""
    operations = {
        xform_name(operation): f"{prefix}:{operation}"
        for service, prefix in SWEPT.items()
        for operation in get_session().get_service_model(service).operation_names
    }
    modules = (ROOT / "rehearsal" / "leftovers").glob("*.py")
    nodes = [node for file in modules for node in ast.walk(ast.parse(file.read_text()))]
    words = {node.value for node in nodes if isinstance(node, ast.Constant)}
    words |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return {operations[word] for word in words if word in operations}


def test_it_allows_what_the_sweep_calls_and_no_more() -> None:
    sids = ("BeforeDestroy", "Deletes", "EndsStudio", "DeletesWhatStudioLeaves")
    allowed = {action for sid in sids for action in statement(f"Sweep{sid}")["Action"]}

    assert sweep_calls() - set(statement("PreflightByName")["Action"]) == allowed


def test_it_allows_what_efs_does_in_the_name_of_the_sweep() -> None:
    network_interface = statement("SweepDeletesMountTargets")

    assert "elasticfilesystem:DeleteMountTarget" in sweep_calls()
    assert network_interface["Action"] == "ec2:DeleteNetworkInterface"
