"""Keeps every value as its file holds it, or refuses it by file, row and column."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from rehearsal.data.files import read_csv
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

LARGEST_EXACT = 2**53
"""A double holds every whole number up to here."""

_LEADING_ZERO = r"^\s*[+-]?0[0-9]"
_WHOLE = r"^\s*[+-]?[0-9]+\s*$"


def keeps_only_as_text(file: Path, table: pa.Table, *, originals: Sequence[str]) -> set[str]:
    """Name the columns of a CSV file whose digits are codes: a number would lose some of them.

    A code begins with a zero (007), or its column is of whole numbers too long for 64 bits. A
    fraction stands for the double that is nearest to it, as in every database.

    Raises:
        DataError: a column of fractions holds a number that no double holds.
    """
    numbers = {
        old: table[new]
        for old, new in zip(originals, table.column_names, strict=True)
        if pa.types.is_integer(table[new].type) or pa.types.is_floating(table[new].type)
    }
    if not numbers:
        return set()
    new_names = dict(zip(originals, table.column_names, strict=True))
    texts = read_csv(file, text_columns=list(numbers))
    codes = set()
    for old, values in numbers.items():
        text = texts[old]
        if _any(pc.match_substring_regex(text, _LEADING_ZERO)):
            codes.add(new_names[old])
        elif pa.types.is_floating(values.type):
            whole = pc.match_substring_regex(text, _WHOLE)
            if pc.all(whole).as_py():
                codes.add(new_names[old])
            else:
                _refuse_lossy(file, new_names[old], text=text, whole=whole, values=values)
    return codes


def _any(mask: pa.ChunkedArray) -> bool:
    return bool(pc.any(mask).as_py())


def _refuse_lossy(
    file: Path,
    column: str,
    *,
    text: pa.ChunkedArray,
    whole: pa.ChunkedArray,
    values: pa.ChunkedArray,
) -> None:
    """A whole number among fractions becomes a double; what is beyond all doubles, infinity."""
    too_long = pc.and_(whole, pc.greater(pc.abs(values), float(LARGEST_EXACT - 1)))
    endless = pc.and_(pc.is_inf(values), pc.match_substring_regex(text, "[0-9]"))
    for index in pc.indices_nonzero(pc.or_(too_long, endless)).to_pylist():
        given, value = text[index].as_py(), values[index].as_py()
        if math.isinf(value) or int(given) != int(value):
            raise _unkept(file, column, row=index + 1, value=given, kind=values.type)


def as_text(
    file: Path, table: pa.Table, *, columns: Collection[str], originals: Sequence[str]
) -> pa.Table:
    """Replace number columns of a CSV file by the text that the file holds."""
    wanted = {
        new: old
        for old, new in zip(originals, table.column_names, strict=True)
        if new in columns and not pa.types.is_string(table[new].type)
    }
    if not wanted:
        return table
    texts = read_csv(file, text_columns=list(wanted.values()))
    for new, old in wanted.items():
        table = table.set_column(table.column_names.index(new), new, texts[old])
    return table


def fitted(file: Path, table: pa.Table, *, schema: pa.Schema) -> pa.Table:
    """Give a file's columns the types that all files share.

    Raises:
        DataError: a value does not fit; with its file, row and column.
    """
    columns = {}
    for name in table.column_names:
        kind = schema.field(name).type
        if not _fits(table[name], kind):
            row = _first_misfit(table[name], kind)
            raise _unkept(file, name, row=row, value=str(table[name][row - 1]), kind=kind)
        columns[name] = table[name].cast(kind)
    return pa.table(columns)


def _fits(values: pa.ChunkedArray, kind: pa.DataType) -> bool:
    try:
        values.cast(kind)
    except pa.ArrowException:
        return False
    return True


def _first_misfit(values: pa.ChunkedArray, kind: pa.DataType) -> int:
    """Halve the rows until the first that does not fit is left; its number counts from 1."""
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _fits(values[low:middle], kind) else (low, middle)
    return low + 1


def _unkept(file: Path, column: str, *, row: int, value: str, kind: pa.DataType) -> DataError:
    allowed = (
        f"whole numbers from -{LARGEST_EXACT} to {LARGEST_EXACT} where another value of the "
        "column is a fraction, and nothing beyond 1.8e308"
        if pa.types.is_floating(kind)
        else f"what {kind} holds"
    )
    return DataError(
        f"{file}, row {row}: the column {column!r} cannot keep {value} exactly; allowed is "
        f"{allowed}; correct the value, or make text of the column in every file"
    )
