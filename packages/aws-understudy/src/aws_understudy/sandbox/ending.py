"""How a sandboxed command ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from aws_understudy.sandbox.limits import Limits

_MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The launcher's report; all is empty where it left none."""

    peak_bytes: int = 0
    limit: str = ""
    """``memory``, ``processes`` or ``disk`` where the command was ended for it."""
    amount: int = 0
    """What it used of what is limited, in bytes or in processes and threads."""

    @classmethod
    def read(cls, report: Path) -> Ended:
        """Read the report of a launcher that has ended."""
        try:
            content = json.loads(report.read_text())
        except (OSError, json.JSONDecodeError):
            return cls()
        return cls(
            peak_bytes=content["peak_bytes"],
            limit=content["limit"],
            amount=content["amount"],
        )

    def reason(self, limits: Limits, *, folder: Path) -> str:
        """Why the command was ended, with the limit, whose it is and what it used."""
        memory, disk = limits.on_this_machine(folder)
        return {
            "": "",
            "memory": f"OutOfMemory: it used {_size(self.amount)} of memory; "
            f"{limits.whose} has {_size(memory)}.",
            "disk": f"No space left: it filled {_size(self.amount)} of its disk; "
            f"{limits.whose} has {_size(disk)}.",
            "processes": f"It ran {self.amount} processes and threads; "
            f"{limits.whose} may run {limits.processes}.",
        }[self.limit]


def _size(amount: int) -> str:
    return f"{amount / _MEBIBYTE:,.0f} MiB"
