"""Dates and timestamps with intervals: sums and differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena import zones
from aws_understudy.services.athena.errors import failing
from aws_understudy.services.athena.sql.bind import zone_sql
from aws_understudy.services.athena.sql.bind.core import Bound, Scope
from aws_understudy.services.athena.trino_types import (
    BIGINT,
    DATE,
    DAYS,
    DOUBLE,
    MONTHS,
    TIMESTAMP_TZ,
    VARCHAR,
    timestamp,
)

if TYPE_CHECKING:
    from aws_understudy.services.athena.trino_types import Type

_INTERVALS = (DAYS, MONTHS)
_DAY = 86_400_000


def interval_arithmetic(sign: str, left: Bound, right: Bound, scope: Scope) -> Bound | None:
    """Write a sum or difference with intervals; None where Trino has none."""
    if sign == "+" and left.type in _INTERVALS and right.type not in _INTERVALS:
        left, right = right, left
    if sign in {"+", "-"} and right.type in _INTERVALS:
        if left.type == right.type:
            return Bound(f"({left.sql} {sign} {right.sql})", left.type)
        if left.type in _INTERVALS:
            return None
        return shifted(
            left, f"({right.sql})" if sign == "+" else f"(-{right.sql})", right.type, scope
        )
    if sign == "-":
        return _difference(left, right)
    return _scaled(sign, left, right)


def _difference(left: Bound, right: Bound) -> Bound | None:
    names = {left.type.name, right.type.name}
    if names == {"date"}:
        return Bound(f"(CAST({left.sql} - {right.sql} AS BIGINT) * {_DAY})", DAYS)
    if names <= {"date", "timestamp", TIMESTAMP_TZ} and (
        TIMESTAMP_TZ not in names or len(names) == 1
    ):
        minuend, other = (_moment(v) for v in (left, right))
        return Bound(f"((epoch_us({minuend}) - epoch_us({other})) // 1000)", DAYS)
    return None


def _moment(value: Bound) -> str:
    if value.type.name == TIMESTAMP_TZ:
        return f"({value.sql}).t"
    return f"CAST({value.sql} AS TIMESTAMP)"


def _scaled(sign: str, left: Bound, right: Bound) -> Bound | None:
    if sign == "*" and right.type in _INTERVALS:
        left, right = right, left
    numeric = right.type.name in {*types.INTEGERS, "double", "real", "decimal"}
    if left.type not in _INTERVALS or not numeric or sign not in {"*", "/"}:
        return None
    if sign == "*" and right.type.name in types.INTEGERS:
        return Bound(f"({left.sql} * CAST({right.sql} AS {left.type.duck}))", left.type)
    exact = f"(CAST({left.sql} AS DOUBLE) {sign} CAST({right.sql} AS {DOUBLE.duck}))"
    return Bound(f"CAST(trunc({exact}) AS {left.type.duck})", left.type)


def _no_time_of_day(_: int) -> None:
    message = "Cannot add hour, minutes or seconds to a date"
    raise failing("INVALID_FUNCTION_ARGUMENT", message)


def shifted(value: Bound, amount: str, by: Type, scope: Scope) -> Bound | None:
    """Write a moment some milliseconds or months later; a date takes whole days."""
    kind = value.type
    if kind == DATE:
        if by == MONTHS:
            return Bound(f"CAST({value.sql} + to_months({amount}) AS DATE)", DATE)
        fail = scope.context.helper(_no_time_of_day, [BIGINT], types.INTEGER)
        days = f"CAST({amount} // {_DAY} AS INTEGER)"
        checked = f"CASE WHEN {amount} % {_DAY} = 0 THEN {days} ELSE {fail}({amount}) END"
        return Bound(f"({value.sql} + {checked})", DATE)
    if kind.name == "timestamp":
        shown = timestamp(max(kind.sizes[0], 3)) if by == DAYS else kind
        return Bound(f"({value.sql} + {_span(amount, by)})", shown)
    if kind.name == TIMESTAMP_TZ:
        return _zoned(value, amount, by, scope)
    if kind.name == "time" and by == DAYS:
        moment = f"(DATE '1970-01-01' + {value.sql}) + {_span(amount, by)}"
        return Bound(f"CAST({moment} AS TIME)", kind)
    return None


def _span(amount: str, by: Type) -> str:
    return f"to_months({amount})" if by == MONTHS else f"to_microseconds({amount} * 1000)"


def _zoned(value: Bound, amount: str, by: Type, scope: Scope) -> Bound:
    zone = f"({value.sql}).z"
    if by == DAYS:
        return Bound(zone_sql.zoned(f"(({value.sql}).t + {_span(amount, by)})", zone), value.type)
    wall = f"({zone_sql.local(value, scope.context)} + {_span(amount, by)})"
    back = scope.context.helper(zones.to_utc, [timestamp(6), VARCHAR], timestamp(6))
    return Bound(zone_sql.zoned(f"{back}({wall}, {zone})", zone), value.type)
