"""CREATE VIEW, DROP VIEW, SHOW CREATE VIEW; views are stored as Athena stores them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emulator.athena.athena_types import column_info, trino_type
from emulator.athena.catalog import CATALOG, encode_view
from emulator.athena.errors import QueryError
from emulator.athena.hive_schema import hive_type
from emulator.athena.identifiers import NAME, TableName, blanked, table_name
from emulator.athena.outcome import Outcome
from emulator.athena.select import QueryRunner, named_columns
from emulator.athena.syntax import match

if TYPE_CHECKING:
    from emulator.athena.catalog import Catalog, CatalogTable

_CREATE = re.compile(
    rf"CREATE\s+(?P<replace>OR\s+REPLACE\s+)?VIEW\s+{NAME}\s+AS\b(?P<query>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DROP = re.compile(rf"DROP\s+VIEW\s+(?P<quietly>IF\s+EXISTS\s+)?{NAME}\s*", re.IGNORECASE)
_SHOW = re.compile(rf"SHOW\s+CREATE\s+VIEW\s+{NAME}\s*", re.IGNORECASE)


def create_view(*, runner: QueryRunner, text: str) -> Outcome:
    """Plan the query, so that a wrong one is no view, and store it.

    Raises:
        QueryError: the query is wrong, or there is a table, or a view without OR REPLACE.
    """
    said = match(_CREATE, text)
    name = table_name(said["name"], database=runner.database)
    catalog = runner.catalog
    held = catalog.find(database=name.database, name=name.name)
    if held and not (said["replace"] and held.is_view):
        kind = "View" if held.is_view else "Table"
        raise QueryError("ALREADY_EXISTS", f"line 1:1: {kind} '{name}' already exists")
    if held is None and not catalog.database_exists(name.database):
        raise QueryError("SCHEMA_NOT_FOUND", f"line 1:1: Schema '{name.database}' does not exist")
    described = named_columns(runner.describe(sql=blanked(text, said.start("query"))))
    columns = [(column, hive_type(duck)) for column, duck in described]
    definition = {
        "originalSql": said["query"].strip(),
        "catalog": CATALOG,
        "schema": runner.database,
        "columns": [{"name": n, "type": trino_type(t)} for n, t in columns],
    }
    entry = {
        "Name": name.name,
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": encode_view(definition),
        "ViewExpandedText": "/* Presto View */",
        "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": [{"Name": n, "Type": t} for n, t in columns],
            "Location": "",
            "SerdeInfo": {},
        },
    }
    write = catalog.glue.update_table if held else catalog.glue.create_table
    write(DatabaseName=name.database, TableInput=entry)
    return Outcome()


def drop_view(*, catalog: Catalog, text: str, database: str) -> Outcome:
    """Drop a view.

    Raises:
        QueryError: there is none of that name.
    """
    said = match(_DROP, text)
    name = table_name(said["name"], database=database)
    found = catalog.find(database=name.database, name=name.name)
    if found is None and said["quietly"]:
        return Outcome()
    _check(found, name)
    catalog.glue.delete_table(DatabaseName=name.database, Name=name.name)
    return Outcome()


def show_create_view(*, catalog: Catalog, text: str, database: str) -> Outcome:
    """Show the statement that makes the view."""
    name = table_name(match(_SHOW, text)["name"], database=database)
    view = _check(catalog.find(database=name.database, name=name.name), name)
    made = f"CREATE VIEW {name.database}.{name.name} AS\n{view.view_definition()['originalSql']}"
    rows: list[list[str | None]] = [[line] for line in made.splitlines()]
    return Outcome(columns=[column_info(name="Create View", kind="varchar")], rows=rows)


def _check(found: CatalogTable | None, name: TableName) -> CatalogTable:
    if found is None or not found.is_view:
        raise QueryError("TABLE_NOT_FOUND", f"line 1:1: View '{name}' does not exist")
    return found
