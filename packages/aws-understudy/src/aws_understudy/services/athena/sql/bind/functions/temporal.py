"""Functions of dates, timestamps and intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena import zones
from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.sql.bind import zone_sql
from aws_understudy.services.athena.sql.bind.casts import cast, coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, at
from aws_understudy.services.athena.sql.bind.functions.fields import DATED, TIMED, field, wall
from aws_understudy.services.athena.sql.bind.moments import shifted
from aws_understudy.services.athena.sql.bind.runtime import dates
from aws_understudy.services.athena.trino_types import (
    BIGINT,
    DATE,
    DAYS,
    DOUBLE,
    MONTHS,
    TIMESTAMP_TZ,
    VARCHAR,
    timestamp,
    timestamp_tz,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp

    Rule = Callable[[str, list[Bound], Scope, exp.Expr], Bound | None]

TABLE: dict[str, list[tuple[str, Any]]] = {
    "from_iso8601_date": [("varchar -> date", dates.from_iso8601_date)],
    "from_iso8601_timestamp": [
        (f"varchar -> {TIMESTAMP_TZ}", dates.from_iso8601_timestamp),
    ],
    "date_parse": [("varchar, varchar -> timestamp", dates.date_parse)],
    "parse_datetime": [(f"varchar, varchar -> {TIMESTAMP_TZ}", dates.parse_datetime)],
    "parse_duration": [("varchar -> days", dates.parse_duration)],
    "human_readable_seconds": [("double -> varchar", dates.human_readable_seconds)],
    "to_milliseconds": [("days -> bigint", "{0}")],
    "current_timezone": [("-> varchar", "'UTC'")],
}
_MILLIS = {"millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000}
_MILLIS["week"] = 7 * _MILLIS["day"]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_OF_DATE = ("day", "week", "month", "quarter", "year")
_BETWEEN = {
    "month": dates.months_between,
    "quarter": dates.quarters_between,
    "year": dates.years_between,
}


def _field(name: str, values: list[Bound], scope: Scope, _: exp.Expr) -> Bound | None:
    return field(name, values[0], scope) if len(values) == 1 else None


def _unit(values: list[Bound], kind: types.Type, scope: Scope, node: exp.Expr) -> str:
    name = values[0].constant
    if not isinstance(name, str):
        raise not_supported("A unit of time that is not a literal")
    word = name.lower()
    allowed = {*_MILLIS, *_MONTHS} if kind.name != "date" else set(_OF_DATE)
    if kind.name == "time":
        allowed = {"millisecond", "second", "minute", "hour"}
    if word not in allowed:
        noun = {"date": "DATE", "time": "TIME"}.get(kind.name, "TIMESTAMP")
        raise QueryError(
            "INVALID_FUNCTION_ARGUMENT", f"{at(scope, node)}: '{name}' is not a valid {noun} field"
        )
    return word


def _temporal(value: Bound) -> bool:
    return value.type.name in {"date", "time", *types.TIMESTAMPS}


def _date_trunc(_: str, values: list[Bound], scope: Scope, node: exp.Expr) -> Bound | None:
    if len(values) != 2 or not _temporal(values[1]):  # noqa: PLR2004 - unit and moment
        return None
    value, unit = values[1], _unit(values, values[1].type, scope, node)
    if value.type == DATE:
        return Bound(f"CAST(date_trunc('{unit}', {value.sql}) AS DATE)", DATE)
    if value.type.name == "time":
        moment = f"date_trunc('{unit}', DATE '1970-01-01' + {value.sql})"
        return Bound(f"CAST({moment} AS TIME)", value.type)
    moment = f"date_trunc('{unit}', {wall(value, scope).sql})"
    if value.type.name == TIMESTAMP_TZ:
        zone = f"({value.sql}).z"
        back = scope.context.helper(zones.to_utc, [timestamp(6), VARCHAR], timestamp(6))
        return Bound(zone_sql.zoned(f"{back}({moment}, {zone})", zone), value.type)
    return Bound(moment, value.type)


def _date_add(_: str, values: list[Bound], scope: Scope, node: exp.Expr) -> Bound | None:
    if len(values) != 3 or not _temporal(values[2]) or not coerces(values[1].type, BIGINT):  # noqa: PLR2004 - unit, count, moment
        return None
    value, unit = values[2], _unit(values, values[2].type, scope, node)
    count = coerce(values[1], BIGINT, scope.context).sql
    if unit in _MONTHS:
        amount = f"CAST({count} * {_MONTHS[unit]} AS INTEGER)"
        return shifted(value, amount, MONTHS, scope)
    return shifted(value, f"({count} * {_MILLIS[unit]})", DAYS, scope)


def _date_diff(_: str, values: list[Bound], scope: Scope, node: exp.Expr) -> Bound | None:
    if len(values) != 3 or not all(map(_temporal, values[1:])):  # noqa: PLR2004 - unit and two moments
        return None
    kinds = {v.type.name for v in values[1:]}
    if len(kinds) > 1 and "time" in kinds:
        return None
    kind = max(values[1:], key=lambda v: ("time", "date", *types.TIMESTAMPS).index(v.type.name))
    unit = _unit(values, kind.type, scope, node)
    first, last = (_plain(v, kind.type, unit, scope) for v in values[1:])
    if unit in _BETWEEN:
        helper = scope.context.helper(_BETWEEN[unit], [timestamp(6)] * 2, BIGINT)
        return Bound(f"{helper}({first}, {last})", BIGINT)
    passed = f"(epoch_us({last}) - epoch_us({first}))"
    return Bound(f"({passed} // {_MILLIS[unit] * 1000})", BIGINT)


def _plain(value: Bound, kind: types.Type, unit: str, scope: Scope) -> str:
    if kind.name == TIMESTAMP_TZ:
        held = coerce(value, timestamp_tz(6), scope.context)
        held = held if value.type.name == TIMESTAMP_TZ else cast(value, kind, scope.context) or held
        if unit in {*_OF_DATE}:
            return wall(held, scope).sql
        return f"({held.sql}).t"
    if kind.name == "time":
        return f"(DATE '1970-01-01' + {value.sql})"
    return f"CAST({value.sql} AS TIMESTAMP)"


def _written(function: Any) -> Rule:
    """Make date_format or format_datetime."""

    def rule(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
        if len(values) != 2 or not coerces(values[1].type, VARCHAR):  # noqa: PLR2004 - and a pattern
            return None
        value = values[0]
        if value.type.name not in {"date", *types.TIMESTAMPS}:
            return None
        zone = f"({value.sql}).z" if value.type.name == TIMESTAMP_TZ else "'UTC'"
        helper = scope.context.helper(function, [timestamp(6), VARCHAR, VARCHAR], VARCHAR)
        moment = f"CAST({wall(value, scope).sql} AS TIMESTAMP)"
        return Bound(f"{helper}({moment}, {zone}, {values[1].sql})", VARCHAR)

    return rule


def _at_zone(name: str, values: list[Bound], scope: Scope, _: exp.Expr) -> Bound | None:
    if len(values) != 2 or not coerces(values[1].type, VARCHAR):  # noqa: PLR2004 - moment and zone
        return None
    return at_zone(values[0], values[1], scope, keep_wall=name == "with_timezone")


def at_zone(value: Bound, zone: Bound, scope: Scope, *, keep_wall: bool) -> Bound | None:
    """Show a moment in a zone, or put a clock's time into one."""
    kind = value.type
    canonical = scope.context.helper(zones.canonical, [VARCHAR], VARCHAR)
    named = f"{canonical}({zone.sql})"
    if keep_wall:
        if kind.name not in {"timestamp", "date"}:
            return None
        moment = f"CAST({value.sql} AS TIMESTAMP)"
        result = timestamp_tz(kind.sizes[0] if kind.sizes else 3)
        helper = scope.context.helper(zones.with_zone, [timestamp(6), VARCHAR], result)
        return Bound(f"{helper}({moment}, {zone.sql})", result)
    if kind.name in {"timestamp", "date"}:
        value = (
            cast(value, timestamp_tz(kind.sizes[0] if kind.sizes else 3), scope.context) or value
        )
    if value.type.name != TIMESTAMP_TZ:
        return None
    return Bound(zone_sql.zoned(f"({value.sql}).t", named), value.type)


def _from_unixtime(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
    if not 1 <= len(values) <= 3 or not coerces(values[0].type, DOUBLE):  # noqa: PLR2004 - hours, minutes
        return None
    seconds = coerce(values[0], DOUBLE, scope.context).sql
    moment = f"make_timestamp(CAST(round({seconds} * 1000) AS BIGINT) * 1000)"
    zone = "'UTC'"
    if len(values) == 2 and coerces(values[1].type, VARCHAR):  # noqa: PLR2004 - and a zone
        canonical = scope.context.helper(zones.canonical, [VARCHAR], VARCHAR)
        zone = f"{canonical}({values[1].sql})"
    elif len(values) == 3 and all(coerces(v.type, BIGINT) for v in values[1:]):  # noqa: PLR2004 - ditto
        offset = scope.context.helper(_offset, [BIGINT, BIGINT], VARCHAR)
        zone = f"{offset}({', '.join(coerce(v, BIGINT, scope.context).sql for v in values[1:])})"
    elif len(values) > 1:
        return None
    return Bound(zone_sql.zoned(moment, zone), timestamp_tz(3))


def _offset(hours: int, minutes: int) -> str:
    total = hours * 60 + minutes
    sign = "-" if total < 0 else "+"
    return zones.canonical(f"{sign}{abs(total) // 60:02}:{abs(total) % 60:02}")


def _to_unixtime(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
    if len(values) != 1 or values[0].type.name not in {"date", *types.TIMESTAMPS}:
        return None
    held = cast(values[0], timestamp_tz(6), scope.context) or values[0]
    return Bound(f"(epoch_us(({held.sql}).t) / 1000000)", DOUBLE)


def _to_iso8601(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
    if len(values) != 1 or values[0].type.name not in {"date", *types.TIMESTAMPS}:
        return None
    value = values[0]
    if value.type == DATE:
        return Bound(f"CAST({value.sql} AS VARCHAR)", VARCHAR)
    texts = f"strftime({wall(value, scope).sql}, '%Y-%m-%dT%H:%M:%S.%g')"
    if value.type.name == "timestamp":
        return Bound(texts, VARCHAR)
    offset = scope.context.helper(_iso_offset, [timestamp(6), VARCHAR], VARCHAR)
    return Bound(f"({texts} || {offset}(({value.sql}).t, ({value.sql}).z))", VARCHAR)


def _iso_offset(moment: Any, zone: str) -> str:
    minutes = zones.offset_minutes(moment, zone)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "Z"


def _date(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
    if len(values) != 1 or values[0].type.name not in {"varchar", "date", *types.TIMESTAMPS}:
        return None
    return cast(values[0], DATE, scope.context)


def _last_day(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
    if len(values) != 1 or values[0].type.name not in {"date", *types.TIMESTAMPS}:
        return None
    return Bound(f"last_day({wall(values[0], scope).sql})", DATE)


def now(name: str, precision: int | None) -> Bound:
    """Bind a word for now, such as ``current_timestamp``."""
    digits = 3 if precision is None else min(precision, 6)
    local = "timezone('UTC', now())"
    unit = 10 ** (6 - digits)
    moment = f"make_timestamp(epoch_us({local}) // {unit} * {unit})"
    if name == "current_date":
        return Bound(f"CAST({local} AS DATE)", DATE)
    if name == "localtime":
        return Bound(f"CAST({moment} AS TIME)", types.Type("time", (digits,)))
    if name == "localtimestamp":
        return Bound(moment, timestamp(digits))
    if name == "current_time":
        raise not_supported("The type time with time zone, of current_time")
    return Bound(zone_sql.zoned(moment, "'UTC'"), timestamp_tz(digits))


RULES: dict[str, Rule] = {
    **dict.fromkeys([*DATED, *TIMED, "timezone_hour", "timezone_minute"], _field),
    "date_trunc": _date_trunc,
    "date_add": _date_add,
    "date_diff": _date_diff,
    "date_format": _written(dates.date_format),
    "format_datetime": _written(dates.format_datetime),
    "at_timezone": _at_zone,
    "with_timezone": _at_zone,
    "from_unixtime": _from_unixtime,
    "to_unixtime": _to_unixtime,
    "to_iso8601": _to_iso8601,
    "date": _date,
    "last_day_of_month": _last_day,
}
