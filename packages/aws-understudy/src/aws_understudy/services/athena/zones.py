"""Time zones: a moment in UTC and the zone in which it is shown."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aws_understudy.services.athena.errors import failing

_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")
_ZONED = re.compile(
    r"([+-]?\d{4,})-(\d{1,2})-(\d{1,2})"
    r"(?: (?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?\s*(.+)?)?"
)
_UTC_NAMES = {"utc", "z", "gmt0", "utc0", "ut"}
_DAY_MILLIS = 86_400_000


@lru_cache(maxsize=1000)
def zone_info(name: str) -> dt.tzinfo:
    """Find a zone by its name or offset.

    Raises:
        Exception: INVALID_FUNCTION_ARGUMENT for a name that is no zone.
    """
    offset = _OFFSET.fullmatch(name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return dt.timezone(dt.timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    if name.lower() in _UTC_NAMES:
        return dt.UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = f"'{name}' is not a valid time zone"
        raise failing("INVALID_FUNCTION_ARGUMENT", message) from error


def canonical(name: str) -> str:
    """Write a zone's name as Trino does: ``+00:00`` and ``Z`` are UTC, ``+5:30`` is ``+05:30``."""
    zone_info(name)
    offset = _OFFSET.fullmatch(name)
    if offset:
        shown = f"{offset[1]}{int(offset[2]):02}:{offset[3] or '00'}"
        return "UTC" if shown[1:] == "00:00" else shown
    return "UTC" if name.lower() in _UTC_NAMES or name in {"Etc/UTC", "Zulu", "UCT"} else name


def to_local(moment: dt.datetime, zone: str) -> dt.datetime:
    """Give the wall clock's time of a moment of UTC."""
    return moment.replace(tzinfo=dt.UTC).astimezone(zone_info(zone)).replace(tzinfo=None)


def to_utc(wall: dt.datetime, zone: str) -> dt.datetime:
    """Give the moment of a wall clock's time; where it was put forward, as if it had not been."""
    return wall.replace(tzinfo=zone_info(zone)).astimezone(dt.UTC).replace(tzinfo=None)


def offset_minutes(moment: dt.datetime, zone: str) -> int:
    """Give the minutes by which the zone is ahead of UTC then."""
    return round((to_local(moment, zone) - moment).total_seconds()) // 60


def with_zone(wall: dt.datetime, zone: str) -> dict[str, Any]:
    """Make the value of a wall clock's time in a zone."""
    return {"t": to_utc(wall, zone), "z": canonical(zone)}


def parse_zoned(value: str) -> dict[str, Any]:
    """Read ``2020-01-02 03:04:05.678 Europe/Rome``; without a zone it is UTC.

    Raises:
        Exception: INVALID_CAST_ARGUMENT.
    """
    match = _ZONED.fullmatch(value.strip())
    if match is None:
        raise failing("INVALID_CAST_ARGUMENT", f"Value cannot be cast to timestamp: {value}")
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    micros = int((fraction or "0").ljust(6, "0")[:6])
    try:
        wall = dt.datetime(  # noqa: DTZ001 - the zone is applied below
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            micros,
        )
        return with_zone(wall, zone or "UTC")
    except ValueError as error:
        message = f"Value cannot be cast to timestamp: {value}"
        raise failing("INVALID_CAST_ARGUMENT", message) from error


def days_text(millis: int) -> str:
    """Write an interval of milliseconds: ``2 00:00:00.000``."""
    sign, rest = ("-", -millis) if millis < 0 else ("", millis)
    days, rest = divmod(rest, _DAY_MILLIS)
    seconds, thousandths = divmod(rest, 1000)
    hours, seconds = divmod(seconds, 3600)
    return f"{sign}{days} {hours:02}:{seconds // 60:02}:{seconds % 60:02}.{thousandths:03}"


def months_text(months: int) -> str:
    """Write an interval of months: ``1-2``."""
    sign, rest = ("-", -months) if months < 0 else ("", months)
    return f"{sign}{rest // 12}-{rest % 12}"
