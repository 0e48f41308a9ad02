"""Lay statements out as rows and as a matrix of holder and service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stackverdict.iam.actions import level, service_of, strongest
from stackverdict.iam.marks import marks
from stackverdict.intrinsics import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stackverdict.iam.statements import Statement
    from stackverdict.model import Assembly
    from stackverdict.references import References

BROAD_MANAGED = {
    "AdministratorAccess": "all",
    "IAMFullAccess": "permissions",
    "PowerUserAccess": "all",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One statement, ready to be shown."""

    kind: str
    stack: str
    holder: str
    effect: str
    services: tuple[str, ...]
    level: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[str, ...]
    condition: str
    marks: tuple[str, ...]
    carrier: str
    place: str
    line: int
    code: str
    logical_id: str


def rows_of(
    statements: Iterable[Statement], assembly: Assembly, references: References
) -> list[Row]:
    """Turn statements into rows; holders get the construct's name."""
    names = {resource.key: resource for resource in assembly.resources()}
    rows = []
    for statement in statements:
        holder = names.get(statement.holder)
        condition = references.display(_written(statement.condition), statement.carrier.stack)
        rows.append(
            Row(
                kind=statement.kind,
                stack=holder.stack if holder else statement.carrier.stack,
                holder=holder.name if holder else statement.holder,
                effect=statement.effect,
                services=tuple(dict.fromkeys(service_of(action) for action in statement.actions)),
                level=strongest({level(action) for action in statement.actions}),
                actions=(*statement.actions, *statement.excepted),
                resources=statement.resources,
                principals=statement.principals,
                condition=condition,
                marks=marks(statement),
                carrier=statement.carrier.path or statement.carrier.key,
                place=statement.place,
                line=statement.carrier.line,
                code=statement.carrier.code,
                logical_id=statement.carrier.logical_id,
            )
        )
    return rows + list(_managed(assembly, references))


def _written(condition: Any) -> Any:
    """Write a condition as `key operator value`, several joined by "and"."""
    if not isinstance(condition, dict):
        return condition
    parts = []
    for operator, keys in condition.items():
        if isinstance(keys, dict) and not any(str(key).startswith("Fn::") for key in keys):
            parts += [f"{key} {operator} {text(value)}" for key, value in keys.items()]
        else:
            parts.append(f"{operator} {text(keys)}")
    return " and ".join(parts)


def _managed(assembly: Assembly, references: References) -> Iterable[Row]:
    """Yield a row for every AWS managed policy attached: its contents are not in the template."""
    for resource in assembly.resources("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"):
        value = resource.properties.get("ManagedPolicyArns")
        for arn in value if isinstance(value, list) else []:
            shown = references.display(arn, resource.stack)
            if references.of(arn, resource.stack):
                continue  # a policy of this assembly: its statements have rows of their own
            name = shown.rpartition("/")[2]
            broad = BROAD_MANAGED.get(name) or ("all" if "FullAccess" in name else "")
            unseen = ("a managed policy: its contents are not in the template",)
            yield Row(
                kind="identity",
                stack=resource.stack,
                holder=resource.name,
                effect="Allow",
                services=("AWS-managed",),
                level=broad or "unknown",
                actions=(name,),
                resources=("as the policy says",),
                principals=(),
                condition="",
                marks=("a very broad managed policy", *unseen) if broad else unseen,
                carrier=resource.path or resource.key,
                place="ManagedPolicyArns",
                line=resource.line,
                code=resource.code,
                logical_id=resource.logical_id,
            )


def cells(rows: Iterable[Row]) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """Return, per (stack, holder), the strongest level per service that an identity is allowed."""
    levels_by_holder: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        if row.kind != "identity" or row.effect != "Allow":
            continue
        line = levels_by_holder.setdefault((row.stack, row.holder), {})
        for service in row.services:
            levels = {level(action) for action in row.actions if service_of(action) == service}
            levels |= {line[service]} if service in line else set()
            line[service] = strongest(levels or {row.level})
    return levels_by_holder
