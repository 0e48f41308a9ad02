"""CREATE and DROP of databases, DROP of tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.outcome import Outcome
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
    from aws_understudy.services.athena.statements.work import Work

_CREATE = re.compile(
    rf"CREATE\s+(?:DATABASE|SCHEMA)\s+(?P<quietly>IF\s+NOT\s+EXISTS\s+)?{NAME}"
    rf"(?:\s+COMMENT\s+(?P<comment>{STRING}))?(?:\s+LOCATION\s+(?P<location>{STRING}))?"
    r"(?:\s+WITH\s+DBPROPERTIES\s*\((?P<properties>.*)\))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_DROP = re.compile(
    rf"DROP\s+(?:DATABASE|SCHEMA)\s+(?P<quietly>IF\s+EXISTS\s+)?{NAME}"
    r"(?:\s+(?P<how>RESTRICT|CASCADE))?\s*",
    re.IGNORECASE,
)
_DROP_TABLE = re.compile(rf"DROP\s+TABLE\s+(?P<quietly>IF\s+EXISTS\s+)?{NAME}\s*", re.IGNORECASE)


def create_database(work: Work) -> Outcome:
    """Create a database.

    Raises:
        QueryError: SCHEMA_ALREADY_EXISTS, unless IF NOT EXISTS.
    """
    parts = match(_CREATE, work.text)
    name = table_name(parts["name"], database="").name
    if work.catalog.database_exists(name):
        if parts["quietly"]:
            return Outcome()
        raise QueryError("SCHEMA_ALREADY_EXISTS", f"Database {name} already exists")
    entry: dict[str, Any] = {"Name": name}
    if parts["comment"]:
        entry["Description"] = unquote(parts["comment"])
    if parts["location"]:
        entry["LocationUri"] = s3_location(unquote(parts["location"]))
    if parts["properties"]:
        entry["Parameters"] = pairs(parts["properties"])
    work.catalog.glue.create_database(DatabaseInput=entry)
    return Outcome()


def drop_database(work: Work) -> Outcome:
    """Drop a database; one with tables only by CASCADE.

    Raises:
        QueryError: SCHEMA_NOT_FOUND, SCHEMA_NOT_EMPTY.
    """
    parts = match(_DROP, work.text)
    name = table_name(parts["name"], database="").name
    if not work.catalog.database_exists(name):
        if parts["quietly"]:
            return Outcome()
        raise QueryError("SCHEMA_NOT_FOUND", f"Database {name} does not exist")
    if work.catalog.tables(name) and (parts["how"] or "").upper() != "CASCADE":
        raise QueryError(
            "SCHEMA_NOT_EMPTY", f"Database {name} is not empty. One or more tables exist."
        )
    work.catalog.glue.delete_database(Name=name)
    return Outcome()


def drop_table(work: Work) -> Outcome:
    """Drop a table from the catalog; its files stay, as on Athena.

    Raises:
        QueryError: TABLE_NOT_FOUND, or it is a view.
    """
    parts = match(_DROP_TABLE, work.text)
    name = table_name(parts["name"], database=work.database)
    table = work.catalog.find(database=name.database, name=name.name)
    if table is None:
        if parts["quietly"]:
            return Outcome()
        raise QueryError("TABLE_NOT_FOUND", f"line 1:1: Table '{name}' does not exist")
    if table.is_view:
        raise QueryError(
            "NOT_SUPPORTED", f"Cannot drop a view with DROP TABLE: use DROP VIEW {name}"
        )
    work.catalog.glue.delete_table(DatabaseName=name.database, Name=name.name)
    return Outcome()
