"""Reads a file once, and says how many rows it has and what its columns hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rehearsal.data.formats.read import check, read_batches
from rehearsal.data.kinds import CSV_READINGS, JSON_READINGS, Column, Kind, TextColumn
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rehearsal.data.files import DataFile

READINGS = {"csv": CSV_READINGS, "json": JSON_READINGS, "parquet": ()}
"""What text may be read as, by the format that it stands in."""


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What is in a file."""

    file: DataFile
    rows: int
    kinds: Mapping[str, Kind]
    """By the file's own headers, in their order; see ``formats.batch.distinct``."""


def survey(file: DataFile) -> Survey:
    """Read a file in batches.

    Raises:
        DataError: it is not what its name says, or holds no row.
    """
    check(file)
    columns: dict[str, Column] = {}
    rows = 0
    for batch in read_batches(file):
        for name, values in batch.items():
            if name not in columns:
                columns[name] = Column(TextColumn(READINGS[file.kind]))
            columns[name].see(values)
        rows += len(next(iter(batch.values()), ()))
    if not rows:
        has = {"csv": "a header", "json": "objects", "parquet": "a schema"}[file.kind]
        raise DataError(f"{file.path}: has {has} but no rows; remove it or fetch it again")
    return Survey(
        file=file, rows=rows, kinds={name: column.kind for name, column in columns.items()}
    )
