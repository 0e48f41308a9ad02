"""SHOW and DESCRIBE."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING

from aws_understudy.services.athena.athena_types import column_info
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.outcome import Outcome, of_lines
from aws_understudy.services.athena.statements.ddl_text import (
    NAME,
    STRING,
    match,
    table_name,
    unquote,
)
from aws_understudy.services.athena.statements.partitions import show_partitions

if TYPE_CHECKING:
    from aws_understudy.services.athena.catalog import CatalogTable
    from aws_understudy.services.athena.statements.work import Work

_LIKE = rf"(?:\s+(?:LIKE\s+)?(?P<like>{STRING}))?\s*"
_DATABASES = re.compile(rf"SHOW\s+(?:DATABASES|SCHEMAS){_LIKE}", re.IGNORECASE)
_TABLES = re.compile(
    rf"SHOW\s+(?P<what>TABLES|VIEWS)(?:\s+(?:IN|FROM)\s+{NAME})?{_LIKE}", re.IGNORECASE
)
_OF_TABLE = re.compile(
    rf"(?:SHOW\s+(?:PARTITIONS|CREATE\s+TABLE|COLUMNS\s+(?:IN|FROM))|(?:DESCRIBE|DESC)"
    rf"(?:\s+(?:FORMATTED|EXTENDED))?)\s+{NAME}(?:\s+(?:IN|FROM)\s+(?P<database>[\w\"`]+))?\s*",
    re.IGNORECASE,
)
_WIDTH = 20


def show_databases(work: Work) -> Outcome:
    """List databases."""
    parts = match(_DATABASES, work.text)
    return of_lines(name="database_name", lines=_liked(work.catalog.databases(), parts["like"]))


def show_tables(work: Work) -> Outcome:
    """List tables and views, or views alone.

    Raises:
        QueryError: SCHEMA_NOT_FOUND.
    """
    parts = match(_TABLES, work.text)
    name = table_name(parts["name"], database="").name if parts["name"] else work.database
    if not work.catalog.database_exists(name):
        raise QueryError("SCHEMA_NOT_FOUND", f"Database {name} does not exist")
    views = parts["what"].upper() == "VIEWS"
    names = [t.name for t in work.catalog.tables(name) if t.is_view or not views]
    return of_lines(name="views" if views else "tab_name", lines=_liked(names, parts["like"]))


def show_of_table(work: Work) -> Outcome:
    """Show a table's partitions, columns, statement or description.

    Raises:
        QueryError: TABLE_NOT_FOUND.
    """
    parts = match(_OF_TABLE, work.text)
    schema = (parts["database"] or work.database).strip('"`').lower()
    name = table_name(parts["name"], database=schema)
    table = work.catalog.get(database=name.database, name=name.name)
    words = work.text.upper().split()
    if words[1] == "PARTITIONS":
        return show_partitions(catalog=work.catalog, table=table)
    if words[1] == "COLUMNS":
        lines = [n.ljust(_WIDTH) for n, _ in [*table.columns, *table.keys]]
        return of_lines(name="field", lines=lines)
    if words[1] == "CREATE":
        return of_lines(name="createtab_stmt", lines=_create_statement(table).splitlines())
    return _describe(table)


def _liked(names: list[str], pattern: str | None) -> list[str]:
    """Filter by Hive's pattern: ``*`` for any text, ``|`` for either."""
    if pattern is None:
        return names
    choices = unquote(pattern).replace("%", "*").lower().split("|")
    return [n for n in names if any(fnmatch.fnmatchcase(n, choice) for choice in choices)]


def _describe(table: CatalogTable) -> Outcome:
    """Describe; as on Athena, a row is one text with tabs in it."""
    comments = {
        c["Name"].lower(): c.get("Comment", "")
        for c in [
            *table.record.get("StorageDescriptor", {}).get("Columns", []),
            *(table.record.get("PartitionKeys") or []),
        ]
    }
    lines = [_row(n, t, comments.get(n, "")) for n, t in [*table.columns, *table.keys]]
    if table.keys:
        lines += ["", "# Partition Information", _row("# col_name", "data_type", "comment")]
        lines += [_row(n, t, comments.get(n, "")) for n, t in table.keys]
    columns = [column_info(name=n, kind="string") for n in ("col_name", "data_type", "comment")]
    return Outcome(columns=columns, rows=[[line] for line in lines])


def _row(*cells: str) -> str:
    return "\t".join(cell.ljust(_WIDTH) for cell in cells)


def _create_statement(table: CatalogTable) -> str:
    if table.is_view:
        raise QueryError("NOT_SUPPORTED", f"{table.name} is a view: use SHOW CREATE VIEW")
    storage = table.record["StorageDescriptor"]
    serde = storage.get("SerdeInfo", {})
    columns = ", \n".join(f"  `{n}` {t}" for n, t in table.columns)
    text = f"CREATE EXTERNAL TABLE `{table.database}.{table.name}`(\n{columns})\n"
    if table.keys:
        keys = ", \n".join(f"  `{n}` {t}" for n, t in table.keys)
        text += f"PARTITIONED BY ( \n{keys})\n"
    text += f"ROW FORMAT SERDE \n  '{serde.get('SerializationLibrary', '')}' \n"
    if serde.get("Parameters"):
        text += f"WITH SERDEPROPERTIES ( \n{_properties(serde['Parameters'])}) \n"
    text += f"STORED AS INPUTFORMAT \n  '{storage.get('InputFormat', '')}' \n"
    text += f"OUTPUTFORMAT \n  '{storage.get('OutputFormat', '')}'\n"
    text += f"LOCATION\n  '{storage.get('Location', '')}'\n"
    return text + f"TBLPROPERTIES (\n{_properties(dict(table.parameters))})"


def _properties(pairs: dict[str, str]) -> str:
    return ", \n".join(f"  '{k}'='{v}'" for k, v in sorted(pairs.items()))
