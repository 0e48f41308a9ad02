"""iam:PassRole says to which service a role may be passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.iam.marks import passes_any_role
from review.rules.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in subject.statements:
        if one.kind == "identity" and one.effect == "Allow" and passes_any_role(one):
            what = "may pass " + ", ".join(one.resources or ("?",)) + " to any service"
            yield rule.at(one.carrier, what, place=one.place)


RULE = Rule(
    id="pass-role-condition",
    severity="error",
    title="iam:PassRole is limited by iam:PassedToService",
    fix="Add a condition StringEquals iam:PassedToService with the service that needs the role.",
    check=_check,
)
