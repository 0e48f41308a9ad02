"""Matches a DDL statement against its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.athena.errors import QueryError

if TYPE_CHECKING:
    import re


def match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    """Match the whole statement.

    Raises:
        QueryError: SYNTAX_ERROR, at the first word that does not fit.
    """
    found = pattern.fullmatch(text)
    if found:
        return found
    begun = pattern.match(text)
    at = begun.end() if begun else 0
    line = text[:at].count("\n") + 1
    column = at - text[:at].rfind("\n")
    rest = (text[at:].split(maxsplit=1) or [""])[0]
    raise QueryError(
        "SYNTAX_ERROR", f"line {line}:{column}: mismatched input '{rest}', or a form not known here"
    )
