"""CREATE and DROP of databases, DROP of tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from emulator.athena.errors import QueryError
from emulator.athena.identifiers import NAME, STRING, pairs, table_name, unquote
from emulator.athena.locations import s3_location
from emulator.athena.outcome import Outcome
from emulator.athena.syntax import match

if TYPE_CHECKING:
    from emulator.athena.catalog import Catalog

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


def create_database(*, catalog: Catalog, text: str) -> Outcome:
    """Create a database.

    Raises:
        QueryError: SCHEMA_ALREADY_EXISTS, unless IF NOT EXISTS.
    """
    said = match(_CREATE, text)
    name = table_name(said["name"], database="").name
    if catalog.database_exists(name):
        if said["quietly"]:
            return Outcome()
        raise QueryError("SCHEMA_ALREADY_EXISTS", f"Database {name} already exists")
    entry: dict[str, Any] = {"Name": name}
    if said["comment"]:
        entry["Description"] = unquote(said["comment"])
    if said["location"]:
        entry["LocationUri"] = s3_location(unquote(said["location"]))
    if said["properties"]:
        entry["Parameters"] = pairs(said["properties"])
    catalog.glue.create_database(DatabaseInput=entry)
    return Outcome()


def drop_database(*, catalog: Catalog, text: str) -> Outcome:
    """Drop a database; one with tables only by CASCADE.

    Raises:
        QueryError: SCHEMA_NOT_FOUND, SCHEMA_NOT_EMPTY.
    """
    said = match(_DROP, text)
    name = table_name(said["name"], database="").name
    if not catalog.database_exists(name):
        if said["quietly"]:
            return Outcome()
        raise QueryError("SCHEMA_NOT_FOUND", f"Database {name} does not exist")
    if catalog.tables(name) and (said["how"] or "").upper() != "CASCADE":
        raise QueryError(
            "SCHEMA_NOT_EMPTY", f"Database {name} is not empty. One or more tables exist."
        )
    catalog.glue.delete_database(Name=name)
    return Outcome()


def drop_table(*, catalog: Catalog, text: str, database: str) -> Outcome:
    """Drop a table from the catalog; its files stay, as on Athena.

    Raises:
        QueryError: TABLE_NOT_FOUND, or it is a view.
    """
    said = match(_DROP_TABLE, text)
    name = table_name(said["name"], database=database)
    found = catalog.find(database=name.database, name=name.name)
    if found is None:
        if said["quietly"]:
            return Outcome()
        raise QueryError("TABLE_NOT_FOUND", f"line 1:1: Table '{name}' does not exist")
    if found.is_view:
        raise QueryError(
            "NOT_SUPPORTED", f"Cannot drop a view with DROP TABLE: use DROP VIEW {name}"
        )
    catalog.glue.delete_table(DatabaseName=name.database, Name=name.name)
    return Outcome()
