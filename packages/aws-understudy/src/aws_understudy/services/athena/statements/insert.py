"""INSERT INTO and UNLOAD."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from aws_understudy.lake.hive_schema import arrow_type
from aws_understudy.lake.s3_objects import list_data
from aws_understudy.services.athena.athena_types import stored_type
from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.outcome import Outcome
from aws_understudy.services.athena.sql.bind.coercion import coerces
from aws_understudy.services.athena.sql.select import named_columns
from aws_understudy.services.athena.statements.ddl_text import (
    NAME,
    STRING,
    blanked,
    match,
    pairs,
    s3_location,
    table_name,
    unquote,
)
from aws_understudy.services.athena.statements.partitions import add_partitions
from aws_understudy.services.athena.statements.stored_rows import write_rows
from aws_understudy.services.athena.trino_types import of_hive

if TYPE_CHECKING:
    from aws_understudy.services.athena.catalog import CatalogTable
    from aws_understudy.services.athena.sql.select import Answer
    from aws_understudy.services.athena.statements.work import Work

_INSERT = re.compile(
    rf"INSERT\s+INTO\s+{NAME}\s*(?:\((?P<columns>(?!\s*(?:SELECT|WITH|VALUES)\b)[^()]*)\)\s*)?"
    r"(?P<query>(?:SELECT|WITH|VALUES|TABLE|\().*)",
    re.IGNORECASE | re.DOTALL,
)
_UNLOAD = re.compile(
    rf"UNLOAD\s*\((?P<query>.*)\)\s*TO\s*(?P<to>{STRING})\s*WITH\s*\((?P<properties>[^()]*)\)\s*",
    re.IGNORECASE | re.DOTALL,
)


def insert(work: Work) -> Outcome:
    """Add the rows of a query as a new file of the table, and new partitions to the catalog.

    Raises:
        QueryError: the table is missing, not Parquet, or the columns do not fit.
    """
    parts = match(_INSERT, work.text)
    name = table_name(parts["name"], database=work.database)
    table = work.catalog.get(database=name.database, name=name.name, where="line 1:1")
    serde = table.record["StorageDescriptor"].get("SerdeInfo", {}).get("SerializationLibrary", "")
    if table.is_view or "parquet" not in serde.lower():
        raise not_supported(f"INSERT INTO a table that is not Parquet ({serde or 'a view'})")
    answer = work.runner.run(
        sql=blanked(work.text, parts.start("query")), parameters=work.execution.parameters
    )
    listed = [c.strip(' "`').lower() for c in (parts["columns"] or "").split(",") if c.strip()]
    rows = _arranged(answer=answer, table=table, listed=listed)
    written = write_rows(
        s3=work.s3,
        location=table.record["StorageDescriptor"]["Location"],
        rows=rows,
        columns=table.columns,
        keys=table.keys,
        file_id=work.execution.execution_id,
        encryption=work.execution.settings.encryption,
    )
    held = {p.values for p in work.catalog.partitions(table)}
    new = [v for v in written.partitions if v not in held]
    add_partitions(catalog=work.catalog, table=table, values=new)
    return Outcome(data_files=written.files, update_count=written.rows)


def _arranged(*, answer: Answer, table: CatalogTable, listed: list[str]) -> pa.Table:
    """Put the query's columns into the table's order; those not listed are NULL."""
    wanted = [*table.columns, *table.keys]
    names = listed or [name for name, _ in wanted]
    unknown = sorted(set(names) - {name for name, _ in wanted})
    if unknown:
        raise QueryError(
            "COLUMN_NOT_FOUND", f"line 1:1: Insert column name does not exist: {unknown[0]}"
        )
    if len(names) != answer.rows.num_columns:
        raise QueryError(
            "TYPE_MISMATCH",
            f"line 1:1: Insert query has {answer.rows.num_columns} columns, "
            f"the table {len(names)}: {names}",
        )
    at = {name: i for i, name in enumerate(names)}
    arrays = [
        _typed(answer, at[name], name, kind)
        if name in at
        else pa.chunked_array([pa.nulls(answer.rows.num_rows, arrow_type(kind))])
        for name, kind in wanted
    ]
    return pa.table(arrays, names=[name for name, _ in wanted])


def _typed(answer: Answer, place: int, name: str, kind: str) -> pa.ChunkedArray:
    """Coerce as Trino does on INSERT: to a wider type of the same kind."""
    target, source = of_hive(kind), answer.types[place]
    texts = {target.name, source.name} <= {"varchar", "char"}
    if not (coerces(source, target) or texts):
        raise QueryError(
            "TYPE_MISMATCH",
            f"line 1:1: Insert query has mismatched column types: {name} is {target}, "
            f"the query gives {source}",
        )
    column = answer.rows.column(place)
    if source.name == "unknown":
        return pa.chunked_array([pa.nulls(len(column), arrow_type(kind))])
    try:
        return column.cast(arrow_type(kind), safe=target.name != "timestamp")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise QueryError("TYPE_MISMATCH", f"line 1:1: Insert column {name}: {error}") from error


def unload(work: Work) -> Outcome:
    """Write the rows of a query as Parquet under an empty folder.

    Raises:
        QueryError: NOT_SUPPORTED for other formats; the folder is not empty.
    """
    parts = match(_UNLOAD, work.text)
    properties = {k.lower(): v for k, v in pairs(parts["properties"]).items()}
    extra = properties.keys() - {"format", "compression"}
    if properties.get("format", "").upper() != "PARQUET" or extra:
        raise not_supported(f"UNLOAD with {parts['properties'].strip()}")
    location = s3_location(unquote(parts["to"]))
    if list_data(s3=work.s3, uri=location):
        raise QueryError("HIVE_PATH_ALREADY_EXISTS", f"The folder {location} is not empty")
    query = blanked(work.text[: parts.end("query")], parts.start("query"))
    answer = work.runner.run(sql=query, parameters=work.execution.parameters)
    written = write_rows(
        s3=work.s3,
        location=location,
        rows=answer.rows,
        columns=[(n, stored_type(n, t)) for n, t in named_columns(answer)],
        keys=[],
        file_id=work.execution.execution_id,
        encryption=work.execution.settings.encryption,
        compression=properties.get("compression", "gzip").lower(),
    )
    return Outcome(data_files=written.files, update_count=written.rows)
