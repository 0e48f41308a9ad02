"""Runs the checks: what one may not ask, or could not, is a warning of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from doctor.finding import unasked, warning
from preflight.account import DeniedError
from preflight.checks import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config import Settings
    from doctor.finding import Finding
    from preflight.account import Account
    from preflight.checks import Check


def run(
    account: Account, settings: Settings, *, checks: Sequence[Check] = CHECKS
) -> Iterator[Finding]:
    """Everything that the checks find, in their order."""
    for check in checks:
        subject = check.__name__.replace("_", " ")
        try:
            yield from check(account, settings)
        except DeniedError as error:
            yield unasked(subject, error.action)
        except (BotoCoreError, ClientError) as error:
            remedy = "try again; if it stays, look at this by hand"
            yield warning(subject, f"not checked: {error}", remedy)
