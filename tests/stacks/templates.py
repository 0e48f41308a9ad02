"""Reads an assembly's templates; a reader that finds nothing refuses, or its test would be idle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Resource = dict[str, Any]
Statement = dict[str, Any]


def resources(assembly: Path, *types: str) -> list[tuple[str, Resource]]:
    """Each resource of one of the types, or of any, under its template's and its logical id."""
    chosen = [
        (f"{path.name}:{id_}", resource)
        for path in sorted(assembly.glob("*.template.json"))
        for id_, resource in json.loads(path.read_text(encoding="utf-8"))["Resources"].items()
        if not types or resource["Type"] in types
    ]
    assert chosen, f"{assembly} has no resource of {types or 'any type'}"
    return chosen


def statements(assembly: Path) -> list[tuple[str, Statement]]:
    """Every policy statement, under its resource's id."""
    chosen = [
        (name, statement)
        for name, resource in resources(assembly)
        for document in _documents(resource.get("Properties", {}))
        for statement in document["Statement"]
    ]
    assert chosen, f"{assembly} has no policy"
    return chosen


def statements_of(assembly: Path, role: str) -> dict[str, Statement]:
    """The statements of the one role whose logical id begins so, by their Sid."""
    ((_, owner),) = [
        (name, resource)
        for name, resource in resources(assembly, "AWS::IAM::Role")
        if name.partition(":")[2].startswith(role)
    ]
    (policy,) = owner["Properties"]["Policies"]
    by_sid = {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}
    assert len(by_sid) == len(policy["PolicyDocument"]["Statement"])
    return by_sid


def as_list(value: Any) -> list[Any]:
    """A value that IAM lets stand alone or in a list."""
    return value if isinstance(value, list) else [value]


def actions(by_sid: dict[str, Statement], service: str) -> set[str]:
    """The actions on one service that statements allow."""
    return {
        action
        for statement in by_sid.values()
        for action in as_list(statement["Action"])
        if action.startswith(f"{service}:")
    }


def text_of(arn: Any) -> str:
    """An ARN as text; what only a deployment knows is left out."""
    if isinstance(arn, str):
        return arn
    parts = arn.get("Fn::Join", ["", []])[1]
    return "".join(part for part in parts if isinstance(part, str))


def _documents(properties: dict[str, Any]) -> list[dict[str, Any]]:
    inline = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    return [*inline, *([properties["PolicyDocument"]] if "PolicyDocument" in properties else [])]
