"""Findings as lines for a person, and as an exit code."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from doctor.finding import Finding

MARKS: Final = {"good": "good   ", "warning": "WARNING", "stop": "STOP   "}
EXIT_STOP: Final = 1


def report(findings: Iterable[Finding], *, verb: str) -> int:
    """Print each finding as soon as it is there, and what they mean for a verb of make.

    Returns:
        1 if there is a stop, else 0.
    """
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.level] += 1
        print(f"  {MARKS[finding.level]}  {finding.subject}: {finding.seen}", flush=True)
        if finding.remedy:
            print(f"           -> {finding.remedy}", flush=True)
    numbers = f"stops: {counts['stop']}, warnings: {counts['warning']}, good: {counts['good']}"
    if counts["stop"]:
        print(f"{numbers}; `{verb}` would fail; put the stops right first")
        return EXIT_STOP
    print(f"{numbers}; nothing that is checked here would stop `{verb}`")
    return 0
