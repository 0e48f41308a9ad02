"""No role can give itself more rights than it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.iam.marks import ESCALATING, covers, has_condition
from review.rules.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in subject.statements:
        if one.kind != "identity" or one.effect != "Allow" or one.excepted or has_condition(one):
            continue
        ways = [action for action in ESCALATING if covers(one.actions, action)]
        if ways:
            more = f" and {len(ways) - 1} more ways" if len(ways) > 1 else ""
            yield rule.at(one.carrier, f"can raise rights by {ways[0]}{more}", place=one.place)


RULE = Rule(
    id="no-escalation",
    severity="error",
    title="No role can change IAM so that it may do more",
    fix="Take the IAM action away, or bind it by a condition such as iam:PermissionsBoundary.",
    check=_check,
)
