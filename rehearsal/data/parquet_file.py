"""Reads a Parquet file as an Arrow table; a truncated one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from rehearsal.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def read_parquet(file: Path) -> pa.Table:
    """Read a whole Parquet file.

    Raises:
        DataError: the file is truncated or damaged, or holds no row.
    """
    try:
        table = pq.ParquetFile(file).read()
    except (pa.ArrowInvalid, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"{file}: is not a whole Parquet file, it may be truncated ({reason}); fetch it again"
        ) from None
    if table.num_rows == 0:
        raise DataError(f"{file}: has a schema but no rows; remove it or fetch it again")
    return table.cast(pa.schema([_plain(field) for field in table.schema]))


def _plain(field: pa.Field) -> pa.Field:
    """A dictionary-encoded column as what it encodes: the encoding is pandas' own business."""
    if pa.types.is_dictionary(field.type):
        return field.with_type(field.type.value_type)
    return field.remove_metadata()
