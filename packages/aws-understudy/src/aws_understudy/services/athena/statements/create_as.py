"""CREATE TABLE AS SELECT."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_understudy.lake.s3_objects import list_data
from aws_understudy.lake.storage_formats import descriptor_parts
from aws_understudy.services.athena.athena_types import stored_type
from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.outcome import Outcome
from aws_understudy.services.athena.sql.select import named_columns
from aws_understudy.services.athena.statements.ddl_text import (
    NAME,
    TableName,
    blanked,
    match,
    pairs,
    s3_location,
    table_name,
)
from aws_understudy.services.athena.statements.partitions import add_partitions
from aws_understudy.services.athena.statements.stored_rows import write_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_understudy.services.athena.statements.work import Work

_FORM = re.compile(
    rf"CREATE\s+TABLE\s+(?P<quietly>IF\s+NOT\s+EXISTS\s+)?{NAME}\s*"
    r"(?:WITH\s*\((?P<properties>.*?)\)\s*)?AS\b(?P<query>.*?)"
    r"(?P<without>\bWITH\s+NO\s+DATA)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_ARRAY = re.compile(r"(\w+)\s*=\s*ARRAY\s*\[(.*?)\]", re.IGNORECASE | re.DOTALL)
_KNOWN = {
    *("format", "external_location", "write_compression", "parquet_compression"),
    *("is_external", "table_type"),
}


def create_table_as(work: Work) -> Outcome:
    """Run the query, write its rows as Parquet, and put the table into the catalog.

    Raises:
        QueryError: the table is there, its folder is not empty, a column has no name.
    """
    parts = match(_FORM, work.text)
    name = table_name(parts["name"], database=work.database)
    if work.catalog.find(database=name.database, name=name.name):
        if parts["quietly"]:
            return Outcome()
        message = f"line 1:1: Destination table '{name}' already exists"
        raise QueryError("TABLE_ALREADY_EXISTS", message)
    if not work.catalog.database_exists(name.database):
        raise QueryError("SCHEMA_NOT_FOUND", f"line 1:1: Schema '{name.database}' does not exist")
    properties, keys = _properties(parts["properties"] or "")
    location = _location(work=work, properties=properties, name=name)
    query = blanked(work.text[: parts.end("query")], parts.start("query"))
    answer = work.runner.run(sql=query, parameters=work.execution.parameters)
    typed = [(n, stored_type(n, t)) for n, t in named_columns(answer)]
    columns, partitioned = _divide(typed, keys)
    rows = answer.rows.slice(0, 0) if parts["without"] else answer.rows
    written = write_rows(
        s3=work.s3,
        location=location,
        rows=rows,
        columns=columns,
        keys=partitioned,
        file_id=work.execution.execution_id,
        encryption=work.execution.settings.encryption,
        compression=_compression(properties),
    )
    entry = _entry(name=name.name, location=location, columns=columns, keys=partitioned)
    work.catalog.glue.create_table(DatabaseName=name.database, TableInput=entry)
    table = work.catalog.get(database=name.database, name=name.name)
    add_partitions(catalog=work.catalog, table=table, values=written.partitions)
    return Outcome(data_files=written.files, update_count=written.rows)


def _properties(text: str) -> tuple[dict[str, str], list[str]]:
    arrays = {k.lower(): re.findall(r"'([^']*)'", v) for k, v in _ARRAY.findall(text)}
    keys = arrays.pop("partitioned_by", [])
    plain = {k.lower(): v for k, v in pairs(_ARRAY.sub("", text)).items()}
    unknown = sorted((plain.keys() - _KNOWN) | arrays.keys())
    if unknown:
        raise not_supported(f"The table property {unknown[0]}")
    if plain.get("format", "PARQUET").upper() != "PARQUET":
        raise not_supported(f"CREATE TABLE AS with format {plain['format']}")
    if plain.get("table_type", "HIVE").upper() != "HIVE":
        raise not_supported(f"CREATE TABLE AS with table_type {plain['table_type']}")
    if plain.get("is_external", "true").lower() != "true":
        raise QueryError("INVALID_TABLE_PROPERTY", "is_external must be true of a Hive table")
    return plain, [k.lower() for k in keys]


def _compression(properties: dict[str, str]) -> str:
    stated = properties.get("write_compression") or properties.get("parquet_compression")
    chosen = (stated or "gzip").lower()
    if chosen not in {"gzip", "snappy", "zstd", "none", "lz4"}:
        raise not_supported(f"The compression {stated}")
    return chosen


def _location(*, work: Work, properties: dict[str, str], name: TableName) -> str:
    stated = properties.get("external_location")
    if stated and work.execution.settings.enforced:
        raise QueryError(
            "INVALID_TABLE_PROPERTY",
            f'The workgroup "{work.execution.settings.workgroup}" enforces its output location: '
            "CREATE TABLE AS may not set external_location. Remove the property.",
        )
    folder = work.execution.settings.output_location.rstrip("/")
    location = s3_location(stated) if stated else f"{folder}/tables/{work.execution.execution_id}"
    location = location.rstrip("/") + "/"
    if list_data(s3=work.s3, uri=location):
        raise QueryError(
            "HIVE_PATH_ALREADY_EXISTS",
            f"Target directory for table '{name.database}.{name.name}' already exists: {location}",
        )
    return location


def _divide(
    columns: list[tuple[str, str]], keys: Sequence[str]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Part the data columns from the partition keys, which must come last, in order."""
    at = len(columns) - len(keys)
    if [name for name, _ in columns[at:]] != list(keys):
        raise QueryError(
            "HIVE_COLUMN_ORDER_MISMATCH",
            "Partition keys must be the last columns in the table and in the same order as the "
            f"table properties: {list(keys)}",
        )
    return columns[:at], columns[at:]


def _entry(
    *,
    name: str,
    location: str,
    columns: list[tuple[str, str]],
    keys: list[tuple[str, str]],
) -> dict[str, Any]:
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {
            "EXTERNAL": "TRUE",
            "classification": "parquet",
            "has_encrypted_data": "false",
        },
        "PartitionKeys": [{"Name": n, "Type": t} for n, t in keys],
        "StorageDescriptor": {
            "Columns": [{"Name": n, "Type": t} for n, t in columns],
            "Location": location,
            **descriptor_parts("PARQUET"),
            "Parameters": {},
        },
    }
