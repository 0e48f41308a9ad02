"""Reads the schema of a Parquet file from its footer."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from aws_understudy.lake.hive_types import from_arrow
from aws_understudy.lake.s3_objects import RangeFile, S3Object
from aws_understudy.services.glue.errors import CrawlRefused
from aws_understudy.services.glue.formats.schema import FileSchema

MAGIC = b"PAR1"


def read_schema(*, s3: Any, item: S3Object) -> FileSchema:
    """Read columns and row count.

    Raises:
        CrawlRefused: the footer is missing (a truncated upload) or a column has no Hive type.
    """
    try:
        footer = pq.ParquetFile(pa.PythonFile(RangeFile(s3=s3, item=item), mode="r"))
    except (pa.ArrowException, OSError) as error:
        raise CrawlRefused(
            f"{item.uri} ({item.size} bytes) is not a whole Parquet file: {error}. "
            "It is most likely truncated; upload it again."
        ) from error
    columns: dict[str, str] = {}
    for column in footer.schema_arrow:
        name = column.name.lower()
        if name in columns:
            raise CrawlRefused(f'{item.uri} has two columns called "{name}" (case aside).')
        try:
            columns[name] = from_arrow(column.type)
        except ValueError as error:
            raise CrawlRefused(f'{item.uri}, column "{name}": {error}.') from error
    return FileSchema(
        item=item, classification="parquet", columns=columns, rows=footer.metadata.num_rows
    )
