"""Actions that can be limited to a resource are limited to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.iam.marks import has_condition, wide_actions
from review.rules.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding

_SHOWN = 4


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in subject.statements:
        wide = wide_actions(one) if one.kind == "identity" and not has_condition(one) else []
        if wide:
            more = f" and {len(wide) - _SHOWN} more" if len(wide) > _SHOWN else ""
            said = ", ".join(wide[:_SHOWN]) + more
            yield rule.at(one.carrier, f"allows {said} on every resource", place=one.place)


RULE = Rule(
    id="no-wide-resource",
    severity="warning",
    title="No action that AWS lets be narrowed is allowed on every resource",
    fix="Name the resource, or bind the statement by a condition.",
    check=_check,
)
