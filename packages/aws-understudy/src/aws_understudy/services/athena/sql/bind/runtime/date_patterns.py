"""Date patterns, of MySQL (``%Y``) and of Joda-Time (``yyyy``): written and read."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from aws_understudy.services.athena import zones
from aws_understudy.services.athena.errors import failing

_MONTHS = "January February March April May June July August September October November December"
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
MONTHS, WEEKDAYS = _MONTHS.split(), _WEEKDAYS.split()
_PIVOT = 1970
_WIDTH = {"year": 9, "weekyear": 9, "day_of_year": 3, "fraction": 9}

Field = tuple[str, int]
"""A field's name and its least width; of a text, ``("text:...", 0)``."""

_MYSQL: dict[str, list[Field]] = {
    "a": [("weekday", 3)],
    "b": [("month_name", 3)],
    "c": [("month", 1)],
    "d": [("day", 2)],
    "e": [("day", 1)],
    "f": [("fraction", 6)],
    "H": [("hour", 2)],
    "h": [("clock_hour", 2)],
    "I": [("clock_hour", 2)],
    "i": [("minute", 2)],
    "j": [("day_of_year", 3)],
    "k": [("hour", 1)],
    "l": [("clock_hour", 1)],
    "M": [("month_name", 4)],
    "m": [("month", 2)],
    "p": [("half", 2)],
    "r": [
        *[("clock_hour", 2), ("text::", 0), ("minute", 2), ("text::", 0), ("second", 2)],
        *[("text: ", 0), ("half", 2)],
    ],
    "S": [("second", 2)],
    "s": [("second", 2)],
    "T": [("hour", 2), ("text::", 0), ("minute", 2), ("text::", 0), ("second", 2)],
    "v": [("week", 2)],
    "W": [("weekday", 4)],
    "x": [("weekyear", 4)],
    "Y": [("year", 4)],
    "y": [("short_year", 2)],
}
_MYSQL_REFUSED = set("DUuVwX")
_JODA = {
    "C": "century",
    "D": "day_of_year",
    "d": "day",
    "e": "day_of_week",
    "H": "hour",
    "h": "clock_hour",
    "K": "hour_of_half",
    "k": "clock_hour_of_day",
    "m": "minute",
    "S": "fraction",
    "s": "second",
    "w": "week",
    "Y": "year",
    "x": "weekyear",
    "y": "year",
}
_JODA_PARTS = re.compile(r"'((?:[^']|'')*)'|(([A-Za-z])\3*)|([^A-Za-z']+)")


@lru_cache(maxsize=500)
def mysql(pattern: str) -> tuple[Field, ...]:
    """Read a pattern such as ``%Y-%m-%d``.

    Raises:
        Exception: INVALID_FUNCTION_ARGUMENT for a field that Trino does not have.
    """
    fields: list[Field] = []
    for escaped, plain in re.findall(r"%(.)|([^%]+)", pattern, re.DOTALL):
        if plain:
            fields.append((f"text:{plain}", 0))
        elif escaped in _MYSQL_REFUSED:
            message = f"%{escaped} not supported in date format string"
            raise failing("INVALID_FUNCTION_ARGUMENT", message)
        else:
            fields += _MYSQL.get(escaped, [(f"text:{escaped}", 0)])
    return tuple(fields)


@lru_cache(maxsize=500)
def joda(pattern: str) -> tuple[Field, ...]:
    """Read a pattern such as ``yyyy-MM-dd'T'HH:mm``.

    Raises:
        Exception: INVALID_FUNCTION_ARGUMENT for a letter that Joda-Time does not have.
    """
    return tuple(_joda_field(match) for match in _JODA_PARTS.finditer(pattern))


def _joda_field(match: re.Match[str]) -> Field:
    if match[2] is None:
        quoted = (match[1] or "'").replace("''", "'") if match[1] is not None else match[4]
        return f"text:{quoted}", 0
    letter, width = match[3], len(match[2])
    if letter in "MEazZG":
        return _joda_text(letter, width)
    if letter not in _JODA:
        message = f"Illegal pattern component: {match[2]}"
        raise failing("INVALID_FUNCTION_ARGUMENT", message)
    if letter in "yYx" and width == 2:  # noqa: PLR2004 - two digits of a year
        return ("short_year" if letter != "x" else "short_weekyear"), 2
    return _JODA[letter], width


def _joda_text(letter: str, width: int) -> Field:
    if letter == "M":
        return ("month", width) if width < 3 else ("month_name", width)  # noqa: PLR2004 - Joda's
    if letter == "Z":
        return f"offset{min(width, 3)}", width
    return {"E": "weekday", "a": "half", "z": "zone_name", "G": "era"}[letter], width


def written(value: dt.datetime, zone: str, fields: tuple[Field, ...]) -> str:
    """Write a wall clock's time."""
    return "".join(_write(value, zone, name, width) for name, width in fields)


def _write(value: dt.datetime, zone: str, name: str, width: int) -> str:
    if name.startswith("text:"):
        return name[5:]
    if name in _TEXTS:
        shown: str = _TEXTS[name](value, zone, width)
        return shown
    if name == "fraction":
        return f"{value.microsecond:06}".ljust(width, "0")[:width]
    return str(_NUMBERS[name](value)).zfill(width)


_NUMBERS: dict[str, Any] = {
    "century": lambda v: v.year // 100,
    "clock_hour": lambda v: (v.hour + 11) % 12 + 1,
    "clock_hour_of_day": lambda v: v.hour or 24,
    "day": lambda v: v.day,
    "day_of_week": lambda v: v.isoweekday(),
    "day_of_year": lambda v: v.timetuple().tm_yday,
    "hour": lambda v: v.hour,
    "hour_of_half": lambda v: v.hour % 12,
    "minute": lambda v: v.minute,
    "month": lambda v: v.month,
    "second": lambda v: v.second,
    "short_weekyear": lambda v: v.isocalendar()[0] % 100,
    "short_year": lambda v: v.year % 100,
    "week": lambda v: v.isocalendar()[1],
    "weekyear": lambda v: v.isocalendar()[0],
    "year": lambda v: v.year,
}


def _offset(value: dt.datetime, zone: str, colon: str) -> str:
    minutes = zones.offset_minutes(zones.to_utc(value, zone), zone)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02}{colon}{abs(minutes) % 60:02}"


def _zone_name(value: dt.datetime, zone: str) -> str:
    name = value.replace(tzinfo=zones.zone_info(zone)).tzname() or zone
    return name.removeprefix("UTC") if re.match(r"UTC[+-]", name) else name


def _short(text: str, width: int) -> str:
    return text if width > 3 else text[:3]  # noqa: PLR2004 - Joda's and MySQL's short form


_TEXTS: dict[str, Any] = {
    "era": lambda _, __, ___: "AD",
    "half": lambda v, _, __: "AM" if v.hour < 12 else "PM",  # noqa: PLR2004 - noon
    "month_name": lambda v, _, w: _short(MONTHS[v.month - 1], w),
    "offset1": lambda v, z, _: _offset(v, z, ""),
    "offset2": lambda v, z, _: _offset(v, z, ":"),
    "offset3": lambda _, z, __: z,
    "weekday": lambda v, _, w: _short(WEEKDAYS[v.weekday()], w),
    "zone_name": lambda v, z, _: _zone_name(v, z),
}


def parsed(value: str, fields: tuple[Field, ...]) -> tuple[dt.datetime, str | None]:
    """Read a wall clock's time, and its zone where the pattern has one.

    Raises:
        Exception: INVALID_FUNCTION_ARGUMENT, with the rest that does not fit.
    """
    held: dict[str, Any] = {}
    place = 0
    for at, (name, width) in enumerate(fields):
        following = fields[at + 1][0] if at + 1 < len(fields) else "text:"
        place = _read(value, place, (name, width), held, packed=not following.startswith("text:"))
    if place < len(value):
        raise _malformed(value, place)
    try:
        return _assembled(held), held.get("zone")
    except (ValueError, OverflowError) as error:
        message = f'Cannot parse "{value}": {error}'
        raise failing("INVALID_FUNCTION_ARGUMENT", message) from error


def _malformed(value: str, place: int) -> Exception:
    if place >= len(value):
        return failing("INVALID_FUNCTION_ARGUMENT", f'Invalid format: "{value}" is too short')
    message = f'Invalid format: "{value}" is malformed at "{value[place:]}"'
    return failing("INVALID_FUNCTION_ARGUMENT", message)


def _read(value: str, place: int, field: Field, held: dict[str, Any], *, packed: bool) -> int:
    name, width = field
    match = re.compile(_pattern(name, width, packed=packed), re.IGNORECASE).match(value, place)
    if match is None:
        raise _malformed(value, place)
    shown = match[0]
    if name == "fraction":
        held[name] = int(shown.ljust(6, "0")[:6])
    elif name == "half":
        held[name] = shown.upper()
    elif name.startswith(("offset", "zone")):
        held["zone"] = shown
    elif name in {"month_name", "weekday"}:
        names = MONTHS if name == "month_name" else WEEKDAYS
        held["month" if name == "month_name" else "day_of_week"] = 1 + next(
            i for i, n in enumerate(names) if n[:3].lower() == shown[:3].lower()
        )
    elif not name.startswith("text:"):
        held[name] = int(shown)
    return match.end()


def _pattern(name: str, width: int, *, packed: bool) -> str:
    if name.startswith("text:"):
        return re.escape(name[5:])
    if name in {"month_name", "weekday"}:
        names = MONTHS if name == "month_name" else WEEKDAYS
        return "|".join([*names, *(n[:3] for n in names)])
    if name == "half":
        return "AM|PM"
    if name == "era":
        return "AD|BC"
    if name.startswith(("offset", "zone")):
        return r"Z|[+-]\d{2}:?\d{2}" if name in {"offset1", "offset2"} else r"[A-Za-z_/+\-:0-9]+"
    most = width if packed and name in {"year", "weekyear", "fraction"} else _WIDTH.get(name, 2)
    sign = "[+-]?" if name in {"year", "weekyear"} else ""
    return rf"{sign}\d{{1,{max(width, most)}}}"


def _assembled(held: dict[str, Any]) -> dt.datetime:
    hour = held.get("hour", held.get("clock_hour_of_day", 0) % 24)
    if "clock_hour" in held or "hour_of_half" in held:
        hour = _of_half(held)
    minute, second = held.get("minute", 0), held.get("second", 0)
    return dt.datetime.combine(_date(held), dt.time(hour, minute, second, held.get("fraction", 0)))


def _of_half(held: dict[str, Any]) -> int:
    hour: int = held.get("clock_hour", held.get("hour_of_half", 0))
    if hour > 12 or ("clock_hour" in held and not hour):  # noqa: PLR2004 - of a clock
        raise ValueError(f"Value {hour} for clockhourOfHalfday must be in the range [1,12]")
    return hour % 12 + (12 if held.get("half") == "PM" else 0)


def _date(held: dict[str, Any]) -> dt.date:
    dated = {"month", "day", "day_of_year"} & held.keys()
    year = held.get("year", 2000 if dated else 1970)  # as Joda-Time: 2000 where a day has no year
    if "short_year" in held:
        year = _PIVOT + (held["short_year"] - _PIVOT) % 100
    if "week" in held or "weekyear" in held:
        return dt.date.fromisocalendar(
            held.get("weekyear", year), held.get("week", 1), held.get("day_of_week", 1)
        )
    if "day_of_year" in held:
        day = dt.date(year, 1, 1) + dt.timedelta(days=held["day_of_year"] - 1)
        if day.year != year:
            raise ValueError(f"Value {held['day_of_year']} for dayOfYear is out of range")
        return day
    return dt.date(year, held.get("month", 1), held.get("day", 1))
