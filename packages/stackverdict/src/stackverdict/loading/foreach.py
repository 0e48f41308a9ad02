"""Expand Fn::ForEach where its collection is written in the template (AWS::LanguageExtensions)."""

from __future__ import annotations

import json
from typing import Any

_PREFIX = "Fn::ForEach::"
_PARTS = 3  # identifier, collection, fragment


def expand(template: dict[str, Any], notes: list[str], *, stack: str) -> dict[str, Any]:
    """Return the template with its loops over resources unrolled.

    A collection is known when it is a list, or a Ref to a list parameter with a default. Loops
    inside properties are unrolled too. `notes` names what is left out as unknown.
    """
    if _PREFIX not in json.dumps(template, default=str):
        return template
    defaults = {
        name: str(parameter["Default"]).split(",")
        for name, parameter in (template.get("Parameters") or {}).items()
        if isinstance(parameter, dict) and "Default" in parameter
    }
    expanded = _expand(template, defaults, notes, stack)
    return expanded if isinstance(expanded, dict) else template


def _expand(value: Any, defaults: dict[str, list[str]], notes: list[str], where: str) -> Any:
    if isinstance(value, list):
        return [_expand(item, defaults, notes, where) for item in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(key, str) and key.startswith(_PREFIX):
            for unrolled in _loop(key, item, defaults, notes, where):
                result.update(unrolled)
        else:
            result[key] = _expand(item, defaults, notes, f"{where}/{key}")
    return result


def _loop(
    key: str, item: Any, defaults: dict[str, list[str]], notes: list[str], where: str
) -> list[dict[str, Any]]:
    if not (isinstance(item, list) and len(item) == _PARTS and isinstance(item[2], dict)):
        notes.append(f"{where}: {key} is not [identifier, collection, fragment]; left out")
        return []
    identifier, collection, fragment = item
    if isinstance(collection, dict) and collection.get("Ref") in defaults:
        collection = defaults[collection["Ref"]]
    if not isinstance(collection, list) or not all(
        isinstance(element, str) for element in collection
    ):
        notes.append(f"{where}: {key} loops over a value known only at deployment; left out")
        return []
    return [
        _expand(_put(fragment, str(identifier), element), defaults, notes, where)
        for element in collection
    ]


def _put(value: Any, identifier: str, replacement: str) -> Any:
    if isinstance(value, dict):
        if value == {"Ref": identifier}:
            return replacement
        return {
            _put(key, identifier, replacement): _put(item, identifier, replacement)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_put(item, identifier, replacement) for item in value]
    if isinstance(value, str):
        plain = "".join(letter for letter in replacement if letter.isalnum())
        value = value.replace(f"${{{identifier}}}", replacement)
        return value.replace(f"&{{{identifier}}}", plain)
    return value
