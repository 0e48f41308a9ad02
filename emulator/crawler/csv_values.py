"""Tells the Hive type of the text values of a CSV column."""

from __future__ import annotations

import re

from emulator.crawler.hive_types import UNKNOWN, common

_INTEGER = re.compile(r"[+-]?\d{1,19}")
_DOUBLE = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_BIGINT_MAX = 2**63 - 1


def value_type(text: str) -> str:
    """Name the narrowest type of one value; an empty one says nothing."""
    if not text:
        return UNKNOWN
    if _INTEGER.fullmatch(text):
        # More digits than a bigint holds are kept as text, which loses none.
        return "bigint" if abs(int(text)) <= _BIGINT_MAX else "string"
    if _DOUBLE.fullmatch(text):
        return "double"
    if _DATE.fullmatch(text):
        return "date"
    if text.lower() in {"true", "false"}:
        return "boolean"
    return "string"


def column_type(held: str, text: str) -> str:
    """Widen a column's type by one more value of the same file; a mixture is string."""
    return held if held == "string" else common(held, value_type(text)) or "string"
