"""Gives the columns of a query's tables internal names, in the order in which they load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from aws_understudy.lake.hive_schema import arrow_type
from aws_understudy.services.athena.errors import QueryError

if TYPE_CHECKING:
    from aws_understudy.services.athena.catalog import CatalogTable


class Layout:
    """Internal names of a table's columns, unique in the whole query."""

    def __init__(self, *, internal: str, table: CatalogTable, with_path: bool) -> None:
        self.prefix = internal.removeprefix("$")
        self.table = table
        self.internal = internal
        self.source = f"source_{self.prefix}"
        named = [(f"c{i}", *c) for i, c in enumerate(table.columns)]
        named += [(f"p{i}", *k) for i, k in enumerate(table.keys)]
        self._columns = named
        self._path = with_path

    def schema(self) -> pa.Schema:
        """Give the registered table's columns.

        The path comes first: the engine counts rows by the first column, and the path is free.
        """
        fields = [(f"{self.prefix}_{short}", arrow_type(t)) for short, _, t in self._columns]
        return pa.schema([(f"{self.prefix}_path", pa.string()), *fields])

    def view_sql(self) -> str:
        """Make the view that gives the columns their own names.

        Raises:
            QueryError: the table has no columns.
        """
        if not self._columns:
            raise QueryError(
                "HIVE_INVALID_METADATA",
                f"Table {self.table.database}.{self.table.name} has no columns: "
                "the crawler that fills it has not run, or has failed.",
            )
        parts = [f'"{self.prefix}_{short}" AS {_quoted(name)}' for short, name, _ in self._columns]
        if self._path:
            parts.append(f'"{self.prefix}_path" AS "$path"')
        # Names come from the catalog, quoted; nothing here is a client's text.
        query = f"SELECT {', '.join(parts)} FROM {self.source}"  # noqa: S608 - see above
        return f"CREATE VIEW {_quoted(self.internal)} AS {query}"

    def column(self, short: str) -> tuple[str, str]:
        """Give name and Hive type of ``c0`` and so on."""
        return next((name, kind) for s, name, kind in self._columns if s == short)


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
