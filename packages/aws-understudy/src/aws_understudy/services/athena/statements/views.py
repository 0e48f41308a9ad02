"""CREATE VIEW, DROP VIEW, SHOW CREATE VIEW; views are stored as Athena stores them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aws_understudy.services.athena.athena_types import column_info, stored_type, trino_type
from aws_understudy.services.athena.catalog import CATALOG, encode_view
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.outcome import Outcome
from aws_understudy.services.athena.sql.select import named_columns
from aws_understudy.services.athena.statements.ddl_text import (
    NAME,
    TableName,
    blanked,
    match,
    table_name,
)

if TYPE_CHECKING:
    from aws_understudy.services.athena.catalog import CatalogTable
    from aws_understudy.services.athena.statements.work import Work

_CREATE = re.compile(
    rf"CREATE\s+(?P<replace>OR\s+REPLACE\s+)?VIEW\s+{NAME}\s+AS\b(?P<query>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DROP = re.compile(rf"DROP\s+VIEW\s+(?P<quietly>IF\s+EXISTS\s+)?{NAME}\s*", re.IGNORECASE)
_SHOW = re.compile(rf"SHOW\s+CREATE\s+VIEW\s+{NAME}\s*", re.IGNORECASE)


def create_view(work: Work) -> Outcome:
    """Plan the query, so that a wrong one is no view, and store it.

    Raises:
        QueryError: the query is wrong, or there is a table, or a view without OR REPLACE.
    """
    parts = match(_CREATE, work.text)
    name = table_name(parts["name"], database=work.database)
    catalog = work.catalog
    held = catalog.find(database=name.database, name=name.name)
    if held and not (parts["replace"] and held.is_view):
        kind = "View" if held.is_view else "Table"
        raise QueryError("ALREADY_EXISTS", f"line 1:1: {kind} '{name}' already exists")
    if held is None and not catalog.database_exists(name.database):
        raise QueryError("SCHEMA_NOT_FOUND", f"line 1:1: Schema '{name.database}' does not exist")
    described = named_columns(work.runner.describe(sql=blanked(work.text, parts.start("query"))))
    columns = [(column, stored_type(column, kind)) for column, kind in described]
    definition = {
        "originalSql": parts["query"].strip(),
        "catalog": CATALOG,
        "schema": work.database,
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


def drop_view(work: Work) -> Outcome:
    """Drop a view.

    Raises:
        QueryError: there is none of that name.
    """
    parts = match(_DROP, work.text)
    name = table_name(parts["name"], database=work.database)
    view = work.catalog.find(database=name.database, name=name.name)
    if view is None and parts["quietly"]:
        return Outcome()
    _check(view, name)
    work.catalog.glue.delete_table(DatabaseName=name.database, Name=name.name)
    return Outcome()


def show_create_view(work: Work) -> Outcome:
    """Show the statement that makes the view."""
    name = table_name(match(_SHOW, work.text)["name"], database=work.database)
    view = _check(work.catalog.find(database=name.database, name=name.name), name)
    made = f"CREATE VIEW {name.database}.{name.name} AS\n{view.view_definition()['originalSql']}"
    rows: list[list[str | None]] = [[line] for line in made.splitlines()]
    return Outcome(columns=[column_info(name="Create View", kind="varchar")], rows=rows)


def _check(table: CatalogTable | None, name: TableName) -> CatalogTable:
    if table is None or not table.is_view:
        raise QueryError("TABLE_NOT_FOUND", f"line 1:1: View '{name}' does not exist")
    return table
