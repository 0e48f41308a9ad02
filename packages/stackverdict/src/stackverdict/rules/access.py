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
    for statement in subject.statements:
        if (
            statement.kind != "identity"
            or statement.effect != "Allow"
            or statement.excepted
            or has_condition(statement)
        ):
            continue
        ways = [action for action in ESCALATING if covers(statement.actions, action)]
        if ways:
            more = f" and {len(ways) - 1} more ways" if len(ways) > 1 else ""
            yield rule.at(
                statement.carrier, f"can raise rights by {ways[0]}{more}", place=statement.place
            )


ESCALATION = Rule(
    id="no-escalation",
    severity="error",
    title="No role can change IAM so that it may do more",
    fix="Take the IAM action away, or bind it by a condition such as iam:PermissionsBoundary.",
    check=_escalation,
)


def _pass_role(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for statement in subject.statements:
        if (
            statement.kind == "identity"
            and statement.effect == "Allow"
            and passes_any_role(statement)
        ):
            what = "may pass " + ", ".join(statement.resources or ("?",)) + " to any service"
            yield rule.at(statement.carrier, what, place=statement.place)


PASS_ROLE = Rule(
    id="pass-role-condition",
    severity="error",
    title="iam:PassRole is limited by iam:PassedToService",
    fix="Add a condition StringEquals iam:PassedToService with the service that needs the role.",
    check=_pass_role,
)


def _trust(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for statement in subject.statements:
        if statement.kind != "trust" or statement.effect != "Allow":
            continue
        who = ", ".join(statement.principals)
        if lacks_source(statement):
            yield rule.at(
                statement.carrier, f"trusts {who} with no source condition", place=statement.place
            )
        elif lacks_subject(statement):
            yield rule.at(
                statement.carrier, f"trusts everyone whom {who} knows", place=statement.place
            )


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
    for statement in subject.statements:
        wide = (
            wide_actions(statement)
            if statement.kind == "identity" and not has_condition(statement)
            else []
        )
        if wide:
            more = f" and {len(wide) - _SHOWN} more" if len(wide) > _SHOWN else ""
            actions = ", ".join(wide[:_SHOWN]) + more
            yield rule.at(
                statement.carrier, f"allows {actions} on every resource", place=statement.place
            )


WIDE_RESOURCE = Rule(
    id="no-wide-resource",
    severity="warning",
    title="No action that AWS lets be narrowed is allowed on every resource",
    fix="Name the resource, or bind the statement by a condition.",
    check=_wide_resource,
)


def _wildcard_action(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for statement in subject.statements:
        if statement.effect != "Allow" or _is_key_owner(
            statement.carrier.type, statement.principals
        ):
            continue
        wild = [action for action in statement.actions if level(action) == "all"]
        if wild:
            actions = ", ".join([*wild, *statement.excepted])
            yield rule.at(statement.carrier, f"allows {actions}", place=statement.place)
    yield from _broad_managed(subject, rule)


def _broad_managed(subject: Subject, rule: Rule) -> Iterator[Finding]:
    rows = rows_of((), subject.assembly, subject.references)
    for row in rows:
        if row.level in {"all", "permissions"}:
            what = f"is given the managed policy {row.actions[0]}"
            yield rule.at(subject.assembly.stack(row.stack).resources[row.logical_id], what)


def _is_key_owner(type_name: str, principals: tuple[str, ...]) -> bool:
    """Tell whether it is the statement by which a KMS key lets its account's IAM decide."""
    return type_name == "AWS::KMS::Key" and all(
        principal.endswith(":root") for principal in principals
    )


WILDCARD_ACTION = Rule(
    id="no-wildcard-action",
    severity="error",
    title="No policy allows every action of a service",
    fix="List the actions that are used; grant methods of CDK do.",
    check=_wildcard_action,
)
