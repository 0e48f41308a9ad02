"""Loads what a query needs of a table's files, and counts the bytes for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from aws_understudy.lake.hive_schema import arrow_type
from aws_understudy.lake.partition_values import typed_column
from aws_understudy.lake.s3_objects import S3Object, list_data
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.scan import parquet_source, regex_source, text_source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_understudy.services.athena.catalog import Partition
    from aws_understudy.services.athena.scan.layout import Layout


@dataclass(frozen=True, kw_only=True)
class FileScan:
    """One file of a table, to be read."""

    item: S3Object
    partition: Partition
    scanned: int
    """Bytes that count as scanned."""
    load: Callable[[], pa.Table]
    """Reads the needed columns, by their catalog names and types, missing ones as NULL."""


def plan(
    *, s3: Any, layout: Layout, partitions: Sequence[Partition], needed: set[str]
) -> list[FileScan]:
    """List the files and say what each costs; only Parquet footers are read yet.

    Raises:
        LakeError: a location or column type that cannot be read.
        QueryError: NOT_SUPPORTED for a SerDe that is not read.
    """
    columns = [layout.column(short) for short in sorted(needed) if short.startswith("c")]
    schema = pa.schema([(name, arrow_type(kind)) for name, kind in columns])
    scans = []
    for partition in partitions:
        source = _source(partition)
        for item in _files(s3=s3, partition=partition):
            scanned, load = source.plan(
                s3=s3, item=item, schema=schema, table=layout.table, descriptor=partition.descriptor
            )
            scans.append(FileScan(item=item, partition=partition, scanned=scanned, load=load))
    return scans


def load(*, layout: Layout, scans: Sequence[FileScan], needed: set[str]) -> pa.Table:
    """Read the files into one table under the layout's internal names."""
    shorts = [s for s in sorted(needed) if s != "path"]
    full = layout.schema()
    wanted = pa.schema(
        [full.field(f"{layout.prefix}_{s}") for s in shorts]
        + [(f"{layout.prefix}_path", pa.dictionary(pa.int32(), pa.string()))]
    )
    parts = [_part(layout=layout, scan=scan, shorts=shorts, schema=wanted) for scan in scans]
    return pa.concat_tables(parts).unify_dictionaries() if parts else wanted.empty_table()


def _part(*, layout: Layout, scan: FileScan, shorts: Sequence[str], schema: pa.Schema) -> pa.Table:
    rows = scan.load()
    arrays: list[Any] = []
    for short in shorts:
        name, kind = layout.column(short)
        if short.startswith("c"):
            arrays.append(rows.column(name))
        else:
            value = scan.partition.values[int(short[1:])]
            typed = typed_column(values=[value], kind=arrow_type(kind))
            arrays.append(pa.repeat(typed[0], rows.num_rows))
    indices = pa.repeat(pa.scalar(0, pa.int32()), rows.num_rows)
    arrays.append(pa.DictionaryArray.from_arrays(indices, pa.array([scan.item.uri])))
    return pa.table(arrays, schema=schema)


def _files(*, s3: Any, partition: Partition) -> list[S3Object]:
    location = partition.descriptor.get("Location") or ""
    return [item for item in list_data(s3=s3, uri=location) if item.size]


def _source(partition: Partition) -> Any:
    serde = partition.descriptor.get("SerdeInfo", {}).get("SerializationLibrary", "")
    if "parquet" in serde.lower():
        return parquet_source
    if text_source.reads(serde):
        return text_source
    if regex_source.reads(serde):
        return regex_source
    raise QueryError(
        "NOT_SUPPORTED",
        "The emulator reads Parquet, JSON, and text by LazySimpleSerDe, OpenCSVSerde or "
        "RegexSerDe, "
        f"not by {serde}.",
    )
