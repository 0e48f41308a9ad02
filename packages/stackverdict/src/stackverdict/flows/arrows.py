"""Choose what a picture shows, and find who reads, writes, starts or uses what: its arrows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stackverdict.flows.names import Names, in_arn, in_pattern, in_properties, named
from stackverdict.iam.actions import level
from stackverdict.intrinsics import as_list, text
from stackverdict.resource_types import LISTENS, SURROUNDINGS, TRIGGERS, is_helper, is_plumbing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stackverdict.iam.statements import Statement
    from stackverdict.model import Assembly, Resource
    from stackverdict.references import References


@dataclass(frozen=True, order=True)
class Flow:
    """An arrow from one resource's key to another's; `kind` is reads, writes, starts or uses.

    The arrow of "reads" points as the data moves: from what is read to the reader.
    """

    source: str
    target: str
    kind: str


def flows_of(
    assembly: Assembly,
    references: References,
    statements: Sequence[Statement],
    shown: dict[str, Resource],
) -> list[Flow]:
    """Return the arrows between the resources that are drawn."""
    flows = set(_grants(references, statements, shown))
    linked = {frozenset((flow.source, flow.target)) for flow in flows}
    for flow in _uses(assembly, references, shown):
        if flow.kind == "starts" or frozenset((flow.source, flow.target)) not in linked:
            flows.add(flow)
    return sorted(flow for flow in flows if flow.source != flow.target)


def _grants(
    references: References,
    statements: Sequence[Statement],
    shown: dict[str, Resource],
) -> Iterator[Flow]:
    acting = actors(shown, references)
    names = named(shown)
    for statement in statements:
        if statement.kind != "identity" or statement.effect != "Allow":
            continue
        levels = {level(action) for action in statement.actions}
        holder = [shown[statement.holder]] if statement.holder in shown else []
        for actor in acting.get(statement.holder, holder):
            for target in _targets(statement, references, names):
                if target.key not in shown or target.type in SURROUNDINGS:
                    continue
                if "read" in levels or "all" in levels:
                    yield Flow(target.key, actor.key, "reads")
                if levels - {"read"}:
                    yield Flow(actor.key, target.key, "writes")


def _targets(statement: Statement, references: References, names: Names) -> list[Resource]:
    raw = statement.raw.get("Resource")
    targets = {resource.key: resource for resource in references.of(raw, statement.carrier.stack)}
    for arn in as_list(raw):
        for resource in in_arn(text(arn), names):
            targets.setdefault(resource.key, resource)
    return list(targets.values())


def _uses(assembly: Assembly, references: References, shown: dict[str, Resource]) -> Iterator[Flow]:
    names = named(shown)
    for resource in assembly.resources():
        if resource.type == "AWS::Lambda::EventSourceMapping":
            yield from _mapping(resource, references, shown)
        if resource.key not in shown:
            continue
        started = _refer(resource, TRIGGERS.get(resource.type, ()), references)
        listens = LISTENS.get(resource.type, "")
        heard = _refer(resource, (listens,), references)
        patterns = list(in_pattern(resource.properties.get(listens), names))
        heard |= {resource.key for resource in patterns}
        targets = references.of(resource.properties, resource.stack) + patterns
        targets += in_properties(resource, names)
        for target in targets:
            if target.key not in shown or target.type in SURROUNDINGS:
                continue
            if target.key in heard:
                yield Flow(target.key, resource.key, "starts")
            else:
                yield Flow(resource.key, target.key, "starts" if target.key in started else "uses")


def _refer(resource: Resource, names: tuple[str, ...], references: References) -> set[str]:
    values = [resource.properties.get(name) for name in names]
    return {resource.key for resource in references.of(values, resource.stack)}


def _mapping(
    mapping: Resource, references: References, shown: dict[str, Resource]
) -> Iterator[Flow]:
    source = references.first(mapping.properties.get("EventSourceArn"), mapping.stack)
    target = references.first(mapping.properties.get("FunctionName"), mapping.stack)
    if source and target and source.key in shown and target.key in shown:
        yield Flow(source.key, target.key, "starts")


def visible(
    assembly: Assembly, references: References, statements: Sequence[Statement]
) -> dict[str, Resource]:
    """Return the resources to draw, by key.

    A role that no drawn resource acts with stands for somebody outside: it is drawn too.
    """
    shown = {
        resource.key: resource
        for resource in assembly.resources()
        if not is_plumbing(resource.type, resource.path)
    }
    used = actors(shown, references)
    resources = {resource.key: resource for resource in assembly.resources()}
    for statement in statements:
        holder = resources.get(statement.holder)
        acting = statement.kind == "identity" and statement.holder not in used
        if holder and acting and not is_helper(holder.path):
            shown[holder.key] = holder
    return shown


def actors(shown: dict[str, Resource], references: References) -> dict[str, list[Resource]]:
    """Return, by a role's key, the drawn resources that act with it."""
    acting_by_role: dict[str, list[Resource]] = {}
    for resource in shown.values():
        # a role in a function's environment is passed on, not acted with
        acting = {k: v for k, v in resource.properties.items() if k != "Environment"}
        for role in references.of(acting, resource.stack):
            if role.type == "AWS::IAM::Role":
                acting_by_role.setdefault(role.key, []).append(resource)
    return acting_by_role
