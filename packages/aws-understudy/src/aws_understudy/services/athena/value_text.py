"""Writes values as Athena's results do."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from aws_understudy.services.athena.trino_types import INTERVAL_DAY, INTERVAL_YEAR, TIMESTAMP_TZ
from aws_understudy.services.athena.zones import days_text, months_text, to_local

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from aws_understudy.services.athena.trino_types import Type

_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e7  # Java's Double.toString is plain between these


def column_texts(column: pa.ChunkedArray, kind: Type) -> list[str | None]:
    """Write a whole column of a type of Trino's; None stands for NULL."""
    write = _writer(kind)
    return [None if value is None else write(value) for value in _values(column)]


def _values(column: pa.ChunkedArray) -> list[Any]:
    if pa.types.is_timestamp(column.type) and column.type.unit != "us":
        column = column.cast(pa.timestamp("us"), safe=False)
    values: list[Any] = column.to_pylist()
    return values


def double_text(value: float) -> str:
    """Write a double as Java does: ``1.0``, ``1.2345678E7``, ``1.0E-5``, ``NaN``, ``Infinity``."""
    if _PLAIN_FROM <= abs(value) < _PLAIN_TO:
        return repr(value)  # Python writes these as Java does
    return _floating(value, repr(value))


def real_text(value: float) -> str:
    """Write a 32-bit float by its own shortest digits."""
    import numpy as np  # noqa: PLC0415 - only results with float columns pay for it

    return _floating(value, str(np.float32(value)))


def _floating(value: float, shortest: str) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    sign, digits, exponent = Decimal(shortest).normalize().as_tuple()
    minus = "-" if sign else ""
    text = "".join(map(str, digits))
    power = len(text) - 1 + int(exponent)
    if _PLAIN_FROM <= abs(value) < _PLAIN_TO:
        plain = f"{Decimal(shortest):f}"
        return plain if "." in plain else f"{plain}.0"
    return f"{minus}{text[0]}.{text[1:] or '0'}E{power}"


def _moment(precision: int) -> Callable[[dt.datetime], str]:
    """Write at least milliseconds, as Athena's results do."""
    digits = max(precision, 3)
    return lambda v: f"{v:%H:%M:%S}.{v.microsecond:06d}"[: 9 + digits]


def _timestamp(precision: int) -> Callable[[dt.datetime], str]:
    clock = _moment(precision)
    return lambda v: f"{v.year:04d}-{v:%m-%d} {clock(v)}"


def _zoned(precision: int) -> Callable[[dict[str, Any]], str]:
    write = _timestamp(precision)

    def zoned(value: dict[str, Any]) -> str:
        moment, zone = value["t"], value["z"]
        return f"{write(moment if zone == 'UTC' else to_local(moment, zone))} {zone}"

    return zoned


def _writer(kind: Type) -> Callable[[Any], str]:
    if kind.name in _SIMPLE:
        return _SIMPLE[kind.name]
    if kind.name in _SIZED:
        return _SIZED[kind.name](kind.sizes[0])
    if kind.name == "map":
        key, item = (_nullable(part) for part in kind.parts)
        return lambda v: _braced(f"{key(k)}={item(x)}" for k, x in v)
    if kind.name == "array":
        inner = _nullable(kind.parts[0])
        return lambda v: "[" + ", ".join(inner(x) for x in v) + "]"
    if kind.name == "row":
        held = zip(kind.fields, kind.parts, strict=True)
        fields = [(name or f"field{i}", _nullable(part)) for i, (name, part) in enumerate(held)]
        return lambda v: _braced(
            f"{n}={write(x)}" for (n, write), x in zip(fields, v.values(), strict=True)
        )
    return str


def _nullable(kind: Type) -> Callable[[Any], str]:
    write = _writer(kind)
    return lambda value: "null" if value is None else write(value)


def _braced(parts: Iterable[str]) -> str:
    return "{" + ", ".join(parts) + "}"


_SIMPLE: dict[str, Callable[[Any], str]] = {
    "boolean": lambda v: "true" if v else "false",
    "double": double_text,
    "real": real_text,
    "decimal": lambda v: f"{v:f}",
    "varbinary": lambda v: v.hex(" "),
    INTERVAL_DAY: days_text,
    INTERVAL_YEAR: months_text,
}
_SIZED: dict[str, Callable[[int], Callable[[Any], str]]] = {
    "time": _moment,
    "timestamp": _timestamp,
    TIMESTAMP_TZ: _zoned,
}
