"""Translates Joda-Time patterns (``format_datetime``, ``parse_datetime``) for strftime."""

from __future__ import annotations

import re

from sqlglot import exp

from aws_understudy.services.athena.errors import not_supported

_FIELDS = {
    "y": "%Y",
    "yyyy": "%Y",
    "YYYY": "%Y",
    "yy": "%y",
    "M": "%-m",
    "MM": "%m",
    "MMM": "%b",
    "MMMM": "%B",
    "d": "%-d",
    "dd": "%d",
    "D": "%-j",
    "DDD": "%j",
    "E": "%a",
    "EEE": "%a",
    "EEEE": "%A",
    "H": "%-H",
    "HH": "%H",
    "h": "%-I",
    "hh": "%I",
    "m": "%-M",
    "mm": "%M",
    "s": "%-S",
    "ss": "%S",
    "SSS": "%g",
    "a": "%p",
    "Z": "%z",
}
_PARTS = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<field>([A-Za-z])\3*)|(?P<other>[^A-Za-z']+)")


def strftime_pattern(pattern: exp.Expr) -> str:
    """Translate a literal pattern such as ``yyyy-MM-dd``.

    Raises:
        QueryError: NOT_SUPPORTED for a computed pattern or a field without counterpart.
    """
    if not isinstance(pattern, exp.Literal) or not pattern.is_string:
        raise not_supported("A date pattern that is not a literal")
    return "".join(_part(match, pattern.name) for match in _PARTS.finditer(pattern.name))


def _part(match: re.Match[str], pattern: str) -> str:
    if match["quoted"] is not None:
        return (match["quoted"].replace("''", "'") or "'").replace("%", "%%")
    if match["other"] is not None:
        return match["other"].replace("%", "%%")
    if match["field"] not in _FIELDS:
        raise not_supported(f'The field "{match["field"]}" of the date pattern "{pattern}"')
    return _FIELDS[match["field"]]
