"""Stacks: none is left in a state from which it cannot be deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doctor.finding import good, stop, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from doctor.finding import Finding
    from preflight.account import Account

DEPLOYABLE: Final = (
    "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS",
)  # fmt: skip
MADE_ANEW: Final = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED")
"""The CDK CLI deletes a stack whose creation failed, and creates it again."""
REMEDIES: Final = {
    "DELETE_FAILED": "see in the console which resource would not go, then `make destroy` again",
    "UPDATE_ROLLBACK_FAILED": "`cdk rollback` of this stack, or continue it in the console",
    "UPDATE_FAILED": "`cdk rollback` of this stack",
}


def stacks(account: Account, settings: Settings) -> Iterator[Finding]:
    """Each stack that is not ready to be deployed; one line if all are."""
    deployed = account.deployed(settings.name).stacks
    unready = {name: status for name, status in deployed.items() if status not in DEPLOYABLE}
    if not unready:
        count = len(deployed)
        yield good("stacks", f"{count} deployed, all can be updated" if count else "none so far")
    for name, status in sorted(unready.items()):
        yield _unready(name, status)


def _unready(name: str, status: str) -> Finding:
    seen = f"{name} is {status}"
    if status in MADE_ANEW:
        return warning(
            "stacks",
            f"{seen}: its creation failed; the CDK will delete it and create it anew",
            "read its events first if you want to know why it failed; a stack that is protected "
            "from termination has to be unprotected",
        )
    if status.endswith("_IN_PROGRESS"):
        return stop("stacks", seen, "wait until whoever changes it is done")
    return stop("stacks", seen, REMEDIES.get(status, "see its events in the console"))
