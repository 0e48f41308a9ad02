"""The report, and its answer to the reader's question: may I approve this?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from stackverdict.sections import cost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stackverdict.changes.compare import Changes
    from stackverdict.engines.result import Result
    from stackverdict.findings import Finding
    from stackverdict.model import Assembly
    from stackverdict.picture.svg import Pictures
    from stackverdict.sections.all import Sections
    from stackverdict.subject import Subject

_BROAD = ("every action", "raise", "passes", "very broad")
_WORDS = {
    "stop": "Do not approve yet",
    "look": "Approve after a look at {count}",
    "go": "Nothing stands in the way",
}
_NAMED = 3  # names of a list that are written out


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


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that is shown.

    `findings` are of every tool, accepted ones too, the worst first; `breaches` says in words which
    threshold of the gate is broken; `changes` is None when there was no baseline.
    """

    title: str
    subject: Subject
    sections: Sections
    pictures: Pictures
    findings: list[Finding]
    engines: list[Result]
    breaches: list[str]
    changes: Changes | None = None

    @property
    def assembly(self) -> Assembly:
        """Return the stacks that were read."""
        return self.subject.assembly

    @property
    def idle_dollars(self) -> float:
        """Return the known idle cost, in dollars a month."""
        return cost.total(self.sections.cost)

    @property
    def unknown_costs(self) -> int:
        """Return how many resources have an idle cost that is not known."""
        return sum(row.basis == "unknown" for row in self.sections.cost)

    def count(self, severity: str) -> int:
        """Return the open findings of a severity."""
        return sum(finding.open and finding.severity == severity for finding in self.findings)

    @property
    def accepted(self) -> int:
        """Return how many findings somebody accepted."""
        return sum(not finding.open for finding in self.findings)

    @cached_property
    def verdict(self) -> Verdict:
        """Return the verdict: stop when the gate is broken, look when something is to be judged."""
        reasons = [*_stopping(self), *_looking(self)]
        points = sum(reason.tone == "warn" for reason in reasons)
        state = "stop" if self.breaches else "look" if points else "go"
        words = _WORDS[state].format(count="one point" if points == 1 else f"{points} points")
        return Verdict(state=state, words=words, reasons=(*reasons, *_calm(self)))


def _stopping(report: Report) -> Iterator[Reason]:
    for words in report.breaches:
        yield Reason("bad", words, "cost" if "a month" in words else "findings")
    for change in report.changes.losing if report.changes else ():
        words = f"{change.stack}/{change.name} is {change.action}: its data is lost"
        yield Reason("warn", words, "changes")


def _looking(report: Report) -> Iterator[Reason]:
    yield from _reach_and_rights(report)
    yield from _warnings(report)
    if report.unknown_costs:
        plural = "" if report.unknown_costs == 1 else "s"
        yield Reason("warn", f"{report.unknown_costs} resource{plural} of unknown cost", "cost")
    for engine in report.engines:
        absent = engine.missing or engine.skipped
        breaks = any(words.startswith(f"{engine.engine} has to run") for words in report.breaches)
        if absent and not breaks:
            yield Reason("warn", f"{engine.engine} did not run: {absent}", "findings")
    if notes := len(report.assembly.notes):
        parts = "one part" if notes == 1 else f"{notes} parts"
        yield Reason("warn", f"{parts} of the input could not be seen into", "notes")
    if report.changes and report.changes.missing:
        words = f"Resources were not compared: {report.changes.missing}"
        yield Reason("warn", words, "changes")


def _reach_and_rights(report: Report) -> Iterator[Reason]:
    reached = [row for row in report.sections.exposure if row.reach == "open"]
    if reached:
        words = "The internet reaches " + _names(f"{row.stack}/{row.name}" for row in reached)
        yield Reason("warn", words, "exposure")
    broad = [
        row
        for row in report.sections.access
        if any(words in mark for mark in row.marks for words in _BROAD)
    ]
    if broad:
        holders = _names(f"{row.stack}/{row.holder}" for row in broad)
        yield Reason("warn", f"Very broad rights: {holders}", "access")


def _warnings(report: Report) -> Iterator[Reason]:
    warnings = report.count("warning")
    if warnings:
        rules = Counter(
            finding.rule.partition("[")[0]
            for finding in report.findings
            if finding.open and finding.severity == "warning"
        )
        counts = ", ".join(f"{rule} ({count})" for rule, count in rules.most_common(_NAMED))
        plural = "" if warnings == 1 else "s"
        yield Reason("warn", f"{warnings} open warning{plural}: {counts}", "findings")


def _calm(report: Report) -> Iterator[Reason]:
    if not any(row.reach == "open" for row in report.sections.exposure):
        yield Reason("good", "Nothing answers the internet without credentials", "exposure")
    if not report.count("error"):
        yield Reason("good", "No open error in any tool", "findings")


def _names(names: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(names))
    more = f" and {len(distinct) - _NAMED} more" if len(distinct) > _NAMED else ""
    return ", ".join(distinct[:_NAMED]) + more
