"""Read CloudFormation values: which resources they name, and how a person would write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUB = re.compile(r"\$\{([^!}][^}]*)\}")
_JOIN_PARTS = 2
_IF_PARTS = 3


def walk(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value inside `value` with its place, such as `Policies/0/PolicyDocument`."""
    waiting = [(place, value)]
    while waiting:
        where, item = waiting.pop()
        yield where, item
        if isinstance(item, dict):
            pairs = [(str(key), child) for key, child in item.items()]
        elif isinstance(item, list):
            pairs = [(str(index), child) for index, child in enumerate(item)]
        else:
            continue
        prefix = f"{where}/" if where else ""
        waiting.extend((prefix + key, child) for key, child in reversed(pairs))


def names_in(value: Any) -> Iterator[tuple[str, str]]:
    """Yield what a value refers to: ("local", logical id) or ("import", export name as text)."""
    for _, item in walk(value):
        if not isinstance(item, dict):
            continue
        yield from _named_by(item)


def _named_by(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if isinstance(item.get("Ref"), str):
        yield "local", item["Ref"]
    attribute = item.get("Fn::GetAtt")
    if isinstance(attribute, str):
        yield "local", attribute.split(".", 1)[0]
    elif isinstance(attribute, list) and attribute and isinstance(attribute[0], str):
        yield "local", attribute[0]
    substitution = item.get("Fn::Sub")
    variables: dict[str, Any] = {}
    if isinstance(substitution, list) and substitution:
        variables = substitution[1] if isinstance(substitution[-1], dict) else {}
        substitution = substitution[0]
    if isinstance(substitution, str):
        for name in _SUB.findall(substitution):
            if name not in variables:
                yield "local", name.split(".", 1)[0]
    if "Fn::ImportValue" in item:
        yield "import", text(item["Fn::ImportValue"])
    output = item.get("Fn::GetStackOutput")
    if isinstance(output, dict):
        yield "output", f"{text(output.get('StackName'))}/{text(output.get('OutputName'))}"


def text(value: Any) -> str:
    """Write a value as a person would: `${Bucket.Arn}/raw/*` for a join of an attribute."""
    if isinstance(value, list):
        return ", ".join(text(item) for item in value)
    if isinstance(value, dict):
        return _intrinsic(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _intrinsic(value: dict[str, Any]) -> str:
    if len(value) != 1:
        return "{" + ", ".join(f"{key}: {text(item)}" for key, item in value.items()) + "}"
    key, inner = next(iter(value.items()))
    if key in {"Ref", "Fn::ImportValue"}:
        return f"${{{text(inner)}}}"
    if key == "Fn::GetAtt":
        name = ".".join(text(part) for part in inner) if isinstance(inner, list) else text(inner)
        return f"${{{name}}}"
    if key == "Fn::Sub":
        return _sub(inner)
    return _combined(str(key), inner)


def _combined(key: str, inner: Any) -> str:
    if key == "Fn::Join" and isinstance(inner, list) and len(inner) == _JOIN_PARTS:
        parts = inner[1] if isinstance(inner[1], list) else [inner[1]]
        return text(inner[0]).join(text(part) for part in parts)
    if key == "Fn::If" and isinstance(inner, list) and len(inner) == _IF_PARTS:
        return f"({text(inner[1])} if {text(inner[0])} else {text(inner[2])})"
    return f"{key.removeprefix('Fn::')}({text(inner)})"


def _sub(inner: Any) -> str:
    if not isinstance(inner, list) or not inner:
        return text(inner)
    variables = inner[-1] if isinstance(inner[-1], dict) else {}
    return _SUB.sub(
        lambda match: text(variables[match[1]]) if match[1] in variables else match[0],
        text(inner[0]),
    )


def alternatives(value: Any) -> list[Any]:
    """Return every value an Fn::If may yield, without AWS::NoValue; others as themselves."""
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("Fn::If"), list):
        branches = value["Fn::If"][1:]
        return [alternative for branch in branches for alternative in alternatives(branch)]
    if value == {"Ref": "AWS::NoValue"}:
        return []
    return [value]


def as_list(value: Any) -> list[Any]:
    """Return a value that may be one or many as a list, both branches of an Fn::If included."""
    items: list[Any] = []
    for branch in alternatives(value):
        if isinstance(branch, list):
            items.extend(item for element in branch for item in as_list(element))
        elif branch is not None:
            items.append(branch)
    return items
