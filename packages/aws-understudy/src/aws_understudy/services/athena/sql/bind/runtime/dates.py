"""Dates and timestamps: ISO 8601, differences in months and years, durations."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Any

from aws_understudy.services.athena import zones
from aws_understudy.services.athena.errors import failing
from aws_understudy.services.athena.sql.bind.runtime import date_patterns

_ISO_DATE = r"(?P<date>[+-]?\d{4,}(?:-\d{1,2}(?:-\d{1,2})?|-W\d{1,2}(?:-\d)?|-\d{3})?)"
_ISO = re.compile(
    _ISO_DATE + r"(?:T(?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?)?)?"
    r"(Z|[+-]\d{2}(?::?\d{2})?)?)?"
)
_LEAP_DAY = dt.timedelta(days=59)
_ONE_DAY = dt.timedelta(days=1)


def _iso_day(text: str) -> dt.date:
    week = re.fullmatch(r"(\d{4})-W(\d{1,2})(?:-(\d))?", text)
    if week:
        return dt.date.fromisocalendar(int(week[1]), int(week[2]), int(week[3] or 1))
    ordinal = re.fullmatch(r"(\d{4})-(\d{3})", text)
    if ordinal:
        return dt.date(int(ordinal[1]), 1, 1) + dt.timedelta(days=int(ordinal[2]) - 1)
    year, month, day = ([*text.split("-"), "1", "1"])[:3]
    return dt.date(int(year), int(month), int(day))


def from_iso8601_date(text: str) -> dt.date:
    """Read ``2020-05-11``, ``2020-W20``, ``2020-W20-1``, ``2020-132``.

    Raises:
        Exception: INVALID_FUNCTION_ARGUMENT.
    """
    if re.fullmatch(_ISO_DATE, text):
        try:
            return _iso_day(text)
        except ValueError:
            pass
    raise failing("INVALID_FUNCTION_ARGUMENT", f'Invalid format: "{text}"')


def from_iso8601_timestamp(text: str) -> dict[str, Any]:
    """Read ``2020-05-11T11:15:05+02:00``; without an offset it is UTC.

    Raises:
        Exception: INVALID_FUNCTION_ARGUMENT.
    """
    match = _ISO.fullmatch(text)
    try:
        if match:
            _, hour, minute, second, fraction, zone = match.groups()
            micros = int((fraction or "0").ljust(6, "0")[:3]) * 1000
            time = dt.time(int(hour or 0), int(minute or 0), int(second or 0), micros)
            wall = dt.datetime.combine(_iso_day(match["date"]), time)
            return zones.with_zone(wall, zone or "UTC")
    except ValueError as error:
        if "\x01" in str(error):
            raise
    raise failing("INVALID_FUNCTION_ARGUMENT", f'Invalid format: "{text}"')


def months_between(start: dt.datetime, end: dt.datetime) -> int:
    """Count the whole months from one to the other, as Joda-Time does."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    first_day = start.day
    if end.day == calendar.monthrange(end.year, end.month)[1]:
        first_day = min(first_day, end.day)
    return months - ((end.day, end.time()) < (first_day, start.time()))


def quarters_between(start: dt.datetime, end: dt.datetime) -> int:
    """Count the whole quarters."""
    return int(months_between(start, end) / 3)


def years_between(start: dt.datetime, end: dt.datetime) -> int:
    """Count the whole years, with leap years balanced as Joda-Time does."""
    if end < start:
        return -years_between(end, start)
    rest, begun = end - dt.datetime(end.year, 1, 1), start - dt.datetime(start.year, 1, 1)  # noqa: DTZ001 - wall clocks
    leap_start, leap_end = calendar.isleap(start.year), calendar.isleap(end.year)
    if begun >= _LEAP_DAY:
        if leap_start and not leap_end:
            begun -= _ONE_DAY
        elif leap_end and not leap_start and rest >= _LEAP_DAY:
            rest -= _ONE_DAY
    return end.year - start.year - (rest < begun)


def date_format(value: dt.datetime, zone: str, pattern: str) -> str:
    """Write by a pattern of MySQL."""
    return date_patterns.written(value, zone, date_patterns.mysql(pattern))


def format_datetime(value: dt.datetime, zone: str, pattern: str) -> str:
    """Write by a pattern of Joda-Time."""
    return date_patterns.written(value, zone, date_patterns.joda(pattern))


def date_parse(value: str, pattern: str) -> dt.datetime:
    """Read by a pattern of MySQL."""
    moment, _ = date_patterns.parsed(value, date_patterns.mysql(pattern))
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def parse_datetime(value: str, pattern: str) -> dict[str, Any]:
    """Read by a pattern of Joda-Time; without a zone it is UTC."""
    moment, zone = date_patterns.parsed(value, date_patterns.joda(pattern))
    return zones.with_zone(moment, zone or "UTC")


_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*")
_DURATION_UNITS = {
    "ns": 1e-6,
    "us": 1e-3,
    "ms": 1,
    "s": 1000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
}


def parse_duration(text: str) -> int:
    """Read ``42.8ms``, ``3.81d``: milliseconds.

    Raises:
        Exception: INVALID_FUNCTION_ARGUMENT.
    """
    match = _DURATION.fullmatch(text)
    if match is None or match[2] not in _DURATION_UNITS:
        message = f"duration is not a valid data duration string: {text}"
        raise failing("INVALID_FUNCTION_ARGUMENT", message)
    return round(float(match[1]) * _DURATION_UNITS[match[2]])


def human_readable_seconds(seconds: float) -> str:
    """Write ``93784`` as ``1 day, 2 hours, 3 minutes, 4 seconds``."""
    rest = round(abs(seconds))
    parts = []
    for name, size in (("week", 604_800), ("day", 86_400), ("hour", 3600), ("minute", 60)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    if rest or not parts:
        parts.append(f"{rest} second{'' if rest == 1 else 's'}")
    return ", ".join(parts)
