"""Fields of dates, timestamps and intervals: their year, their hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena import zones
from aws_understudy.services.athena.sql.bind import zone_sql
from aws_understudy.services.athena.sql.bind.core import Bound
from aws_understudy.services.athena.trino_types import (
    BIGINT,
    DAYS,
    MONTHS,
    TIMESTAMP_TZ,
    VARCHAR,
    timestamp,
)

if TYPE_CHECKING:
    from aws_understudy.services.athena.sql.bind.core import Scope

DATED = {
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "week": "week",
    "week_of_year": "week",
    "day": "day",
    "day_of_month": "day",
    "day_of_week": "isodow",
    "dow": "isodow",
    "day_of_year": "dayofyear",
    "doy": "dayofyear",
    "year_of_week": "isoyear",
    "yow": "isoyear",
}
TIMED = {"hour": "hour", "minute": "minute", "second": "second", "millisecond": "millisecond"}


def wall(value: Bound, scope: Scope) -> Bound:
    """Give a timestamp with time zone as its zone's clock shows it; others as they are."""
    if value.type.name != TIMESTAMP_TZ:
        return value
    return Bound(zone_sql.local(value, scope.context), timestamp(value.type.sizes[0]))


def field(name: str, value: Bound, scope: Scope) -> Bound | None:
    """Bind ``year(x)`` and so on, and EXTRACT; None for a type that has no such field."""
    if name in {"timezone_hour", "timezone_minute"}:
        return _zone_field(name, value, scope)
    if value.type in {DAYS, MONTHS}:
        return _of_interval(name, value)
    if name in DATED and value.type.name in {"date", *types.TIMESTAMPS}:
        return Bound(f"CAST({DATED[name]}({wall(value, scope).sql}) AS BIGINT)", BIGINT)
    if name in TIMED and value.type.name in {"time", *types.TIMESTAMPS}:
        part = f"{TIMED[name]}({wall(value, scope).sql})"
        part = f"{part} % 1000" if name == "millisecond" else part
        return Bound(f"CAST({part} AS BIGINT)", BIGINT)
    return None


def _zone_field(name: str, value: Bound, scope: Scope) -> Bound | None:
    if value.type.name != TIMESTAMP_TZ:
        return None
    offset = scope.context.helper(zones.offset_minutes, [timestamp(6), VARCHAR], BIGINT)
    minutes = f"{offset}(({value.sql}).t, ({value.sql}).z)"
    return Bound(f"({minutes} {'//' if name == 'timezone_hour' else '%'} 60)", BIGINT)


_OF_DAYS = {"day": (86_400_000, 0), "hour": (3_600_000, 24), "minute": (60_000, 60)}
_OF_DAYS |= {"second": (1000, 60), "millisecond": (1, 1000)}


def _of_interval(name: str, value: Bound) -> Bound | None:
    if value.type == MONTHS:
        signs = {"year": "//", "month": "%"}
        sign = signs.get(name)
        return Bound(f"CAST({value.sql} {sign} 12 AS BIGINT)", BIGINT) if sign else None
    if name not in _OF_DAYS:
        return None
    size, most = _OF_DAYS[name]
    whole = f"({value.sql} // {size})"
    return Bound(f"({whole} % {most})" if most else whole, BIGINT)
