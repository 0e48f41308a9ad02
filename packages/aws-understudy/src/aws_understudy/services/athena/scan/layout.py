"""Gives the columns of a query's tables internal names, in the order in which they load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from aws_understudy.lake.hive_schema import arrow_type
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.trino_types import VARCHAR, Type, of_hive

if TYPE_CHECKING:
    from aws_understudy.services.athena.catalog import CatalogTable


class Layout:
    """Internal names of a table's columns, unique in the whole query."""

    def __init__(self, *, internal: str, table: CatalogTable) -> None:
        self.prefix = internal.removeprefix("$")
        self.table = table
        self.internal = internal
        self.source = f"source_{self.prefix}"
        named = [(f"c{i}", *c) for i, c in enumerate(table.columns)]
        named += [(f"p{i}", *k) for i, k in enumerate(table.keys)]
        self._columns = named

    def schema(self) -> pa.Schema:
        """Give the registered table's columns.

        The path comes first: the engine counts rows by the first column, and the path is free.
        """
        fields = [(f"{self.prefix}_{short}", arrow_type(t)) for short, _, t in self._columns]
        return pa.schema([(f"{self.prefix}_path", pa.string()), *fields])

    def columns(self) -> list[tuple[str, str, Type]]:
        """Give each column's name, its internal one, and its type; ``$path`` last.

        Raises:
            QueryError: the table has no columns.
        """
        if not self._columns:
            raise QueryError(
                "HIVE_INVALID_METADATA",
                f"Table {self.table.database}.{self.table.name} has no columns: "
                "the crawler that fills it has not run, or has failed.",
            )
        named = [(name, f"{self.prefix}_{short}", of_hive(t)) for short, name, t in self._columns]
        return [*named, ("$path", f"{self.prefix}_path", VARCHAR)]

    def column(self, short: str) -> tuple[str, str]:
        """Give name and Hive type of ``c0`` and so on."""
        return next((name, kind) for s, name, kind in self._columns if s == short)
