"""Accounts to check: one that the understudy plays, and one whose answers a test writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from aws_understudy import Understudy
from config import load
from preflight.account import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from config import Settings
    from doctor.finding import Finding

NUMBER = "123456789012"


def settings_of(config: str = "dev", **sections: Any) -> Settings:
    """A configuration, with keys changed: ``catalog={"database_name": "a"}``."""
    settings = load(config)
    changed = {
        name: getattr(settings, name).model_copy(update=value) if isinstance(value, dict) else value
        for name, value in sections.items()
    }
    return settings.model_copy(update=changed)


def levels(findings: Iterable[Finding]) -> Sequence[str]:
    return [finding.level for finding in findings]


@pytest.fixture(scope="session")
def understudy() -> Iterator[Understudy]:
    """One of these tests' own: what others make in the shared one would be found here."""
    with Understudy() as aws:
        yield aws


@pytest.fixture
def understudied(understudy: Understudy, monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account that the understudy plays."""
    for name, value in understudy.environment().items():
        monkeypatch.setenv(name, value)
    return Account(region=understudy.region)


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account of which nothing is known but its number and that nothing is deployed."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    account = Account(region="us-east-1")
    monkeypatch.setattr(account, "identity", lambda: (NUMBER, f"arn:aws:iam::{NUMBER}:user/ada"))
    return account


@pytest.fixture
def answers(account: Account) -> Iterator[Callable[..., Stubber]]:
    """Makes a service of the account answer what a test writes, and nothing else."""
    stubbers: list[Stubber] = []

    def stub(service: str, region: str | None = None) -> Stubber:
        stubber = Stubber(account.client(service, region))
        stubber.activate()
        stubbers.append(stubber)
        return stubber

    yield stub
    for stubber in stubbers:
        stubber.assert_no_pending_responses()
