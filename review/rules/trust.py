"""Roles that trust an AWS service say for whose resources (the confused deputy)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.iam.marks import lacks_source
from review.rules.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in subject.statements:
        if one.kind == "trust" and one.effect == "Allow" and lacks_source(one):
            who = ", ".join(one.principals)
            yield rule.at(one.carrier, f"trusts {who} with no source condition", place=one.place)


RULE = Rule(
    id="trust-has-source",
    severity="error",
    title="A role that trusts a service says for which account or resource",
    fix="Add a condition on aws:SourceAccount (and aws:SourceArn where the service sends it).",
    check=_check,
)
