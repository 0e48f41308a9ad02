"""JSON functions: paths and what they find."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from aws_understudy.services.athena.errors import failing
from aws_understudy.services.athena.sql.bind.runtime.json_values import dumps, loads

_STEP = re.compile(
    r"""\.(\*|[^.\[\]"]+|"(?:[^"])*")|\[(\d+|\*|-\d+|"(?:[^"\\]|\\.)*"|'(?:[^'])*')\]"""
)
_ABSENT = object()


@lru_cache(maxsize=500)
def steps(path: str) -> tuple[str | int, ...]:
    """Read a path such as ``$.store.book[0]["a b"]``.

    Raises:
        Exception: INVALID_FUNCTION_ARGUMENT, or NOT_SUPPORTED for a filter.
    """
    rest = path.strip()
    rest = rest[1:] if rest.startswith("$") else f".{rest}" if rest[:1] not in {".", "["} else rest
    value_there: list[str | int] = []
    place = 0
    while place < len(rest):
        match = _STEP.match(rest, place)
        if match is None:
            raise _wrong(path, rest[place:])
        shown = match[1] if match[1] is not None else match[2]
        if shown == "*":
            raise failing("NOT_SUPPORTED", f"The wildcard of the JSON path {path}")
        value_there.append(_step(shown, bracketed=match[2] is not None))
        place = match.end()
    return tuple(value_there)


def _step(shown: str, *, bracketed: bool) -> str | int:
    if shown[:1] in {'"', "'"}:
        return shown[1:-1].replace('\\"', '"')
    return int(shown) if bracketed else shown


def _wrong(path: str, rest: str) -> Exception:
    if rest.startswith(("..", "[?", "[(", "[*")):
        return failing("NOT_SUPPORTED", f"The JSON path {path}")
    return failing("INVALID_FUNCTION_ARGUMENT", f"Invalid JSON path: '{path}'")


def _find(text: str, path: str) -> Any:
    parts = steps(path)
    try:
        value = loads(text)
    except (ValueError, RecursionError):
        return _ABSENT
    for part in parts:
        if isinstance(value, dict) and str(part) in value:
            value = value[str(part)]
        elif isinstance(value, list) and str(part).isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _ABSENT
    return value


def extract(text: str, path: str) -> str | None:
    """Give what is at a path as JSON; NULL where nothing is."""
    value_there = _find(text, path)
    return None if value_there is _ABSENT else dumps(value_there)


def extract_scalar(text: str, path: str) -> str | None:
    """Give the text of a scalar at a path; NULL for an object, an array, or null."""
    value_there = _find(text, path)
    if value_there is _ABSENT or value_there is None or isinstance(value_there, dict | list):
        return None
    return value_there if isinstance(value_there, str) else dumps(value_there)


def size(text: str, path: str) -> int | None:
    """Count the entries of an object or array at a path; 0 of a scalar."""
    value_there = _find(text, path)
    if value_there is _ABSENT:
        return None
    return len(value_there) if isinstance(value_there, dict | list) else 0


def array_length(text: str) -> int | None:
    """Count an array's elements; NULL of what is no array."""
    value_there = _find(text, "$")
    return len(value_there) if isinstance(value_there, list) else None


def array_get(text: str, index: int) -> str | None:
    """Give an array's element; from its end where the index is negative."""
    value_there = _find(text, "$")
    if not isinstance(value_there, list) or not -len(value_there) <= index < len(value_there):
        return None
    return dumps(value_there[index])


def array_contains(text: str, value: Any) -> bool | None:
    """Whether an array of JSON holds a scalar."""
    value_there = _find(text, "$")
    if not isinstance(value_there, list):
        return None
    same = [v for v in value_there if isinstance(v, bool) == isinstance(value, bool)]
    return any(v == value and isinstance(v, str) == isinstance(value, str) for v in same)


def parse(text: str) -> str:
    """Check and write again: without spaces, keys in order.

    Raises:
        Exception: INVALID_FUNCTION_ARGUMENT.
    """
    try:
        return dumps(loads(text), sort=True)
    except (ValueError, RecursionError) as error:
        message = f"Cannot convert value to JSON: '{text}'"
        raise failing("INVALID_FUNCTION_ARGUMENT", message) from error


def is_scalar(text: str) -> bool:
    """Whether it is a number, a text, a boolean or null."""
    return not isinstance(json.loads(text), dict | list)
