"""Finds the data files of a folder and reads each as an Arrow table, or refuses it by name."""

from __future__ import annotations

import codecs
import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUFFIXES = (".csv", ".parquet")
OTHER_DIVIDERS = (";", "\t", "|")
LARGEST_BLOCK = 2**31 - 1
"""Arrow counts a block's bytes in 32 bits."""

KINDS_BY_MAGIC = {
    b"\x1f\x8b": "a gzip archive",
    b"BZh9": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"PAR1\x15": "a Parquet file",
}
"""What a file named .csv may be in truth, by its first bytes."""


@dataclass(frozen=True, kw_only=True)
class DataFolder:
    """What lies in the user's folder: the files to read, and those that are left out."""

    files: Sequence[Path]
    left_out: Sequence[Path]
    """Files of other kinds at any depth, hidden ones apart; relative to the folder."""


def data_files(folder: Path) -> DataFolder:
    """Find the CSV and Parquet files that lie directly in a folder, by name.

    Hidden files are left alone; files of other kinds (a README, say) are left out by name.

    Raises:
        DataError: the folder is missing or holds no data file, a folder in it holds some, a file
            is empty or may not be read, or two files would become the same Parquet file.
    """
    if not folder.exists():
        raise DataError(f"DATA={folder}: no such folder; give one with CSV or Parquet files")
    if not folder.is_dir():
        raise DataError(f"DATA={folder}: is a file; give the folder that it lies in")
    entries = list(_visible_entries(folder))
    files = sorted(entry for entry in entries if _is_data(entry))
    left_out = sorted(entry.relative_to(folder) for entry in entries if not _is_data(entry))
    for file in files:
        _refuse_further_down(file, folder)
    if not files:
        names = f"; it holds {', '.join(map(str, left_out[:5]))}" if left_out else ""
        raise DataError(f"DATA={folder}: holds no file that ends in {' or '.join(SUFFIXES)}{names}")
    for file in files:
        if not file.is_file():
            raise DataError(f"{file}: is no file, or a link to none; remove it or fetch it again")
        _refuse_unreadable(file)
        if file.stat().st_size == 0:
            raise DataError(f"{file}: is empty (0 bytes); remove it or fetch it again")
    _refuse_namesakes(files)
    return DataFolder(files=files, left_out=left_out)


def _visible_entries(folder: Path) -> Iterator[Path]:
    """Everything but folders, at any depth; linked folders too, unless they lead in a circle."""
    visited = set()
    for root, folders, names in os.walk(folder, followlinks=True):
        place = Path(root)
        visited.add(place.resolve())
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (place / name).resolve() not in visited
        )
        for path in [place, *(place / name for name in folders)]:
            _refuse_unreadable(path)
        yield from (place / name for name in names if not name.startswith("."))


def _is_data(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES


def _refuse_unreadable(path: Path) -> None:
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        raise DataError(f"{path}: you may not read it; ask its owner, or copy it")


def _refuse_further_down(file: Path, folder: Path) -> None:
    """Data that is left out would change the answers."""
    if file.parent != folder:
        raise DataError(
            f"{file}: lies in a folder inside DATA={folder}, and only files that lie directly "
            f"in it are read; move it there, or give DATA={file.parent}"
        )


def _refuse_namesakes(files: list[Path]) -> None:
    seen: dict[str, Path] = {}
    for file in files:
        other = seen.setdefault(file.stem, file)
        if other is not file:
            raise DataError(
                f"{other.name} and {file.name} would both become {file.stem}.parquet; "
                "rename one, or keep one if they hold the same rows"
            )


def read_csv(file: Path, *, text_columns: Sequence[str] | None = None) -> pa.Table:
    """Read a CSV file with a header; types are inferred over the whole file.

    An empty field is no value, in a column of text too: Athena's NULL, as in the Parquet files.

    Args:
        file: The file.
        text_columns: Only these columns, each value as the text that the file holds.

    Raises:
        DataError: a row has more or fewer fields than the header, another character than the
            comma divides them, the text is not UTF-8, or there is no row at all.
    """
    if text_columns is None:
        _refuse_other_kinds(file)
    convert = pa_csv.ConvertOptions(
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        null_values=[""],
        include_columns=text_columns,
        column_types=dict.fromkeys(text_columns or (), pa.string()),
    )
    # One block, so that a type is inferred from every row and not from the first megabyte.
    size = min(file.stat().st_size + 1, LARGEST_BLOCK)
    whole = pa_csv.ReadOptions(use_threads=False, block_size=size)
    parse = pa_csv.ParseOptions(newlines_in_values=True)
    try:
        table = pa_csv.read_csv(
            file, read_options=whole, parse_options=parse, convert_options=convert
        )
    except pa.ArrowException as error:
        raise DataError(_explain(file, error)) from None
    if table.num_rows == 0:
        raise DataError(f"{file}: has a header but no rows; remove it or fetch it again")
    return table


def _refuse_other_kinds(file: Path) -> None:
    """What is no CSV text in UTF-8, told before it looks like a ragged row."""
    with file.open("rb") as content:
        first = content.readline()
    for magic, kind in KINDS_BY_MAGIC.items():
        if first.startswith(magic):
            raise DataError(f"{file}: is {kind}, not CSV text; unpack it, or save it as CSV")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(f"{file}: is UTF-16 text; save it as UTF-8")
    _refuse_other_bytes(file)
    for divider in OTHER_DIVIDERS:
        if b"," not in first and divider.encode() in first:
            raise DataError(
                f"{file}: its fields are divided by {divider!r}; save it with commas, and "
                "numbers with a decimal point"
            )


def _refuse_other_bytes(file: Path) -> None:
    with file.open("rb") as content:
        for number, line in enumerate(content, start=1):
            if b"\0" in line:
                raise DataError(
                    f"{file}, line {number}: holds a zero byte, which no text has; "
                    "fetch the file again, or save it as CSV in UTF-8"
                )
            try:
                line.decode()
            except UnicodeDecodeError as error:
                around = line[max(error.start - 10, 0) : error.end + 10]
                raise DataError(
                    f"{file}: is not UTF-8 text, in line {number}, at {around!r}; save it as UTF-8"
                ) from None


def _explain(file: Path, error: pa.ArrowException) -> str:
    ragged = _first_ragged_row(file)
    if ragged is None:
        return f"{file}: cannot be read as CSV: {error}"
    line, width, expected = ragged
    return (
        f"{file}, line {line}: has {width} fields, but the header has {expected}; "
        "a comma inside a value must stand in double quotes"
    )


def _first_ragged_row(file: Path) -> tuple[int, int, int] | None:
    """The line of the first row of the wrong width, its width, and the header's width."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        csv.field_size_limit(LARGEST_BLOCK)
        rows = csv.reader(text)
        expected = len(next(rows, []))
        for row in rows:
            if row and len(row) != expected:
                return rows.line_num, len(row), expected
    return None


def read_parquet(file: Path) -> pa.Table:
    """Read a whole Parquet file.

    Raises:
        DataError: the file is truncated or damaged, or holds no row.
    """
    try:
        table = pq.ParquetFile(file).read()
        table = table.cast(pa.schema([_plain(field) for field in table.schema]))
        table.validate(full=True)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"{file}: is not a whole Parquet file, it may be truncated ({reason}); fetch it again"
        ) from None
    if table.num_rows == 0:
        raise DataError(f"{file}: has a schema but no rows; remove it or fetch it again")
    return table


def _plain(field: pa.Field) -> pa.Field:
    """A dictionary-encoded column as what it encodes: the encoding is pandas' own business."""
    if pa.types.is_dictionary(field.type):
        return field.with_type(field.type.value_type)
    return field.remove_metadata()
