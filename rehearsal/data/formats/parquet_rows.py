"""Reads Parquet: the values of an object become columns, ``outer.inner``; lists stay lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from rehearsal.data.formats.batch import Batch, distinct
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rehearsal.data.files import DataFile


def parquet_batches(file: DataFile) -> Iterator[Batch]:
    """The rows of a Parquet file.

    Raises:
        DataError: the file is truncated or damaged.
    """
    try:
        with pq.ParquetFile(file.path) as content:
            for batch in content.iter_batches():
                batch.validate(full=True)
                yield _columns(file, batch)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"{file.path}: is not a whole Parquet file, it may be truncated ({reason}); "
            "fetch it again"
        ) from None


def _columns(file: DataFile, batch: pa.RecordBatch) -> Batch:
    table = pa.Table.from_batches([batch])
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    arrays = [_plain(column.combine_chunks()) for column in table.columns]
    return dict(zip(distinct(file.path, table.column_names), arrays, strict=True))


def _plain(values: pa.Array) -> pa.Array:
    """A dictionary-encoded column as what it encodes: the encoding is pandas' own business."""
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return values.cast(pa.string()) if pa.types.is_large_string(values.type) else values
