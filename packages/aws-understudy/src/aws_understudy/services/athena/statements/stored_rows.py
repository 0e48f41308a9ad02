"""Writes rows as Parquet files under a table's location."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from aws_understudy.lake.hive_schema import arrow_type
from aws_understudy.lake.partition_values import HIVE_NULL
from aws_understudy.lake.s3_objects import split_uri
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.trino_types import of_hive
from aws_understudy.services.athena.value_text import column_texts
from aws_understudy.services.athena.workgroups import encryption_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written."""

    files: list[str]
    partitions: list[tuple[str, ...]]
    rows: int


def write_rows(
    *,
    s3: Any,
    location: str,
    rows: pa.Table,
    columns: Sequence[tuple[str, str]],
    keys: Sequence[tuple[str, str]],
    file_id: str,
    encryption: Mapping[str, str] | None,
    compression: str = "snappy",
) -> Written:
    """Write one file, or one per combination of the keys' values; keys are the last columns.

    Raises:
        QueryError: TYPE_MISMATCH, when a column cannot be cast without loss.
    """
    data = pa.table(
        [_cast(rows.column(i), name, kind) for i, (name, kind) in enumerate(columns)],
        names=[name for name, _ in columns],
    )
    texts = [
        column_texts(rows.column(len(columns) + i), of_hive(kind))
        for i, (_, kind) in enumerate(keys)
    ]
    groups: dict[tuple[str, ...], list[int]] = {}
    for index in range(rows.num_rows):
        values = tuple(HIVE_NULL if t[index] is None else str(t[index]) for t in texts)
        groups.setdefault(values, []).append(index)
    bucket, prefix = split_uri(location.rstrip("/") + "/")
    files = []
    for values, indices in groups.items():
        folder = "".join(
            f"{k}={quote(v, safe=' ')}/" for (k, _), v in zip(keys, values, strict=True)
        )
        key = f"{prefix}{folder}{file_id}.parquet"
        buffer = io.BytesIO()
        part = data if len(groups) == 1 else data.take(pa.array(indices))
        pq.write_table(part, buffer, compression=compression)
        s3.put_object(
            Bucket=bucket, Key=key, Body=buffer.getvalue(), **encryption_arguments(encryption)
        )
        files.append(f"s3://{bucket}/{key}")
    return Written(files=files, partitions=list(groups) if keys else [], rows=rows.num_rows)


def _cast(column: pa.ChunkedArray, name: str, kind: str) -> pa.ChunkedArray:
    try:
        return column.cast(arrow_type(kind), safe=not pa.types.is_timestamp(column.type))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise QueryError(
            "TYPE_MISMATCH", f"Column {name}: {column.type} cannot be stored as {kind}: {error}"
        ) from error
