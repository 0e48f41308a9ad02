"""Reads Parquet files of a table, only the columns asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from aws_understudy.lake.hive_types import common, from_arrow
from aws_understudy.lake.s3_objects import RangeFile, S3Object
from aws_understudy.services.athena.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_understudy.services.athena.catalog import CatalogTable


def plan(
    *,
    s3: Any,
    item: S3Object,
    schema: pa.Schema,
    table: CatalogTable,
    descriptor: Mapping[str, Any],
) -> tuple[int, Callable[[], pa.Table]]:
    """Read the footer; return the compressed bytes of the needed column chunks, and a loader.

    Raises:
        QueryError: HIVE_CANNOT_OPEN_SPLIT for a file that is not whole.
    """
    del descriptor, table  # a Parquet file describes itself
    try:
        file = pq.ParquetFile(pa.PythonFile(RangeFile(s3=s3, item=item), mode="r"))
    except (pa.ArrowException, OSError) as error:
        raise QueryError("HIVE_CANNOT_OPEN_SPLIT", f"Error opening {item.uri}: {error}") from error
    held = {field.name.lower(): field.name for field in file.schema_arrow}
    chosen = [held[name] for name in schema.names if name in held]
    scanned = _chunk_bytes(file.metadata, set(chosen))

    def load() -> pa.Table:
        rows = file.read(columns=chosen) if chosen else None
        count = file.metadata.num_rows
        arrays = [
            _cast(rows.column(held[f.name]), field=f, item=item)
            if rows is not None and f.name in held
            else pa.nulls(count, f.type)
            for f in schema
        ]
        if not arrays:
            return pa.table({"": pa.nulls(count)})
        return pa.table(arrays, schema=schema)

    return scanned, load


def _chunk_bytes(metadata: pq.FileMetaData, columns: set[str]) -> int:
    total = 0
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for index in range(row_group.num_columns):
            chunk = row_group.column(index)
            if chunk.path_in_schema.split(".")[0] in columns:
                total += chunk.total_compressed_size
    return total


def _cast(column: pa.ChunkedArray, *, field: pa.Field, item: S3Object) -> pa.ChunkedArray:
    """Cast to the table's type where that loses nothing; else the table lies about the file."""
    if column.type == field.type:
        return column
    try:
        stored, declared = from_arrow(column.type), from_arrow(field.type)
        nested = pa.types.is_nested(field.type)
        decimals = stored.startswith("decimal") and declared.startswith("decimal")
        if nested or decimals or common(stored, declared) == declared:
            return column.cast(field.type, safe=not pa.types.is_timestamp(field.type))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        raise _mismatch(column=column, field=field, item=item) from error
    raise _mismatch(column=column, field=field, item=item)


def _mismatch(*, column: pa.ChunkedArray, field: pa.Field, item: S3Object) -> QueryError:
    return QueryError(
        "HIVE_BAD_DATA",
        f"Field {field.name}'s type {column.type} in parquet file {item.uri} is incompatible "
        f"with type {field.type} defined in table schema",
    )
