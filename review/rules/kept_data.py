"""Every resource that holds data says what happens to it, on deletion and on replacement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.rules.rule import Rule, Subject
from review.sections.data import is_stateful

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding

_POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for resource in subject.assembly.resources():
        if not is_stateful(resource.type, light=False):
            continue
        missing = [one for one in _POLICIES if one not in resource.body]
        if missing:
            yield rule.at(resource, "does not say its " + " and ".join(missing), place=missing[0])
        elif resource.body[_POLICIES[0]] == "Retain" and resource.body[_POLICIES[1]] == "Delete":
            what = "is kept on deletion, yet its data is lost on replacement"
            yield rule.at(resource, what, place=_POLICIES[1])


RULE = Rule(
    id="data-policies",
    severity="error",
    title="What holds data says what becomes of it",
    fix="Set DeletionPolicy and UpdateReplacePolicy (CDK: apply_removal_policy).",
    check=_check,
)
