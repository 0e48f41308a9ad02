"""Why an answer may be empty: what the files that were given do not bring."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from config.dataset import Dataset
    from rehearsal.data.prepare import PreparedData


def likely_reason(sql: str, dataset: Dataset, data: PreparedData) -> str:
    """Say what of the data set's columns leaves a query without rows, or that it is not known.

    Args:
        sql: The statement.
        dataset: Its columns, and which files must bring each.
        data: The files that were given.
    """
    for name, column in dataset.columns.items():
        if column.files == "every" or not re.search(rf"\b{name}\b", sql, re.IGNORECASE):
            continue
        values, gaps = count(data, name)
        if not values:
            return f"no file that was given brings a value of {name}"
        if not gaps and re.search(rf"\b{name}\s+IS\s+NULL\b", sql, re.IGNORECASE):
            return (
                f"it asks for rows without {name}, which only a file without that column brings, "
                "and no such file was given"
            )
    return "no row of the files that were given is as it asks"


def count(data: PreparedData, column: str) -> tuple[int, int]:
    """How many rows have a value in a column, and how many have none."""
    values = gaps = 0
    for file in data.files:
        if column not in pq.ParquetFile(file.parquet).schema_arrow.names:
            gaps += file.rows
            continue
        (chunks,) = pq.ParquetFile(file.parquet).read(columns=[column]).columns
        nulls = int(pc.sum(pc.is_null(chunks)).as_py() or 0)
        values, gaps = values + file.rows - nulls, gaps + nulls
    return values, gaps


def empty_columns(dataset: Dataset, data: PreparedData) -> list[str]:
    """The columns of a data set that have no value in any file."""
    return [name for name in dataset.columns if not count(data, name)[0]]
