"""Reads a CSV file as an Arrow table; a ragged row is refused with its line."""

from __future__ import annotations

import codecs
import csv
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pa_csv

from rehearsal.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

OTHER_DIVIDERS = (";", "\t", "|")
LARGEST_BLOCK = 2**31 - 1
"""Arrow counts a block's bytes in 32 bits."""

# An empty field is no value, in a column of text too: Athena's NULL, as in the Parquet files.
_CONVERT = pa_csv.ConvertOptions(
    strings_can_be_null=True, quoted_strings_can_be_null=True, null_values=[""]
)


def read_csv(file: Path) -> pa.Table:
    """Read a CSV file with a header; types are inferred over the whole file.

    Raises:
        DataError: a row has more or fewer fields than the header, another character than the
            comma divides them, the text is not UTF-8, or there is no row at all.
    """
    _refuse_other_text(file)
    # One block, so that a type is inferred from every row and not from the first megabyte.
    size = min(file.stat().st_size + 1, LARGEST_BLOCK)
    whole = pa_csv.ReadOptions(use_threads=False, block_size=size)
    parse = pa_csv.ParseOptions(newlines_in_values=True)
    try:
        table = pa_csv.read_csv(
            file, read_options=whole, parse_options=parse, convert_options=_CONVERT
        )
    except pa.ArrowInvalid as error:
        raise DataError(_explain(file, error)) from None
    undecodable = [field.name for field in table.schema if pa.types.is_binary(field.type)]
    if undecodable:
        raise DataError(
            f"{file}: is not UTF-8 text, in the column {', '.join(undecodable)}; convert it"
        )
    if table.num_rows == 0:
        raise DataError(f"{file}: has a header but no rows; remove it or fetch it again")
    return table


def _refuse_other_text(file: Path) -> None:
    """What a spreadsheet may have saved instead, told before it looks like a ragged row."""
    with file.open("rb") as content:
        first = content.readline()
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(f"{file}: is UTF-16 text; save it as UTF-8")
    for divider in OTHER_DIVIDERS:
        if b"," not in first and divider.encode() in first:
            raise DataError(
                f"{file}: its fields are divided by {divider!r}; save it with commas, and "
                "numbers with a decimal point"
            )


def _explain(file: Path, error: pa.ArrowInvalid) -> str:
    ragged = _first_ragged_row(file)
    if ragged is None:
        return f"{file}: cannot be read as CSV: {error}"
    line, found, expected = ragged
    return (
        f"{file}, line {line}: has {found} fields, but the header has {expected}; "
        "a comma inside a value must stand in double quotes"
    )


def _first_ragged_row(file: Path) -> tuple[int, int, int] | None:
    """The line of the first row of the wrong width, its width, and the header's width."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        rows = csv.reader(text)
        expected = len(next(rows, []))
        for row in rows:
            if row and len(row) != expected:
                return rows.line_num, len(row), expected
    return None
