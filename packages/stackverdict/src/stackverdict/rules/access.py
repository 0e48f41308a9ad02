"""Rules on rights: who may do more than it needs, and whom a role trusts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackverdict.iam.actions import level
from stackverdict.iam.marks import (
    ESCALATING,
    covers,
    has_condition,
    lacks_source,
    lacks_subject,
    passes_any_role,
    wide_actions,
)
from stackverdict.iam.matrix import rows_of
from stackverdict.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackverdict.findings import Finding
    from stackverdict.subject import Subject
_SHOWN = 4


def _escalation(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in subject.statements:
        if one.kind != "identity" or one.effect != "Allow" or one.excepted or has_condition(one):
            continue
        ways = [action for action in ESCALATING if covers(one.actions, action)]
        if ways:
            more = f" and {len(ways) - 1} more ways" if len(ways) > 1 else ""
            yield rule.at(one.carrier, f"can raise rights by {ways[0]}{more}", place=one.place)


ESCALATION = Rule(
    id="no-escalation",
    severity="error",
    title="No role can change IAM so that it may do more",
    fix="Take the IAM action away, or bind it by a condition such as iam:PermissionsBoundary.",
    check=_escalation,
)


def _pass_role(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in subject.statements:
        if one.kind == "identity" and one.effect == "Allow" and passes_any_role(one):
            what = "may pass " + ", ".join(one.resources or ("?",)) + " to any service"
            yield rule.at(one.carrier, what, place=one.place)


PASS_ROLE = Rule(
    id="pass-role-condition",
    severity="error",
    title="iam:PassRole is limited by iam:PassedToService",
    fix="Add a condition StringEquals iam:PassedToService with the service that needs the role.",
    check=_pass_role,
)


def _trust(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in subject.statements:
        if one.kind != "trust" or one.effect != "Allow":
            continue
        who = ", ".join(one.principals)
        if lacks_source(one):
            yield rule.at(one.carrier, f"trusts {who} with no source condition", place=one.place)
        elif lacks_subject(one):
            yield rule.at(one.carrier, f"trusts everyone whom {who} knows", place=one.place)


TRUST = Rule(
    id="trust-has-source",
    severity="error",
    title="A role that trusts a service or an identity provider says on whose behalf",
    fix=(
        "Add a condition on aws:SourceAccount (and aws:SourceArn where the service sends it); "
        "for an identity provider, on its `sub` claim."
    ),
    check=_trust,
)


def _wide_resource(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for one in subject.statements:
        wide = wide_actions(one) if one.kind == "identity" and not has_condition(one) else []
        if wide:
            more = f" and {len(wide) - _SHOWN} more" if len(wide) > _SHOWN else ""
            said = ", ".join(wide[:_SHOWN]) + more
            yield rule.at(one.carrier, f"allows {said} on every resource", place=one.place)


WIDE_RESOURCE = Rule(
    id="no-wide-resource",
    severity="warning",
    title="No action that AWS lets be narrowed is allowed on every resource",
    fix="Name the resource, or bind the statement by a condition.",
    check=_wide_resource,
)


def _wildcard_action(subject: Subject, rule: Rule) -> Iterator[Finding]:
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


WILDCARD_ACTION = Rule(
    id="no-wildcard-action",
    severity="error",
    title="No policy allows every action of a service",
    fix="List the actions that are used; grant methods of CDK do.",
    check=_wildcard_action,
)
