"""CAST: from each type to each, with Trino's errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_understudy.services.athena import zones
from aws_understudy.services.athena.errors import failing
from aws_understudy.services.athena.sql.bind import zone_sql
from aws_understudy.services.athena.sql.bind.core import Bound, Context, text
from aws_understudy.services.athena.sql.bind.runtime import json_values, numbers
from aws_understudy.services.athena.trino_types import (
    FLOATS,
    INTEGERS,
    INTERVAL_DAY,
    INTERVAL_YEAR,
    NUMBERS,
    TIMESTAMP_TZ,
    VARCHAR,
    Type,
    quoted,
    timestamp,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MICROS = 6
_WHOLE = r"[+-]?[0-9]+"
_NUMBER = r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[dDfF]?\s*"
_DECIMAL = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_DATE = r"\s*[+-]?[0-9]{1,6}-[0-9]{1,2}-[0-9]{1,2}\s*"
_TIME = r"[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]+)?)?"
_TIMESTAMP = rf"\s*[0-9]{{4,}}-[0-9]{{1,2}}-[0-9]{{1,2}}( ({_TIME})?)?\s*"


def cast(value: Bound, target: Type, context: Context) -> Bound | None:
    """Cast; None where Trino has no such cast."""
    if value.type == target:
        return value
    if value.type.name == "unknown":
        return Bound(f"CAST(NULL AS {target.duck})", target)
    if target.name == "json" or value.type.name == "json":
        return _json(value, target, context)
    if value.type.parts or target.parts:
        return _nested(value, target, context)
    for kinds, names, make in _CASTS:
        if value.type.name in kinds and target.name in names:
            return Bound(make(value, target, context), target)
    return None


def coerce(value: Bound, target: Type, context: Context) -> Bound:
    """Bring a value to a type to which it goes without being asked."""
    wider = value.type.name == target.name == "varchar"
    if value.type == target or wider:
        return Bound(value.sql, target, value.constant)
    made = cast(value, target, context)
    return made or value


def _native(value: Bound, target: Type, _: Context) -> str:
    return f"CAST({value.sql} AS {target.duck})"


def _rounded(value: Bound, target: Type, _: Context) -> str:
    return f"CAST(round({value.sql}) AS {target.duck})"


def _checked(pattern: str) -> Callable[[Bound, Type, Context], str]:
    """Cast a text of the form; another fails, as a text that no cast takes."""

    def make(value: Bound, target: Type, _: Context) -> str:
        held = _stripped(value)
        return f"CAST({_guard(held, pattern)} AS {target.duck})"

    return make


def _guard(sql: str, pattern: str) -> str:
    return f"CASE WHEN regexp_full_match({sql}, {text(pattern)}) THEN {sql} ELSE '~' || {sql} END"


def _stripped(value: Bound) -> str:
    return f"rtrim({value.sql}, ' ')" if value.type.name == "char" else value.sql


def _floating(value: Bound, target: Type, _: Context) -> str:
    held = _stripped(value)
    special = f"trim({held}) IN ('NaN', 'Infinity', '-Infinity', '+Infinity')"
    digits = f"regexp_replace(trim({held}), '[dDfF]$', '')"
    guarded = (
        f"CASE WHEN {special} THEN trim({held}) WHEN regexp_full_match({held}, {text(_NUMBER)}) "
        f"THEN {digits} ELSE '~' || {held} END"
    )
    return f"CAST({guarded} AS {target.duck})"


def _truth(value: Bound, _: Type, __: Context) -> str:
    lowered = f"lower({_stripped(value)})"
    known = f"{lowered} IN ('t', 'true', '1', 'f', 'false', '0')"
    return f"CAST(CASE WHEN {known} THEN {lowered} ELSE '~' || {lowered} END AS BOOLEAN)"


def _to_text(value: Bound, target: Type, context: Context) -> str:
    made = _written(value, context)
    if not target.sizes:
        return made
    length = target.sizes[0]
    if target.name == "char":
        return f"rpad({made}, {length}, ' ')"
    if value.type.name in {"varchar", "char"}:
        return f"left({made}, {length})"
    shortened = context.helper(_fitting(length), [VARCHAR], VARCHAR)
    return f"{shortened}({made})"


def _fitting(length: int) -> Callable[[str], str]:
    def fit(value: str) -> str:
        if len(value) > length:
            raise failing(
                "INVALID_CAST_ARGUMENT",
                f"Value {value} cannot be represented as varchar({length})",
            )
        return value

    return fit


def _written(value: Bound, context: Context) -> str:
    kind = value.type
    if kind.name in {"varchar", "char"}:
        return value.sql
    if kind.name in _HELPERS:
        return f"{context.helper(_HELPERS[kind.name], [kind], VARCHAR)}({value.sql})"
    if kind.name in {"timestamp", "time"}:
        return _moment_text(value.sql, kind)
    if kind.name == TIMESTAMP_TZ:
        local = zone_sql.local(value, context)
        return f"({_moment_text(local, timestamp(kind.sizes[0]))} || ' ' || ({value.sql}).z)"
    if kind.name == "decimal" and kind.sizes[0] == kind.sizes[1]:
        # The engine leaves out the zero before the point of such a type.
        whole = f"CAST(abs({value.sql}) AS VARCHAR)"
        sign = f"CASE WHEN {value.sql} < 0 THEN '-0' ELSE '0' END"
        return f"({sign} || ltrim({whole}, '0'))"
    return f"CAST({value.sql} AS VARCHAR)"


_HELPERS: dict[str, Callable[..., str]] = {
    "double": numbers.double_as_varchar,
    "real": numbers.real_as_varchar,
    INTERVAL_DAY: zones.days_text,
    INTERVAL_YEAR: zones.months_text,
}


def _moment_text(sql: str, kind: Type) -> str:
    precision = kind.sizes[0]
    pattern = "%H:%M:%S" if kind.name == "time" else "%Y-%m-%d %H:%M:%S"
    held = f"(DATE '1970-01-01' + {sql})" if kind.name == "time" else sql
    if not precision:
        return f"strftime({held}, '{pattern}')"
    whole = f"strftime({held}, '{pattern}.%f')"
    return whole if precision >= _MICROS else f"left({whole}, -{_MICROS - precision})"


def _to_precision(sql: str, precision: int) -> str:
    if precision >= _MICROS:
        return sql
    unit = 10 ** (6 - precision)
    return f"make_timestamp((epoch_us({sql}) + {unit // 2}) // {unit} * {unit})"


def _timestamp(value: Bound, target: Type, context: Context) -> str:
    if value.type.name == TIMESTAMP_TZ:
        held = zone_sql.local(value, context)
    elif value.type.name in {"varchar", "char"}:
        held = f"CAST({_guard(_stripped(value), _TIMESTAMP)} AS TIMESTAMP)"
    else:
        held = f"CAST({value.sql} AS TIMESTAMP)"
    narrower = value.type.sizes > target.sizes or value.type.name in {"varchar", "char"}
    return _to_precision(held, target.sizes[0]) if narrower else held


def _zoned(value: Bound, target: Type, context: Context) -> str:
    if value.type.name in {"varchar", "char"}:
        return f"{context.helper(zones.parse_zoned, [VARCHAR], target)}({value.sql})"
    if value.type.name == TIMESTAMP_TZ:
        narrower = value.type.sizes > target.sizes
        if not narrower:
            return value.sql
        moment = _to_precision(f"({value.sql}).t", target.sizes[0])
        return zone_sql.zoned(moment, f"({value.sql}).z")
    moment = _timestamp(value, timestamp(target.sizes[0]), context)
    return zone_sql.zoned(moment, "'UTC'")


def _date(value: Bound, target: Type, context: Context) -> str:
    if value.type.name == TIMESTAMP_TZ:
        return f"CAST({zone_sql.local(value, context)} AS DATE)"
    return _native(value, target, context)


_TEXTS = ("varchar", "char")
_PLAIN = ("boolean", *NUMBERS)
_WRITTEN = (*_PLAIN, *_TEXTS, "date", "time", "timestamp", TIMESTAMP_TZ, "uuid")
_CASTS: list[tuple[tuple[str, ...], tuple[str, ...], Callable[[Bound, Type, Context], str]]] = [
    (FLOATS, INTEGERS, _rounded),
    (_PLAIN, _PLAIN, _native),
    (_TEXTS, INTEGERS, _checked(_WHOLE)),
    (_TEXTS, FLOATS, _floating),
    (_TEXTS, ("decimal",), _checked(_DECIMAL)),
    (_TEXTS, ("boolean",), _truth),
    (_TEXTS, ("date",), _checked(_DATE)),
    (_TEXTS, ("time",), _checked(rf"\s*{_TIME}\s*")),
    ((*_TEXTS, "date", "timestamp", TIMESTAMP_TZ), ("timestamp",), _timestamp),
    ((*_TEXTS, "date", "timestamp", TIMESTAMP_TZ), (TIMESTAMP_TZ,), _zoned),
    (("timestamp", TIMESTAMP_TZ), ("date",), _date),
    (("timestamp", "time"), ("time",), _native),
    ((*_WRITTEN, INTERVAL_DAY, INTERVAL_YEAR), _TEXTS, _to_text),
    (_TEXTS, ("uuid",), _native),
]


def _json(value: Bound, target: Type, context: Context) -> Bound | None:
    """Cast to or from JSON, by the types' own rules."""
    if target.name == "json":
        if not json_values.writable(value.type):
            return None
        write = json_values.writer(value.type)
        name = context.helper(write, [value.type], target, nulls=True)
        whole = f"{name}({value.sql})"
        return Bound(f"CASE WHEN {value.sql} IS NOT NULL THEN {whole} END", target)
    if not json_values.readable(target):
        return None
    name = context.helper(json_values.reader(target), [value.type], target, nulls=True)
    return Bound(f"{name}({value.sql})", target)


def _nested(value: Bound, target: Type, context: Context) -> Bound | None:
    if value.type.name != target.name or len(value.type.parts) != len(target.parts):
        return None
    make = {"array": _array, "map": _map, "row": _row}[target.name]
    sql = make(value, target, context)
    return None if sql is None else Bound(sql, target)


def _array(value: Bound, target: Type, context: Context) -> str | None:
    name = context.fresh("v")
    element = cast(Bound(name, value.type.parts[0]), target.parts[0], context)
    if element is None:
        return None
    made = f"list_transform({value.sql}, LAMBDA {name} : {element.sql})"
    return value.sql if element.sql == name else made


def _map(value: Bound, target: Type, context: Context) -> str | None:
    parts = []
    for at, part in enumerate(("map_keys", "map_values")):
        held = Bound(f"{part}({value.sql})", Type("array", parts=(value.type.parts[at],)))
        made = _array(held, Type("array", parts=(target.parts[at],)), context)
        if made is None:
            return None
        parts.append(made)
    return f"CASE WHEN {value.sql} IS NOT NULL THEN MAP({parts[0]}, {parts[1]}) END"


def _row(value: Bound, target: Type, context: Context) -> str | None:
    fields = []
    for at, (name, part) in enumerate(zip(target.field_names, target.parts, strict=True)):
        held = Bound(f"struct_extract_at({value.sql}, {at + 1})", value.type.parts[at])
        made = cast(held, part, context)
        if made is None:
            return None
        fields.append(f"{quoted(name)} := {made.sql}")
    return f"CASE WHEN {value.sql} IS NOT NULL THEN struct_pack({', '.join(fields)}) END"
