"""JSON: its text, paths, and casts to and from Trino's types."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.errors import failing
from aws_understudy.services.athena.sql.bind.runtime.numbers import quantized, shortest_real
from aws_understudy.services.athena.trino_types import FLOATS, INTEGERS, Type
from aws_understudy.services.athena.value_text import double_text

if TYPE_CHECKING:
    from collections.abc import Callable

_BOUNDS = {"tinyint": 7, "smallint": 15, "integer": 31, "bigint": 63}
_SIMPLE = {"boolean", *INTEGERS, *FLOATS, "decimal", "varchar"}
_WRITTEN = {*_SIMPLE, "char", "date", "timestamp", "json", "unknown"}


def loads(value: str) -> Any:
    """Read a JSON text.

    Raises:
        ValueError: it is not JSON.
    """

    def refuse(word: str) -> Any:
        raise ValueError(word)

    return json.loads(value, parse_constant=refuse)


def dumps(value: Any, *, sort: bool = False) -> str:
    """Write a JSON text without spaces; numbers as Java does."""
    if isinstance(value, dict):
        items = sorted(value.items()) if sort else value.items()
        inner = ",".join(f"{_quoted(k)}:{dumps(v, sort=sort)}" for k, v in items)
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{','.join(dumps(v, sort=sort) for v in value)}]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        return double_text(value)
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def writable(kind: Type) -> bool:
    """Whether a value of the type can be cast to JSON."""
    if kind.name == "map":
        return kind.parts[0].name in _SIMPLE and writable(kind.parts[1])
    return kind.name in _WRITTEN or (bool(kind.parts) and all(writable(p) for p in kind.parts))


def readable(kind: Type) -> bool:
    """Whether JSON can be cast to the type."""
    if kind.name == "map":
        return kind.parts[0].name in _SIMPLE and readable(kind.parts[1])
    inner = bool(kind.parts) and all(readable(part) for part in kind.parts)
    return kind.name in {*_SIMPLE, "json"} or inner


def writer(kind: Type) -> Callable[[Any], str | None]:
    """Make the cast of a type to JSON."""

    def write(value: Any) -> str | None:
        return None if value is None else _json(value, kind)

    return write


def _json(value: Any, kind: Type) -> str:
    if value is None:
        return "null"
    if kind.name == "array":
        return f"[{','.join(_json(v, kind.parts[0]) for v in value)}]"
    if kind.name == "row":
        pairs = zip(kind.fields, kind.field_names, kind.parts, strict=True)
        inner = (f"{_quoted(n or '')}:{_json(value[held], t)}" for n, held, t in pairs)
        return f"{{{','.join(inner)}}}"
    if kind.name == "map":
        entries = sorted(
            (_key(k, kind.parts[0]), _json(v, kind.parts[1])) for k, v in value.items()
        )
        return f"{{{','.join(f'{_quoted(k)}:{v}' for k, v in entries)}}}"
    return _scalar(value, kind)


def _scalar(value: Any, kind: Type) -> str:
    if kind.name in _PLAIN:
        return _PLAIN[kind.name](value)
    if isinstance(value, dt.datetime):
        return _quoted(value.isoformat(sep=" ", timespec="milliseconds"))
    return str(value) if isinstance(value, int) else _quoted(str(value))


_PLAIN: dict[str, Callable[[Any], str]] = {
    "json": str,
    "boolean": lambda value: "true" if value else "false",
    "real": lambda value: double_text(float(shortest_real(value))),
    "double": lambda value: '"NaN"' if math.isnan(value) else double_text(value),
    "decimal": lambda value: f"{value:f}",
}


def _key(value: Any, kind: Type) -> str:
    held = _scalar(value, kind)
    return json.loads(held) if held.startswith('"') else held


def reader(kind: Type) -> Callable[[str | None], Any]:
    """Make the cast of JSON to a type."""

    def read(value: str | None) -> Any:
        if value is None:
            return None
        return _value(json.loads(value, parse_float=Decimal), kind, value)

    return read


def _wrong(value: Any, kind: Type) -> Exception:
    return failing("INVALID_CAST_ARGUMENT", f"Cannot cast '{value}' to {kind}")


def _value(held: Any, kind: Type, whole: str) -> Any:
    if kind.name == "json":
        return dumps(_as_double(held), sort=False)
    if held is None:
        return None
    if kind.name == "array" and isinstance(held, list):
        return [_value(v, kind.parts[0], whole) for v in held]
    if kind.name == "map" and isinstance(held, dict):
        key, part = kind.parts
        return {_value(k, key, whole): _value(v, part, whole) for k, v in held.items()}
    if kind.name == "row":
        return _row(held, kind, whole)
    if isinstance(held, list | dict) or kind.parts:
        raise _wrong(whole, kind)
    return _of_scalar(held, kind, whole)


def _as_double(held: Any) -> Any:
    if isinstance(held, Decimal):
        return float(held)
    if isinstance(held, dict):
        return {k: _as_double(v) for k, v in held.items()}
    return [_as_double(v) for v in held] if isinstance(held, list) else held


def _row(held: Any, kind: Type, whole: str) -> Any:
    names = kind.field_names
    if isinstance(held, list) and len(held) == len(names):
        pairs = zip(names, held, kind.parts, strict=True)
        return {name: _value(v, part, whole) for name, v, part in pairs}
    if not isinstance(held, dict):
        raise _wrong(whole, kind)
    lower = {key.lower(): v for key, v in held.items()}
    pairs = zip(names, names, kind.parts, strict=True)
    return {name: _value(lower.get(key.lower()), part, whole) for name, key, part in pairs}


def _of_scalar(held: Any, kind: Type, whole: str) -> Any:
    try:
        return _READ[kind.name if kind.name not in INTEGERS else "integer"](held, kind)
    except (ValueError, ArithmeticError, KeyError) as error:
        if "\x01" in str(error):
            raise
        raise _wrong(whole, kind) from error


def _integer(held: Any, kind: Type) -> int:
    number = int(held) if isinstance(held, bool) else held
    if isinstance(number, str) and not re.fullmatch(r"[+-]?\d+", number):
        raise ValueError(number)
    whole = int(quantized(Decimal(number), precision=30, scale=0))
    limit = 1 << _BOUNDS[kind.name]
    if not -limit <= whole < limit:
        raise ValueError(number)
    return whole


def _boolean(held: Any, _: Type) -> bool:
    if isinstance(held, str):
        return {"true": True, "false": False}[held.lower()]
    return bool(held)


def _float(held: Any, _: Type) -> float:
    return float(held)


def _decimal(held: Any, kind: Type) -> Decimal:
    number = Decimal(int(held)) if isinstance(held, bool) else Decimal(str(held))
    return quantized(number, precision=kind.sizes[0], scale=kind.sizes[1])


def _text(held: Any, kind: Type) -> str:
    shown = held if isinstance(held, str) else dumps(_as_double(held))
    if kind.sizes and len(shown) > kind.sizes[0]:
        raise ValueError(shown)
    return shown


_READ: dict[str, Any] = {
    "integer": _integer,
    "boolean": _boolean,
    "real": _float,
    "double": _float,
    "decimal": _decimal,
    "varchar": _text,
}
