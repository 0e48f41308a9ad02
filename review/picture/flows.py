"""Find who reads, writes, starts or uses what: the arrows of the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from review.iam.actions import level
from review.intrinsics import as_list, text, walk
from review.picture.families import LISTENS, SURROUNDINGS, TRIGGERS
from review.picture.visible import actors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from review.iam.statements import Statement
    from review.model import Assembly, Resource
    from review.references import References

_NAMES = ("Name", "BucketName", "TableName", "DatabaseName", "FunctionName", "PipelineName")
_SHORT = 3  # a name of fewer letters matches by accident


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
    found = set(_grants(references, statements, shown))
    linked = {frozenset((flow.source, flow.target)) for flow in found}
    for flow in _uses(assembly, references, shown):
        if flow.kind == "starts" or frozenset((flow.source, flow.target)) not in linked:
            found.add(flow)
    return sorted(flow for flow in found if flow.source != flow.target)


def _grants(
    references: References,
    statements: Sequence[Statement],
    shown: dict[str, Resource],
) -> Iterator[Flow]:
    acting = actors(shown, references)
    named = _named(shown)
    for one in statements:
        if one.kind != "identity" or one.effect != "Allow":
            continue
        levels = {level(action) for action in one.actions}
        holder = [shown[one.holder]] if one.holder in shown else []
        for actor in acting.get(one.holder, holder):
            for target in _targets(one, references, named):
                if target.key not in shown or target.type in SURROUNDINGS:
                    continue
                if "read" in levels or "all" in levels:
                    yield Flow(target.key, actor.key, "reads")
                if levels - {"read"}:
                    yield Flow(actor.key, target.key, "writes")


def _targets(
    statement: Statement, references: References, named: dict[str, list[Resource]]
) -> list[Resource]:
    raw = statement.raw.get("Resource")
    found = {one.key: one for one in references.of(raw, statement.carrier.stack)}
    for arn in as_list(raw):
        written = text(arn)
        service = written.split(":")[2:3]
        for part in written.replace(":", "/").split("/"):
            for one in named.get(part.rstrip("*"), []):
                if one.type.lower().split("::")[1:2] == service:
                    found.setdefault(one.key, one)
    return list(found.values())


def _named(shown: dict[str, Resource]) -> dict[str, list[Resource]]:
    named: dict[str, list[Resource]] = {}
    for resource in shown.values():
        for name in {*_own_names(resource)}:
            named.setdefault(name, []).append(resource)
    return named


def _own_names(resource: Resource) -> Iterator[str]:
    values: list[Any] = [resource.properties.get(name) for name in _NAMES[:1]]
    values += [resource.properties.get(name) for name in _NAMES[1:] if _is_own(resource, name)]
    inner = resource.properties.get("DatabaseInput")
    values.append(inner.get("Name") if isinstance(inner, dict) else None)
    for value in values:
        if isinstance(value, str) and len(value) > _SHORT:
            yield value


def _is_own(resource: Resource, name: str) -> bool:
    return resource.type.rpartition("::")[2].endswith(name.removesuffix("Name"))


def _uses(assembly: Assembly, references: References, shown: dict[str, Resource]) -> Iterator[Flow]:
    named = _named(shown)
    for resource in assembly.resources():
        if resource.type == "AWS::Lambda::EventSourceMapping":
            yield from _mapping(resource, references, shown)
        if resource.key not in shown:
            continue
        started = _refer(resource, TRIGGERS.get(resource.type, ()), references)
        heard = _refer(resource, (LISTENS.get(resource.type, ""),), references)
        targets = references.of(resource.properties, resource.stack)
        targets += _by_name(resource, named)
        for target in targets:
            if target.key not in shown or target.type in SURROUNDINGS:
                continue
            if target.key in heard:
                yield Flow(target.key, resource.key, "starts")
            else:
                yield Flow(resource.key, target.key, "starts" if target.key in started else "uses")


def _refer(resource: Resource, names: tuple[str, ...], references: References) -> set[str]:
    values = [resource.properties.get(name) for name in names]
    return {one.key for one in references.of(values, resource.stack)}


def _mapping(
    mapping: Resource, references: References, shown: dict[str, Resource]
) -> Iterator[Flow]:
    source = references.first(mapping.properties.get("EventSourceArn"), mapping.stack)
    target = references.first(mapping.properties.get("FunctionName"), mapping.stack)
    if source and target and source.key in shown and target.key in shown:
        yield Flow(source.key, target.key, "starts")


def _by_name(resource: Resource, named: dict[str, list[Resource]]) -> list[Resource]:
    """Return resources this one names in plain text, as a crawler does with its database."""
    found: list[Resource] = []
    for place, value in walk(resource.properties):
        last = place.rpartition("/")[2]
        if isinstance(value, str) and value in named and last not in {"Key", "Value"}:
            kind = last.removesuffix("Name").replace(" ", "")
            found += [
                one
                for one in named[value]
                if one.key != resource.key and kind and one.type.endswith(kind)
            ]
    return found
