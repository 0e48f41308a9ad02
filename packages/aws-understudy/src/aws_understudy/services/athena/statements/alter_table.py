"""ALTER TABLE: columns, location, properties; partitions have a module of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_understudy.lake.hive_schema import arrow_type, split_top
from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.outcome import Outcome
from aws_understudy.services.athena.statements import partitions
from aws_understudy.services.athena.statements.ddl_text import (
    NAME,
    STRING,
    match,
    pairs,
    s3_location,
    table_name,
    unquote,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_understudy.services.athena.statements.work import Work

_HEAD = re.compile(rf"ALTER\s+TABLE\s+{NAME}\s+(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_COLUMNS = re.compile(
    r"(?P<verb>ADD|REPLACE)\s+COLUMNS\s*\((?P<columns>.*)\)\s*(?:CASCADE\s*)?",
    re.IGNORECASE | re.DOTALL,
)
_CHANGE = re.compile(
    r"CHANGE\s+(?:COLUMN\s+)?(?P<old>[\w`\"]+)\s+(?P<column>[\w`\"]+\s+.+)",
    re.IGNORECASE | re.DOTALL,
)
_PLACE = re.compile(r"\s+(FIRST|AFTER\s+[\w`\"]+)\s*$", re.IGNORECASE)
_LOCATION = re.compile(
    rf"(?:PARTITION\s*\((?P<spec>[^)]*)\)\s*)?SET\s+LOCATION\s+(?P<location>{STRING})\s*",
    re.IGNORECASE,
)
_PROPERTIES = re.compile(r"SET\s+TBLPROPERTIES\s*\((?P<pairs>.*)\)\s*", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(
    rf"\s*[`\"]?(?P<name>\w+)[`\"]?\s+(?P<kind>.+?)(?:\s+COMMENT\s+(?P<comment>{STRING}))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_WRITTEN = (
    *("Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys"),
    *("TableType", "Parameters", "TargetTable"),
)
"""What of a table GetTable gives and UpdateTable takes."""


def alter_table(work: Work) -> Outcome:
    """Change a table in the catalog; its files stay as they are.

    Raises:
        QueryError: the table or column is missing, or NOT_SUPPORTED for other changes.
    """
    rest = match(_HEAD, work.text)["rest"]
    for pattern, change in _CHANGES:
        parts = pattern.fullmatch(rest)
        if parts:
            return change(work, parts)
    return partitions.alter_table(work)


def _entry(work: Work) -> tuple[str, dict[str, Any]]:
    name = table_name(match(_HEAD, work.text)["name"], database=work.database)
    table = work.catalog.get(database=name.database, name=name.name)
    if table.is_view:
        raise QueryError("NOT_SUPPORTED", f"{name} is a view, and ALTER TABLE changes tables")
    return name.database, {
        k: v for k, v in table.record.items() if k in _WRITTEN and v not in (None, "")
    }


def _save(work: Work, database: str, entry: dict[str, Any]) -> Outcome:
    work.catalog.glue.update_table(DatabaseName=database, TableInput=entry)
    return Outcome()


def _column(text: str) -> dict[str, str]:
    parts = match(_COLUMN, text)
    kind = re.sub(r"\s+", "", parts["kind"].lower())
    arrow_type(kind)  # refuses what cannot be read later
    column = {"Name": parts["name"].lower(), "Type": kind}
    return column | ({"Comment": unquote(parts["comment"])} if parts["comment"] else {})


def _columns(work: Work, parts: re.Match[str]) -> Outcome:
    database, entry = _entry(work)
    stated = [_column(text) for text in split_top(parts["columns"])]
    added = parts["verb"].upper() == "ADD"
    columns = [*(entry["StorageDescriptor"]["Columns"] if added else []), *stated]
    names = [c["Name"].lower() for c in [*columns, *(entry.get("PartitionKeys") or [])]]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise QueryError("ALREADY_EXISTS", f"Column '{twice}' is already in the table")
    entry["StorageDescriptor"] = {**entry["StorageDescriptor"], "Columns": columns}
    return _save(work, database, entry)


def _change(work: Work, parts: re.Match[str]) -> Outcome:
    if _PLACE.search(parts["column"]):
        raise not_supported("ALTER TABLE CHANGE COLUMN ... FIRST or AFTER")
    database, entry = _entry(work)
    old, stated = parts["old"].strip('`"').lower(), _column(parts["column"])
    columns = entry["StorageDescriptor"]["Columns"]
    if old not in [c["Name"].lower() for c in columns]:
        raise QueryError("COLUMN_NOT_FOUND", f"Column '{old}' is not in the table")
    changed = [stated if c["Name"].lower() == old else c for c in columns]
    entry["StorageDescriptor"] = {**entry["StorageDescriptor"], "Columns": changed}
    return _save(work, database, entry)


def _location(work: Work, parts: re.Match[str]) -> Outcome:
    uri = s3_location(unquote(parts["location"]))
    if parts["spec"]:
        return partitions.set_location(work, match(_HEAD, work.text)["name"], parts["spec"], uri)
    database, entry = _entry(work)
    entry["StorageDescriptor"] = {**entry["StorageDescriptor"], "Location": uri}
    return _save(work, database, entry)


def _properties(work: Work, parts: re.Match[str]) -> Outcome:
    database, entry = _entry(work)
    entry["Parameters"] = {**(entry.get("Parameters") or {}), **pairs(parts["pairs"])}
    return _save(work, database, entry)


_CHANGES: list[tuple[re.Pattern[str], Callable[[Work, re.Match[str]], Outcome]]] = [
    (_COLUMNS, _columns),
    (_CHANGE, _change),
    (_LOCATION, _location),
    (_PROPERTIES, _properties),
]
