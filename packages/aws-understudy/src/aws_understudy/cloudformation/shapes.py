"""Turns a template's properties into the parameters that an AWS operation takes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRUE, _FALSE = "true", "false"


class ShapeError(ValueError):
    """A property that the operation does not know, or a value that does not fit it."""


def to_parameters(
    properties: Mapping[str, Any], shape: Any, *, type_name: str, skip_unknown: bool = False
) -> dict[str, Any]:
    """Fit the properties of a resource into an operation's input shape.

    Templates and APIs differ in the case of names (``InstanceType``, ``instanceType``), in tags
    (list of pairs, map) and in scalars (templates may say ``"true"`` and ``"60"``).

    Raises:
        ShapeError: a property has no place in the shape. It is never dropped silently, unless
            ``skip_unknown`` says that the caller treats the rest itself.
    """
    by_lower_name = {name.lower(): name for name in shape.members}
    parameters = {}
    for name, value in properties.items():
        member = by_lower_name.get(name.lower())
        if member is None:
            if skip_unknown:
                continue
            known = ", ".join(sorted(shape.members))
            raise ShapeError(
                f"{type_name}: the emulator has no place for the property {name} in "
                f"{shape.name}, which takes {known}"
            )
        parameters[member] = _fit(value, shape.members[member], f"{type_name}.{name}")
    return parameters


def _fit(value: Any, shape: Any, path: str) -> Any:
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            raise ShapeError(f"{path} is {value!r}; an object is needed")
        return to_parameters(value, shape, type_name=path)
    if kind == "list":
        items = value if isinstance(value, list) else [value]
        return [_fit(item, shape.member, f"{path}[{i}]") for i, item in enumerate(items)]
    if kind == "map":
        return _fit_map(value, shape, path)
    return _fit_scalar(value, kind, path)


def _fit_map(value: Any, shape: Any, path: str) -> dict[str, Any]:
    if isinstance(value, list):  # a template's list of Key and Value, as tags are
        value = {pair["Key"]: pair["Value"] for pair in value}
    return {key: _fit(item, shape.value, f"{path}.{key}") for key, item in value.items()}


def _fit_scalar(value: Any, kind: str, path: str) -> Any:
    try:
        if kind in {"integer", "long"}:
            return int(value)
        if kind in {"float", "double"}:
            return float(value)
        if kind == "timestamp":
            return datetime.fromtimestamp(int(value), UTC) if str(value).isdecimal() else value
    except ValueError as error:
        raise ShapeError(f"{path} is {value!r}; a {kind} is needed") from error
    if kind == "boolean":
        return _fit_boolean(value, path)
    if kind == "blob":
        return value.encode() if isinstance(value, str) else value
    return _fit_text(value)


def _fit_boolean(value: Any, path: str) -> bool:
    text = str(value).lower()
    if text not in {_TRUE, _FALSE}:
        raise ShapeError(f"{path} is {value!r}; true or false is needed")
    return text == _TRUE


def _fit_text(value: Any) -> str:
    if isinstance(value, bool):
        return _TRUE if value else _FALSE
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value)
