"""Answer the reader's question: may I approve this, and what do I have to look at first?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.report import Report


@dataclass(frozen=True)
class Reason:
    """One thing to look at: how bad ("bad", "warn", "good"), in words, and where it is shown."""

    tone: str
    words: str
    link: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`state` is "stop", "look" or "go"."""

    state: str
    words: str
    reasons: tuple[Reason, ...]


_BROAD = ("every action", "raise", "passes", "very broad")
_WORDS = {
    "stop": "Do not approve yet",
    "look": "Approve after a look at {count}",
    "go": "Nothing stands in the way",
}


def verdict(report: Report) -> Verdict:
    """Return the verdict: stop when the gate is broken, look when something is left to judge."""
    reasons = [*_stopping(report), *_looking(report)]
    state = "go"
    if any(one.tone == "warn" for one in reasons):
        state = "look"
    if report.breaches:
        state = "stop"
    count = sum(one.tone == "warn" for one in reasons)
    things = "one point" if count == 1 else f"{count} points"
    return Verdict(
        state=state, words=_WORDS[state].format(count=things), reasons=(*reasons, *_calm(report))
    )


def _stopping(report: Report) -> Iterator[Reason]:
    for words in report.breaches:
        yield Reason("bad", words, "cost" if "a month" in words else "findings")
    if report.changes:
        for one in report.changes.losing:
            words = f"{one.stack}/{one.name} is {one.action}: its data is lost"
            yield Reason("warn", words, "changes")


def _looking(report: Report) -> Iterator[Reason]:
    opened = [row for row in report.sections.exposure if row.reach == "open"]
    if opened:
        words = "The internet reaches " + _names(f"{row.stack}/{row.name}" for row in opened)
        yield Reason("warn", words, "exposure")
    wild = [
        row
        for row in report.sections.access
        if any(words in mark for mark in row.marks for words in _BROAD)
    ]
    if wild:
        holders = _names(f"{row.stack}/{row.holder}" for row in wild)
        yield Reason("warn", f"Very broad rights: {holders}", "access")
    warnings = report.count("warning")
    if warnings:
        rules = Counter(
            one.rule.partition("[")[0]
            for one in report.findings
            if one.open and one.severity == "warning"
        )
        said = ", ".join(f"{rule} ({count})" for rule, count in rules.most_common(3))
        plural = "" if warnings == 1 else "s"
        yield Reason("warn", f"{warnings} open warning{plural}: {said}", "findings")
    if report.unknown_costs:
        plural = "" if report.unknown_costs == 1 else "s"
        words = f"{report.unknown_costs} resource{plural} of unknown cost"
        yield Reason("warn", words, "cost")
    for one in report.engines:
        told = any(words.startswith(f"{one.engine} has to run") for words in report.breaches)
        if (one.missing or one.skipped) and not told:
            yield Reason(
                "warn", f"{one.engine} did not run: {one.missing or one.skipped}", "findings"
            )
    if notes := len(report.assembly.notes):
        parts = "one part" if notes == 1 else f"{notes} parts"
        yield Reason("warn", f"{parts} of the input could not be seen into", "notes")
    if report.changes and report.changes.missing:
        words = f"Resources were not compared: {report.changes.missing}"
        yield Reason("warn", words, "changes")


def _calm(report: Report) -> Iterator[Reason]:
    if not any(row.reach == "open" for row in report.sections.exposure):
        yield Reason("good", "Nothing answers the internet without credentials", "exposure")
    if not report.count("error"):
        yield Reason("good", "No open error in any tool", "findings")


def _names(names: Iterator[str]) -> str:
    distinct = list(dict.fromkeys(names))
    shown = ", ".join(distinct[:3])
    return shown + (f" and {len(distinct) - 3} more" if len(distinct) > 3 else "")  # noqa: PLR2004 - shown
