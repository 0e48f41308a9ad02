"""The verbs: what is approved is deployed, and whatever else is due is refused."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from delivery import command
from delivery.account import Account
from delivery.package import Plan, unpack
from delivery.summary import LONGEST, plan_summary
from tests.delivery.conftest import RUN

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = "123456789012"


class FakeAccount:
    """Stands for the account: what the CDK CLI would say, and what was deployed into it."""

    def __init__(self) -> None:
        self.number = ACCOUNT
        self.difference = "Stack Storage\n[+] AWS::S3::Bucket Source\n"
        self.deployed: list[str] = []


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> FakeAccount:
    account = FakeAccount()

    def deploy(assembly: Path, *, folder: Path) -> None:
        assert folder.is_dir()
        account.deployed.append((assembly / "manifest.json").read_text())

    monkeypatch.setattr(Account, "number", lambda _self: account.number)
    monkeypatch.setattr(command, "difference", lambda _assembly, **_options: account.difference)
    monkeypatch.setattr(command, "deploy", deploy)
    return account


@pytest.fixture
def folder(account: FakeAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a package that was planned, in a run that has its digest."""
    assert account.deployed == []
    for name, value in RUN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    (tmp_path / "cdk.out").mkdir()
    (tmp_path / "cdk.out" / "manifest.json").write_text('{"the": "approved one"}')
    assert run("plan", tmp_path, f"--assembly={tmp_path / 'cdk.out'}") == 0
    monkeypatch.setenv("DIGEST", (tmp_path / "output").read_text().strip().partition("=")[2])
    return tmp_path


def run(verb: str, folder: Path, *options: str) -> int:
    return command.main([verb, f"--folder={folder / 'delivery'}", *options])


def test_a_check_says_the_region_of_the_settings(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(folder / "checked"))

    assert run("check", folder) == 0

    assert (folder / "checked").read_text() == "region=us-east-1\n"


def test_a_role_that_nobody_has_named_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROLE", "")

    assert run("check", folder) == 2

    assert "variable PLAN_ROLE_ARN_DEV or, for the job apply, DEPLOY_ROLE_ARN_DEV" in (
        capsys.readouterr().err
    )


def test_a_plan_hands_on_the_digest_of_its_package(folder: Path) -> None:
    package = folder / "delivery" / "package.tar"
    digest = hashlib.sha256(package.read_bytes()).hexdigest()

    assert (folder / "output").read_text() == f"digest={digest}\n"
    plan, _ = unpack(package, digest=digest, folder=folder / "looked-at")
    assert (plan.config, plan.commit, plan.account) == ("dev", "0123abc", ACCOUNT)


def test_a_reviewer_reads_where_what_and_by_which_digest(
    folder: Path, account: FakeAccount
) -> None:
    summary = (folder / "summary.md").read_text()

    assert "# Deploy dev\n" in summary
    assert f"| account, region | {ACCOUNT}, us-east-1 |" in summary
    assert "| commit | 0123abc |" in summary
    assert (folder / "output").read_text().strip().partition("=")[2] in summary
    assert f"```diff\n{account.difference}\n```" in summary


def test_what_was_approved_is_deployed(folder: Path, account: FakeAccount) -> None:
    (folder / "cdk.out" / "manifest.json").write_text('{"the": "one after"}')

    assert run("apply", folder) == 0

    assert account.deployed == ['{"the": "approved one"}']


def test_a_package_that_was_exchanged_is_not_deployed(
    folder: Path, account: FakeAccount, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "delivery" / "package.tar").open("ab") as package:
        package.write(b"\0")

    assert run("apply", folder) == 2

    assert "is not the package that was approved" in capsys.readouterr().err
    assert account.deployed == []


def test_a_change_that_nobody_has_approved_is_not_deployed(
    folder: Path, account: FakeAccount, capsys: pytest.CaptureFixture[str]
) -> None:
    account.difference = "Stack Storage\n[-] AWS::S3::Bucket Source\n::error::of another\n"

    assert run("apply", folder) == 2

    message = capsys.readouterr().err
    assert "the account has changed since this change was planned" in message
    assert "  | -[+] AWS::S3::Bucket Source\n  | +[-] AWS::S3::Bucket Source\n" in message
    assert not [line for line in message.splitlines() if line.lstrip().startswith("::")]
    assert account.deployed == []


def test_a_long_list_of_what_has_changed_is_cut_with_a_count(
    folder: Path, account: FakeAccount, capsys: pytest.CaptureFixture[str]
) -> None:
    account.difference = "".join(f"[+] AWS::S3::Bucket B{number}\n" for number in range(200))

    assert run("apply", folder) == 2

    message = capsys.readouterr().err
    assert message.count("AWS::S3::Bucket") < command.SHOWN_LINES
    assert "more lines" in message


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("CONFIG=prod", "approved was the configuration 'dev', and this run is of 'prod'"),
        ("GITHUB_SHA=fedc", "approved was the commit '0123abc', and this run is of 'fedc'"),
        ("GITHUB_REF=refs/heads/other", "only the default branch 'main' is deployed"),
        ("DIGEST=", "the approved one is ''; nothing is deployed"),
    ],
)
def test_a_run_that_is_not_the_approved_one_deploys_nothing(
    folder: Path,
    account: FakeAccount,
    capsys: pytest.CaptureFixture[str],
    given: str,
    expected: str,
) -> None:
    variable, _, value = given.partition("=")
    with pytest.MonkeyPatch.context() as variables:
        variables.setenv(variable, value)
        assert run("apply", folder) == 2

    assert expected in capsys.readouterr().err
    assert account.deployed == []


def test_another_account_than_the_one_compared_with_gets_nothing(
    folder: Path, account: FakeAccount, capsys: pytest.CaptureFixture[str]
) -> None:
    account.number = "999999999999"

    assert run("apply", folder) == 2

    assert "approved was the account '123456789012'" in capsys.readouterr().err
    assert account.deployed == []


def plan_of(difference: str) -> Plan:
    return Plan(
        config="dev", commit="0", account=ACCOUNT, region="us-east-1", difference=difference
    )


def test_a_difference_cannot_end_its_own_block() -> None:
    summary = plan_summary(plan_of("```\n# Approve this\n````\n"), digest="0")

    assert "\n`````diff\n" in summary
    assert summary.rstrip().endswith("\n`````")


def test_a_difference_that_is_too_long_is_cut_and_says_so() -> None:
    summary = plan_summary(plan_of("ü" * LONGEST), digest="0")

    assert LONGEST < len(summary.encode()) < LONGEST + 1000
    assert "Cut here: the whole is in `plan.json`" in summary
