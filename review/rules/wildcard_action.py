"""No statement allows every action, or every action of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.iam.actions import level
from review.iam.matrix import rows_of
from review.rules.rule import Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in subject.statements:
        if one.effect != "Allow" or _is_key_owner(one.carrier.type, one.principals):
            continue
        wild = [action for action in one.actions if level(action) == "all"]
        if wild:
            said = ", ".join([*wild, *one.excepted])
            yield rule.at(one.carrier, f"allows {said}", place=one.place)
    yield from _broad_managed(subject, rule)


def _broad_managed(subject: Subject, rule: Rule) -> Iterator[Finding]:
    rows = rows_of((), subject.assembly, subject.references)
    for row in rows:
        if row.level in {"all", "permissions"}:
            what = f"is given the managed policy {row.actions[0]}"
            yield rule.at(subject.assembly.stack(row.stack).resources[row.logical_id], what)


def _is_key_owner(type_name: str, principals: tuple[str, ...]) -> bool:
    """Tell whether it is the statement by which a KMS key lets its account's IAM decide."""
    return type_name == "AWS::KMS::Key" and all(one.endswith(":root") for one in principals)


RULE = Rule(
    id="no-wildcard-action",
    severity="error",
    title="No policy allows every action of a service",
    fix="List the actions that are used; grant methods of CDK do.",
    check=_check,
)
