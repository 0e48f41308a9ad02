"""Reads a data file of any kind in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rehearsal.data.formats.csv_text import check_csv, check_text, csv_batches
from rehearsal.data.formats.json_lines import json_batches
from rehearsal.data.formats.parquet_rows import parquet_batches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rehearsal.data.files import DataFile
    from rehearsal.data.formats.batch import Batch

READERS: Final = {"csv": csv_batches, "json": json_batches, "parquet": parquet_batches}


def read_batches(file: DataFile) -> Iterator[Batch]:
    """The rows of a file; each batch has the columns that its rows have.

    Raises:
        DataError: the file is not what its name says.
    """
    return READERS[file.kind](file)


def check(file: DataFile) -> None:
    """Refuse a file of text that is something else, before it is read.

    Raises:
        DataError: with what it is.
    """
    if file.kind == "csv":
        check_csv(file)
    elif file.kind == "json":
        check_text(file)
