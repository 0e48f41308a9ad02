"""Reads CSV: text in UTF-8 with commas and a header; every value as the text that it is."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final, cast

import pyarrow as pa
import pyarrow.csv as pa_csv

from rehearsal.data.formats.batch import Batch, distinct
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rehearsal.data.files import DataFile

OTHER_DIVIDERS: Final = (";", "\t", "|")
BLOCK_BYTES: Final = 4 * 2**20
"""A row has to fit. Arrow reads 32 of these ahead, and so much of the text is in memory at once."""
LONGEST_FIELD: Final = 2**31 - 1

KINDS_BY_MAGIC: Final = {
    b"\x1f\x8b": "a gzip archive",
    b"BZh9": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"PAR1\x15": "a Parquet file",
}
"""What a file of text may be in truth, by its first bytes."""


def csv_batches(file: DataFile) -> Iterator[Batch]:
    """The rows of a CSV file; an empty field is no value, in a column of text too.

    Raises:
        DataError: a row has more or fewer fields than the header, another character than the
            comma divides them, or the text is not UTF-8.
    """
    with _text(file) as lines:
        headers = next(csv.reader(lines), [])
    names = distinct(file.path, headers)
    # Columns go by their places, for two may bear one name.
    places = [str(place) for place in range(len(names))]
    try:
        # Not a file of Python's: Arrow would keep the bytes until all are read.
        with pa.input_stream(str(file.path), "gzip" if file.compressed else None) as content:
            reader = pa_csv.open_csv(
                content,
                read_options=pa_csv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    column_names=places,
                    skip_rows_after_names=1,
                ),
                parse_options=pa_csv.ParseOptions(newlines_in_values=True),
                convert_options=_as_text(places),
            )
            for batch in reader:
                yield dict(zip(names, batch.columns, strict=True))
    except pa.ArrowException as error:
        raise DataError(_explain(file, error)) from None


def check_text(file: DataFile) -> str:
    """Refuse what is no text in UTF-8, and give the first line.

    Raises:
        DataError: the file is of another kind, cannot be unpacked, or holds other bytes.
    """
    with opened(file) as content:
        first = content.readline()
    path = file.path
    for magic, kind in KINDS_BY_MAGIC.items():
        if first.startswith(magic):
            raise DataError(
                f"{path}: is {kind}, not {file.kind.upper()} text; unpack it, or save it as "
                f"{file.kind.upper()}"
            )
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(f"{path}: is UTF-16 text; save it as UTF-8")
    _refuse_other_bytes(file)
    return first.decode("utf-8-sig")


def check_csv(file: DataFile) -> None:
    """Refuse what looks like a ragged row to a reader of CSV, and is something else.

    Raises:
        DataError: with what it is.
    """
    first = check_text(file)
    for divider in OTHER_DIVIDERS:
        if "," not in first and divider in first:
            raise DataError(
                f"{file.path}: its fields are divided by {divider!r}; save it with commas, and "
                "numbers with a decimal point"
            )


@contextmanager
def opened(file: DataFile) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked where it is compressed.

    Raises:
        DataError: it cannot be unpacked.
    """
    try:
        with gzip.open(file.path) if file.compressed else file.path.open("rb") as content:
            yield cast("IO[bytes]", content)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"{file.path}: is not a whole gzip archive, it may be truncated ({error}); "
            "fetch it again"
        ) from None


@contextmanager
def _text(file: DataFile) -> Iterator[IO[str]]:
    csv.field_size_limit(LONGEST_FIELD)
    with opened(file) as content:
        lines = io.TextIOWrapper(content, encoding="utf-8-sig", errors="replace", newline="")
        try:
            yield lines
        finally:
            lines.detach()


def _as_text(places: Sequence[str]) -> pa_csv.ConvertOptions:
    return pa_csv.ConvertOptions(
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        null_values=[""],
        column_types=dict.fromkeys(places, pa.string()),
    )


def _refuse_other_bytes(file: DataFile) -> None:
    with opened(file) as content:
        for number, line in enumerate(content, start=1):
            if b"\0" in line:
                raise DataError(
                    f"{file.path}, line {number}: holds a zero byte, which no text has; "
                    f"fetch the file again, or save it as {file.kind.upper()} in UTF-8"
                )
            try:
                line.decode()
            except UnicodeDecodeError as error:
                around = line[max(error.start - 10, 0) : error.end + 10]
                raise DataError(
                    f"{file.path}: is not UTF-8 text, in line {number}, at {around!r}; "
                    "save it as UTF-8"
                ) from None


def _explain(file: DataFile, error: pa.ArrowException) -> str:
    with _text(file) as lines:
        ragged = _first_ragged_row(lines)
    if ragged is None and "straddling" in str(error):
        return (
            f"{file.path}: has a row of more than {BLOCK_BYTES} bytes; shorten it, or close the "
            "double quote that a value begins with"
        )
    if ragged is None:
        return f"{file.path}: cannot be read as CSV: {error}"
    line, width, expected = ragged
    return (
        f"{file.path}, line {line}: has {width} fields, but the header has {expected}; "
        "a comma inside a value must stand in double quotes"
    )


def _first_ragged_row(lines: IO[str]) -> tuple[int, int, int] | None:
    """The line of the first row of the wrong width, its width, and the header's width."""
    rows = csv.reader(lines)
    expected = len(next(rows, []))
    for row in rows:
        if row and len(row) != expected:
            return rows.line_num, len(row), expected
    return None
