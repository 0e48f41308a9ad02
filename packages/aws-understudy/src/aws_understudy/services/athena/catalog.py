"""Reads the Data Catalog: tables, partitions, views."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.errors import QueryError, not_supported

if TYPE_CHECKING:
    from collections.abc import Mapping

_VIEW_MARK = "/* Presto View:"
CATALOG = "awsdatacatalog"


@dataclass(frozen=True, kw_only=True)
class Partition:
    """A folder of a table: the whole table's where it has no partition keys."""

    values: tuple[str, ...]
    descriptor: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CatalogTable:
    """A table of the Data Catalog."""

    database: str
    name: str
    record: Mapping[str, Any]
    """As GetTable gives it."""

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Name and Hive type of the data columns."""
        return _named(self.record.get("StorageDescriptor", {}).get("Columns", []))

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Name and Hive type of the partition keys."""
        return _named(self.record.get("PartitionKeys") or [])

    @property
    def parameters(self) -> Mapping[str, str]:
        """The table's parameters."""
        return self.record.get("Parameters") or {}

    @property
    def is_view(self) -> bool:
        """Whether it is a view."""
        return self.record.get("TableType") == "VIRTUAL_VIEW"

    def view_definition(self) -> dict[str, Any]:
        """Decode a view: ``originalSql``, ``schema``, ``columns``.

        Raises:
            QueryError: INVALID_VIEW, when Athena could not read it either.
        """
        text = (self.record.get("ViewOriginalText") or "").strip()
        if not text.startswith(_VIEW_MARK):
            raise QueryError(
                "INVALID_VIEW",
                f'View "{self.database}.{self.name}" has no "{_VIEW_MARK} ... */" text: '
                "it was not written by Athena or Presto.",
            )
        try:
            encoded = text[len(_VIEW_MARK) :].rpartition("*/")[0].strip()
            definition: dict[str, Any] = json.loads(base64.b64decode(encoded, validate=True))
        except ValueError as error:
            raise QueryError(
                "INVALID_VIEW", f'View "{self.database}.{self.name}" is not readable: {error}'
            ) from error
        return definition


def encode_view(definition: Mapping[str, Any]) -> str:
    """Encode a view's definition as Athena stores it."""
    text = base64.b64encode(json.dumps(definition).encode()).decode()
    return f"{_VIEW_MARK} {text} */"


class Catalog:
    """The Data Catalog, through the Glue API."""

    def __init__(self, glue: Any) -> None:
        self.glue = glue

    def database_exists(self, name: str) -> bool:
        """Whether there is a database of that name."""
        try:
            self.glue.get_database(Name=name)
        except self.glue.exceptions.EntityNotFoundException:
            return False
        return True

    def databases(self) -> list[str]:
        """Names of all databases, sorted."""
        pages = self.glue.get_paginator("get_databases").paginate()
        return sorted(d["Name"] for page in pages for d in page["DatabaseList"])

    def find(self, *, database: str, name: str) -> CatalogTable | None:
        """Read a table or view; None if there is none."""
        try:
            record = self.glue.get_table(DatabaseName=database, Name=name)["Table"]
        except self.glue.exceptions.EntityNotFoundException:
            return None
        return CatalogTable(database=database, name=name, record=record)

    def get(self, *, database: str, name: str, where: str = "") -> CatalogTable:
        """Read a table or view.

        Raises:
            QueryError: SCHEMA_NOT_FOUND or TABLE_NOT_FOUND; ``where`` is its place in the text.
        """
        table = self.find(database=database, name=name)
        if table:
            return table
        at = f"{where}: " if where else ""
        if database == "information_schema":
            raise not_supported(f"{at}information_schema")
        if not self.database_exists(database):
            raise QueryError("SCHEMA_NOT_FOUND", f"{at}Schema '{database}' does not exist")
        raise QueryError(
            "TABLE_NOT_FOUND", f"{at}Table '{CATALOG}.{database}.{name}' does not exist"
        )

    def tables(self, database: str) -> list[CatalogTable]:
        """All tables and views of a database, by name."""
        pages = self.glue.get_paginator("get_tables").paginate(DatabaseName=database)
        records = [t for page in pages for t in page["TableList"]]
        tables = [CatalogTable(database=database, name=r["Name"], record=r) for r in records]
        return sorted(tables, key=lambda t: t.name)

    def partitions(self, table: CatalogTable) -> list[Partition]:
        """List the folders of a table, with the values of their partition keys.

        Raises:
            QueryError: NOT_SUPPORTED for partition projection.
        """
        if not table.keys:
            return [Partition(values=(), descriptor=table.record["StorageDescriptor"])]
        if table.parameters.get("projection.enabled", "").lower() == "true":
            raise not_supported(
                f"Partition projection (projection.enabled of {table.database}.{table.name})"
            )
        pages = self.glue.get_paginator("get_partitions").paginate(
            DatabaseName=table.database, TableName=table.name
        )
        return [
            Partition(values=tuple(p["Values"]), descriptor=p["StorageDescriptor"])
            for page in pages
            for p in page["Partitions"]
        ]


def _named(columns: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(c["Name"].lower(), c.get("Type", "string")) for c in columns]
