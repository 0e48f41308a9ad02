"""Reads DDL text: its form, names, literals, property lists and locations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_understudy.services.athena.catalog import CATALOG
from aws_understudy.services.athena.errors import QueryError

_PART = r"""(?:"[^"]+"|`[^`]+`|[\w$-]+)"""
NAME = rf"(?P<name>{_PART}(?:\s*\.\s*{_PART}){{0,2}})"
"""Regular expression of a name of one to three parts, as the group ``name``."""

STRING = r"'(?:[^']|'')*'"
_S3 = re.compile(r"s3[an]?://[^/]+(/.*)?", re.DOTALL)


def match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    """Match the whole statement.

    Raises:
        QueryError: SYNTAX_ERROR, at the first word that does not fit.
    """
    whole = pattern.fullmatch(text)
    if whole:
        return whole
    begun = pattern.match(text)
    at = begun.end() if begun else 0
    line = text[:at].count("\n") + 1
    column = at - text[:at].rfind("\n")
    rest = (text[at:].split(maxsplit=1) or [""])[0]
    raise QueryError(
        "SYNTAX_ERROR", f"line {line}:{column}: mismatched input '{rest}', or a form not known here"
    )


@dataclass(frozen=True, kw_only=True)
class TableName:
    """A table's full name."""

    database: str
    name: str

    def __str__(self) -> str:
        """Write it as errors do."""
        return f"{CATALOG}.{self.database}.{self.name}"


def table_name(text: str, *, database: str) -> TableName:
    """Read ``table``, ``db.table`` or ``"AwsDataCatalog"."db"."table"``.

    Raises:
        QueryError: CATALOG_NOT_FOUND for another catalog.
    """
    parts = [p.strip('"`').lower() for p in re.findall(_PART, text)]
    if len(parts) == 3 and parts[0] != CATALOG:  # noqa: PLR2004 - catalog, database, table
        raise QueryError("CATALOG_NOT_FOUND", f"line 1:1: Catalog '{parts[0]}' does not exist")
    return TableName(database=parts[-2] if len(parts) > 1 else database, name=parts[-1])


def unquote(literal: str) -> str:
    """Read a string literal."""
    return literal[1:-1].replace("''", "'")


def pairs(text: str) -> dict[str, str]:
    """Read ``'key'='value'`` or ``key='value'`` pairs; numbers need no quotes."""
    pattern = rf"""(?:({STRING})|["`]?([\w.]+)["`]?)\s*=\s*(?:({STRING})|([\w.+-]+))"""
    return {
        unquote(quoted) if quoted else plain: unquote(value) if value else bare
        for quoted, plain, value, bare in re.findall(pattern, text)
    }


def blanked(text: str, start: int) -> str:
    """Blank the first part of a text, so that places in the rest stay the same."""
    return re.sub(r"[^\n]", " ", text[:start]) + text[start:]


def s3_location(uri: str) -> str:
    """The location itself, once it is one in S3.

    Raises:
        QueryError: INVALID_TABLE_PROPERTY, with the value and what is allowed.
    """
    if not _S3.fullmatch(uri):
        raise QueryError(
            "INVALID_TABLE_PROPERTY",
            f"The location {uri!r} is not in S3; it should look like 's3://bucket/folder/'",
        )
    return uri
