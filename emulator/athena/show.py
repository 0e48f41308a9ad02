"""SHOW and DESCRIBE."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING

from emulator.athena.athena_types import column_info
from emulator.athena.errors import QueryError
from emulator.athena.identifiers import NAME, STRING, table_name, unquote
from emulator.athena.outcome import Outcome, of_lines
from emulator.athena.partitions import show_partitions
from emulator.athena.syntax import match

if TYPE_CHECKING:
    from emulator.athena.catalog import Catalog, CatalogTable

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


def show_databases(*, catalog: Catalog, text: str) -> Outcome:
    """List databases."""
    said = match(_DATABASES, text)
    return of_lines(name="database_name", lines=_liked(catalog.databases(), said["like"]))


def show_tables(*, catalog: Catalog, text: str, database: str) -> Outcome:
    """List tables and views, or views alone.

    Raises:
        QueryError: SCHEMA_NOT_FOUND.
    """
    said = match(_TABLES, text)
    name = table_name(said["name"], database="").name if said["name"] else database
    if not catalog.database_exists(name):
        raise QueryError("SCHEMA_NOT_FOUND", f"Database {name} does not exist")
    views = said["what"].upper() == "VIEWS"
    names = [t.name for t in catalog.tables(name) if t.is_view or not views]
    return of_lines(name="views" if views else "tab_name", lines=_liked(names, said["like"]))


def show_of_table(*, catalog: Catalog, text: str, database: str) -> Outcome:
    """Show a table's partitions, columns, statement or description.

    Raises:
        QueryError: TABLE_NOT_FOUND.
    """
    said = match(_OF_TABLE, text)
    schema = (said["database"] or database).strip('"`').lower()
    name = table_name(said["name"], database=schema)
    table = catalog.get(database=name.database, name=name.name)
    words = text.upper().split()
    if words[1] == "PARTITIONS":
        return show_partitions(catalog=catalog, table=table)
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
