"""Nothing is open to the internet unless somebody accepted it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.rules.rule import Rule, Subject
from review.sections.exposure import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for row in rows_of(subject.assembly, subject.statements):
        if row.reach == "open":
            resource = subject.assembly.stack(row.stack).resources[row.logical_id]
            yield rule.at(resource, row.what)


RULE = Rule(
    id="no-public-exposure",
    severity="error",
    title="Nothing answers the internet without credentials",
    fix="Ask for credentials, limit the source, or acknowledge it with the reason.",
    check=_check,
)
