"""Delivery: GitHub's identity provider is one per account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doctor.finding import good, stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from doctor.finding import Finding
    from preflight.account import Account

SUBJECT: Final = "delivery"
ISSUER: Final = "token.actions.githubusercontent.com"
KEY: Final = "delivery.create_provider"


def identity_provider(account: Account, settings: Settings) -> Iterator[Finding]:
    """Whether GitHub's provider is there where it is used, and absent where it is made."""
    if settings.delivery.github_repository is None:
        return
    partition = account.client("iam").meta.partition
    number, _ = account.identity()
    arn = f"arn:{partition}:iam::{number}:oidc-provider/{ISSUER}"
    providers = account.ask("iam", "list_open_id_connect_providers")["OpenIDConnectProviderList"]
    there = arn in [provider["Arn"] for provider in providers]
    ours = account.deployed(settings.name).has("AWS::IAM::OIDCProvider", arn)
    if settings.delivery.create_provider and there and not ours:
        seen = f"the account trusts {ISSUER} already, and {KEY} = true would make it again"
        yield stop(SUBJECT, seen, f"set {KEY} = false")
    elif not settings.delivery.create_provider and not there:
        seen = f"the account does not trust {ISSUER}, and {KEY} = false relies on it"
        yield stop(SUBJECT, seen, f"set {KEY} = true")
    else:
        yield good(SUBJECT, f"{ISSUER} is as {KEY} needs it")
