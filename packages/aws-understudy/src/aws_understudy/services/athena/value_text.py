"""Writes values as Athena's results do."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e7  # Java's Double.toString is plain between these
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def column_texts(column: pa.ChunkedArray) -> list[str | None]:
    """Write a whole column; None stands for NULL."""
    if pa.types.is_timestamp(column.type):
        micros = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False).cast(pa.int64())
        suffix = " UTC" if column.type.tz else ""
        return [None if m is None else _timestamp(m) + suffix for m in micros.to_pylist()]
    write = _writer(column.type)
    return [None if value is None else write(value) for value in column.to_pylist()]


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


def _timestamp(micros: int) -> str:
    moment = _EPOCH + dt.timedelta(microseconds=micros)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}"


def _writer(kind: pa.DataType) -> Callable[[Any], str]:
    simple: list[tuple[Callable[[pa.DataType], bool], Callable[[Any], str]]] = [
        (pa.types.is_boolean, lambda v: "true" if v else "false"),
        (pa.types.is_float64, double_text),
        (pa.types.is_float32, real_text),
        (pa.types.is_decimal, lambda v: f"{v:f}"),
        (pa.types.is_binary, lambda v: v.hex(" ")),
        (pa.types.is_large_binary, lambda v: v.hex(" ")),
        (pa.types.is_timestamp, lambda v: f"{v:%Y-%m-%d %H:%M:%S}.{v.microsecond // 1000:03d}"),
        (pa.types.is_time, lambda v: f"{v:%H:%M:%S}.{v.microsecond // 1000:03d}"),
        (pa.types.is_interval, _interval),
    ]
    for test, write in simple:
        if test(kind):
            return write
    if pa.types.is_map(kind):
        key, item = _nullable(kind.key_type), _nullable(kind.item_type)
        return lambda v: _braced(f"{key(k)}={item(x)}" for k, x in v)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        inner = _nullable(kind.value_type)
        return lambda v: "[" + ", ".join(inner(x) for x in v) + "]"
    if pa.types.is_struct(kind):
        fields = [(f.name, _field(f.name, i), _nullable(f.type)) for i, f in enumerate(kind)]
        return lambda v: _braced(f"{shown}={write(v[name])}" for name, shown, write in fields)
    return str


def _nullable(kind: pa.DataType) -> Callable[[Any], str]:
    write = _writer(kind)
    return lambda value: "null" if value is None else write(value)


def _field(name: str, index: int) -> str:
    """Name a row's field as Athena does; those without a name are ``_0``, ``_1`` here."""
    return f"field{index}" if name in {"", f"_{index}"} else name


def _braced(parts: Iterable[str]) -> str:
    return "{" + ", ".join(parts) + "}"


def _interval(value: Any) -> str:
    """Write ``days hours:minutes:seconds.millis``, or ``years-months`` where months are set."""
    months, days, nanos = value
    if months and not days and not nanos:
        return f"{months // 12}-{months % 12}"
    seconds, rest = divmod(nanos // 1_000_000, 1000)
    return f"{days} {seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
