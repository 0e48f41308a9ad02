"""The command: a line for each finding, and an exit code that a script can read."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ConnectTimeoutError, NoCredentialsError

from doctor.finding import good, stop, warning
from preflight import command
from preflight.account import Account, DeniedError
from preflight.checks import CHECKS
from preflight.run import run
from tests.conftest import ROOT
from tests.preflight.conftest import NUMBER, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config import Settings
    from doctor.finding import Finding


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch) -> None:
    identity = (NUMBER, f"arn:aws:iam::{NUMBER}:user/ada")
    monkeypatch.setattr(Account, "identity", lambda _self: identity)


def find(monkeypatch: pytest.MonkeyPatch, findings: Sequence[Finding]) -> None:
    monkeypatch.setattr(command, "run", lambda _account, _settings: findings)


@pytest.mark.usefixtures("caller")
def test_a_stop_makes_the_command_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    find(monkeypatch, [good("a", "fine"), warning("b", "odd", "look"), stop("c", "shut", "open")])

    assert command.main([]) == 1

    assert capsys.readouterr().out.splitlines() == [
        f"preflight of capstone-dev: account {NUMBER}, us-east-1",
        "  good     a: fine",
        "  WARNING  b: odd",
        "           -> look",
        "  STOP     c: shut",
        "           -> open",
        "stops: 1, warnings: 1, good: 1; `make deploy` would fail; put the stops right first",
    ]


@pytest.mark.usefixtures("caller")
def test_a_warning_lets_the_command_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    find(monkeypatch, [warning("b", "odd", "look")])

    assert command.main(["check"]) == 0


@pytest.mark.usefixtures("caller")
def test_the_environment_is_what_the_cdk_bootstraps(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["environment", "--config=prod"]) == 0

    assert capsys.readouterr().out == f"aws://{NUMBER}/us-east-1\n"


def test_settings_that_are_refused_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--config=absent"]) == 2

    assert "CONFIG='absent' is neither" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["check", "credentials", "environment"])
def test_no_credentials_are_one_line_that_names_the_step(tmp_path: object, verb: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "preflight", verb],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "AWS_EC2_METADATA_DISABLED": "true",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "preflight: no usable AWS credentials (Unable to locate credentials); step 1 of "
        "docs/deploy.md says how to get them\n"
    )


@pytest.mark.parametrize("verb", ["bootstrap", "diff", "deploy", "destroy"])
def test_a_verb_of_make_that_needs_credentials_says_so_before_anything_else(
    tmp_path: object, verb: str
) -> None:
    done = subprocess.run(
        ["make", verb, "YES=1", "APPROVAL=never"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "AWS_EC2_METADATA_DISABLED": "true",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    first, *make = done.stderr.splitlines()
    assert first.startswith("preflight: no usable AWS credentials")
    assert [line[:9] for line in make] == ["make: ***"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (NoCredentialsError(), "step 1 of docs/deploy.md"),
        (ConnectTimeoutError(endpoint_url="https://sts"), "`make doctor` looks at network"),
    ],
)
def test_credentials_and_network_have_remedies_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    message: str,
) -> None:
    def refuse(_account: Account) -> None:
        raise error

    monkeypatch.setattr(Account, "identity", refuse)

    assert command.main(["credentials"]) == 2

    assert message in capsys.readouterr().err


def test_a_check_that_is_denied_is_a_warning_with_the_action() -> None:
    def closed_room(_account: Account, _settings: Settings) -> Iterator[Finding]:
        yield good("room", "the door is there")
        raise DeniedError("room:Open", "no")

    account = Account(region="us-east-1")

    door, room = run(account, settings_of(), checks=[closed_room])

    assert door.level == "good"
    assert room == warning(
        "closed room",
        "not checked: you may not ask (room:Open)",
        "allow room:Open; docs/deployer-policy.json has all that preflight reads",
    )


def test_a_check_that_cannot_be_made_is_a_warning() -> None:
    def lost(_account: Account, _settings: Settings) -> Iterator[Finding]:
        raise ConnectTimeoutError(endpoint_url="https://nowhere")

    (finding,) = run(Account(region="us-east-1"), settings_of(), checks=[lost])

    assert finding.level == "warning"
    assert finding.seen.startswith("not checked: Connect timeout")


def test_every_check_has_a_name_of_its_own() -> None:
    assert len({check.__name__ for check in CHECKS}) == len(CHECKS)
