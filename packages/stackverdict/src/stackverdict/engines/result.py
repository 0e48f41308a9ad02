"""What an engine hands back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackverdict.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Result:
    """An engine's findings, and why it did not run if it did not ("" when it ran)."""

    engine: str
    findings: tuple[Finding, ...] = ()
    missing: str = ""
    skipped: str = ""
