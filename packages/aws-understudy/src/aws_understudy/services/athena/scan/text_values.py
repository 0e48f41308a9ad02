"""Turns columns of text into the table's types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from aws_understudy.services.athena.engine import scratch_engine
from aws_understudy.services.athena.errors import QueryError, not_supported

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def typed_table(
    *,
    texts: Mapping[str, Sequence[str | None]],
    rows: int,
    schema: pa.Schema,
    strict: bool,
    uri: str,
) -> pa.Table:
    """Convert; a value that is not of the type is NULL, or with ``strict`` an error, as in Athena.

    Raises:
        QueryError: HIVE_BAD_DATA (strict), NOT_SUPPORTED for nested types in delimited text.
    """
    if not schema.names:
        return pa.table({"": pa.nulls(rows)})
    engine = scratch_engine()
    arrays = [
        _convert(engine=engine, texts=texts[f.name], field=f, strict=strict, uri=uri)
        if f.name in texts
        else pa.nulls(rows, f.type)
        for f in schema
    ]
    return pa.table(arrays, schema=schema)


def _convert(
    *,
    engine: duckdb.DuckDBPyConnection,
    texts: Sequence[str | None],
    field: pa.Field,
    strict: bool,
    uri: str,
) -> pa.Array | pa.ChunkedArray:
    column = pa.array(texts, pa.string())
    if pa.types.is_string(field.type):
        return column
    if pa.types.is_nested(field.type):
        raise not_supported(f"A {field.type} column in delimited text")
    if pa.types.is_binary(field.type):
        return column.cast(field.type)
    engine.register("texts", pa.table({"value": column}))
    kind = _duck_type(field.type)
    cast = "CAST" if strict else "TRY_CAST"
    try:
        relation = engine.table("texts").project(f"{cast}(value AS {kind}) AS value")
        return relation.to_arrow_table().column("value").cast(field.type)
    except (duckdb.Error, pa.ArrowInvalid) as error:
        raise QueryError(
            "HIVE_BAD_DATA", f"Error parsing a value of field {field.name} in {uri}: {error}"
        ) from error
    finally:
        engine.unregister("texts")


def _duck_type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision},{kind.scale})"
    names = {
        "bool": "BOOLEAN",
        "int8": "TINYINT",
        "int16": "SMALLINT",
        "int32": "INTEGER",
        "int64": "BIGINT",
        "float": "FLOAT",
        "double": "DOUBLE",
        "date32[day]": "DATE",
        "timestamp[us]": "TIMESTAMP",
    }
    return names[str(kind)]
