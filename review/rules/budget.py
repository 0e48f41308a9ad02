"""Somebody is told before the bill is large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.findings import Finding
from review.rules.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    if next(subject.assembly.resources("AWS::Budgets::Budget"), None) is None:
        yield Finding(
            rule=rule.id,
            source="review",
            severity=rule.severity,
            message="no stack has a budget",
            fix=rule.fix,
        )


RULE = Rule(
    id="budget",
    severity="warning",
    title="A budget watches what is spent",
    fix="Add an AWS::Budgets::Budget with a subscriber.",
    check=_check,
)
