"""Turns a folder of CSV and Parquet files into the Parquet files that are uploaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from rehearsal.data.exact import as_text, fitted, keeps_only_as_text
from rehearsal.data.files import data_files, read_csv, read_parquet
from rehearsal.data.schema import require, require_numbers, unify
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config.sections import Dataset


@dataclass(frozen=True, kw_only=True)
class PreparedFile:
    """A file as its owner gave it, and the Parquet file made of it."""

    source: Path
    renames: Mapping[str, str]
    """Old to new column names, as the settings declare them; only those that the file has."""
    parquet: Path
    rows: int
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PreparedData:
    """What is uploaded: files of one schema, columns in the order in which they are first seen."""

    files: tuple[PreparedFile, ...]
    columns: tuple[str, ...]
    left_out: tuple[Path, ...]
    """What lies in the folder and was not read; relative to it."""

    @property
    def rows(self) -> int:
        """The rows of all files."""
        return sum(file.rows for file in self.files)


def prepare(folder: Path, *, dataset: Dataset, into: Path) -> PreparedData:
    """Read every data file, rename what the settings say, and write one Parquet file for each.

    Raises:
        DataError: the data cannot be taken as it is; nothing has been written then.
    """
    contents = data_files(folder)
    files = contents.files
    raw = {file: _read(file) for file in files}
    renames = {file: _present(dataset.renames_for(file.name), raw[file]) for file in files}
    tables = _exact(
        {file: _renamed(file, raw[file], renames[file]) for file in files},
        originals={file: table.column_names for file, table in raw.items()},
    )
    require_numbers(
        {file.name: table for file, table in tables.items()}, columns=dataset.number_columns
    )
    schema = unify({file.name: table.schema for file, table in tables.items()})
    require(schema.names, required=dataset.required_columns, files=[file.name for file in files])
    tables = {file: fitted(file, table, schema=schema) for file, table in tables.items()}
    into.mkdir(parents=True, exist_ok=True)
    return PreparedData(
        files=tuple(
            _write(file, table, renames=renames[file], into=into) for file, table in tables.items()
        ),
        columns=tuple(schema.names),
        left_out=tuple(contents.left_out),
    )


def _is_csv(file: Path) -> bool:
    return file.suffix.lower() == ".csv"


def _read(file: Path) -> pa.Table:
    return read_csv(file) if _is_csv(file) else read_parquet(file)


def _exact(
    tables: Mapping[Path, pa.Table], *, originals: Mapping[Path, Sequence[str]]
) -> dict[Path, pa.Table]:
    """Keep a column of codes, such as 007, as text in every CSV file that has it."""
    codes = {
        name
        for file, table in tables.items()
        if _is_csv(file)
        for name in keeps_only_as_text(file, table, originals=originals[file])
    }
    return {
        file: as_text(file, table, columns=codes, originals=originals[file])
        if _is_csv(file)
        else table
        for file, table in tables.items()
    }


def _present(renames: Mapping[str, str], table: pa.Table) -> dict[str, str]:
    return {old: new for old, new in renames.items() if old in table.column_names}


def _renamed(file: Path, table: pa.Table, renames: Mapping[str, str]) -> pa.Table:
    # Glue writes column names in lower case, so two that differ in case only would collide.
    names = [renames.get(name, name).strip().lower() for name in table.column_names]
    for name in names:
        if not name:
            raise DataError(f"{file}: has a column without a name; the first row must name all")
        if names.count(name) > 1:
            before = [
                old for old, new in zip(table.column_names, names, strict=True) if new == name
            ]
            raise DataError(
                f"{file}: has the column {name!r} {names.count(name)} times after renaming "
                f"({', '.join(before)}); drop one, or change [[dataset.renames]] in the settings"
            )
    return table.rename_columns(names)


def _write(file: Path, table: pa.Table, *, renames: Mapping[str, str], into: Path) -> PreparedFile:
    target = into / f"{file.stem}.parquet"
    pq.write_table(table, target)
    return PreparedFile(
        source=file,
        renames=renames,
        parquet=target,
        rows=table.num_rows,
        columns=tuple(table.column_names),
    )
