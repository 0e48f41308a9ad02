"""Identity: who deploys, into which account, and by which address."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from doctor.finding import good, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from doctor.finding import Finding
    from preflight.account import Account

SUBJECT: Final = "identity"


def identity(account: Account, _settings: Settings) -> Iterator[Finding]:
    """Who calls; the account's root user and a redirected address are warned of."""
    number, arn = account.identity()
    if arn.endswith(":root"):
        yield warning(
            SUBJECT,
            f"{arn}: the account's root user",
            "deploy as a user or role: nothing limits what a root key may do",
        )
    else:
        yield good(SUBJECT, f"account {number} as {arn}")
    for name in sorted(name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")):
        yield warning(
            SUBJECT,
            f"{name}={os.environ[name]}: this is not AWS itself",
            f"unset {name} to reach AWS; it is right for an emulator",
        )
