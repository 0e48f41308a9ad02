"""Reads a pipeline's definition as a graph of steps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_understudy.services.sagemaker.inputs import invalid
from aws_understudy.services.sagemaker.pipelines.expressions import referenced_steps

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, kw_only=True)
class Node:
    """One step."""

    name: str
    type: str
    raw: dict[str, Any]
    needs: frozenset[str]
    """Steps that must have succeeded before this one starts."""
    branch: tuple[str, bool] | None
    """The condition step above it, and the outcome with which it runs."""


def parse(text: str) -> dict[str, Any]:
    """Read a definition.

    Raises:
        AwsError: it is no JSON object with ``Version`` and ``Steps``, or names a step twice.
    """
    try:
        definition = json.loads(text)
    except ValueError as error:
        raise invalid(f"Unable to parse pipeline definition as JSON: {error}") from error
    if not isinstance(definition, dict) or not {"Version", "Steps"} <= set(definition):
        raise invalid("A pipeline definition is a JSON object with Version, Parameters and Steps.")
    names = [node.name for node in nodes_of(definition)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise invalid(f"Step names must be unique; more than once: {', '.join(twice)}.")
    return definition


def nodes_of(definition: dict[str, Any]) -> list[Node]:
    """Every step, those in the branches of conditions included.

    Raises:
        AwsError: a step needs one that is not there, or the steps need each other in a circle.
    """
    nodes = list(_walk(definition["Steps"], branch=None))
    known = {node.name for node in nodes}
    for node in nodes:
        absent = sorted(node.needs - known)
        if absent:
            raise invalid(f"Step {node.name} needs {', '.join(absent)}, which is not defined.")
    ordered: set[str] = set()
    while len(ordered) < len(known):
        ready = {node.name for node in nodes if node.name not in ordered and node.needs <= ordered}
        if not ready:
            circle = ", ".join(sorted(known - ordered))
            raise invalid(f"The steps {circle} depend on each other in a circle.")
        ordered |= ready
    return nodes


def _walk(steps: list[dict[str, Any]], *, branch: tuple[str, bool] | None) -> Iterator[Node]:
    for raw in steps:
        name, kind = raw.get("Name", ""), raw.get("Type", "")
        arguments = dict(raw.get("Arguments", {}))
        inside = {True: arguments.pop("IfSteps", []), False: arguments.pop("ElseSteps", [])}
        if kind != "Condition" and (inside[True] or inside[False]):
            raise invalid(f"Step {name} has branches but is no Condition.")
        needs = {*referenced_steps(arguments), *raw.get("DependsOn", [])}
        if branch:
            needs.add(branch[0])
        yield Node(name=name, type=kind, raw=raw, needs=frozenset(needs), branch=branch)
        for outcome, nested in inside.items():
            yield from _walk(nested, branch=(name, outcome))


def parameter_values(
    definition: dict[str, Any], assignments: list[dict[str, str]]
) -> dict[str, str | int | float | bool]:
    """The parameters of an execution, typed: what the start call assigns, else the defaults.

    Raises:
        AwsError: one is unknown, missing, of another type, or not among the allowed values.
    """
    declared = {parameter["Name"]: parameter for parameter in definition.get("Parameters", [])}
    chosen = {item["Name"]: item["Value"] for item in assignments}
    unknown = sorted(set(chosen) - set(declared))
    if unknown:
        raise invalid(
            f"Unknown pipeline parameter(s) {', '.join(unknown)}; there are "
            f"{', '.join(declared) or 'none'}."
        )
    values = {}
    for name, parameter in declared.items():
        if name not in chosen and "DefaultValue" not in parameter:
            raise invalid(f"Pipeline parameter {name} has no default; give it a value.")
        value = _typed(name, parameter["Type"], chosen.get(name, parameter.get("DefaultValue")))
        allowed = parameter.get("EnumValues")
        if allowed and value not in allowed:
            raise invalid(f"Parameter {name} is {value!r}; allowed are {allowed}.")
        values[name] = value
    return values


def _typed(name: str, kind: str, value: Any) -> str | int | float | bool:
    if kind == "Boolean" and str(value).lower() in {"true", "false"}:
        return str(value).lower() == "true"
    types: dict[str, type[str | int | float]] = {"String": str, "Integer": int, "Float": float}
    try:
        return types[kind](value)
    except (KeyError, ValueError, TypeError) as error:
        raise invalid(f"Parameter {name} is {value!r}, which is no {kind}.") from error
