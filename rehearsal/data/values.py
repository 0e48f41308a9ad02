"""Gives values the type of their column, each exactly as its file holds it, or refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from rehearsal.data.formats.json_lines import as_json
from rehearsal.data.kinds import BOOLEAN, NUMBER, TIMESTAMP, TIMESTAMP_UTC, WHOLE, casts, is_number

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST_EXACT: Final = 2**53
"""A double holds every whole number up to here."""
TYPES: Final = {
    "whole": pa.int64(),
    "fraction": pa.float64(),
    "text": pa.string(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": TIMESTAMP,
}
"""The types that a data set declares, and how Parquet keeps them."""
MUST_BE: Final = {
    pa.int64(): "whole numbers",
    pa.float64(): "finite numbers",
    pa.bool_(): "true or false",
    pa.date32(): "dates such as 2001-12-31",
    TIMESTAMP: "times such as 2001-12-31T23:59:59",
}
ISO: Final = "as ISO 8601 has it; a time with a zone in every row, or in none"
WRITTEN_WHOLE: Final = r"^[+-]?(0|[1-9][0-9]*)(\.0*)?$"


class Misfit(Exception):  # noqa: N818 - it becomes a DataError where file and column are known
    """A value that a column's type does not keep."""

    def __init__(self, index: int, value: Any, kind: pa.DataType, *, lossy: bool) -> None:
        super().__init__()
        self.index = index
        """Its place in the array, from 0."""
        self._value = value
        self._kind = kind
        self._lossy = lossy

    def sentence(self, place: str, column: str, row: int) -> str:
        """What is wrong, and the fix."""
        if self._lossy or self._kind not in MUST_BE:
            return (
                f"{place}, row {row}: the column {column!r} cannot keep {self._value} exactly; "
                f"allowed is {_range_of(self._kind)}; correct the value, or make text of the "
                "column in every file"
            )
        advice = "no zeros before a number, at most 18 digits" if is_number(self._kind) else ISO
        advice = f" ({advice})" if self._kind != pa.bool_() else ""
        return (
            f"{place}: the column {column!r} must hold {MUST_BE[self._kind]}, but row {row} has "
            f"{self._value!r}; correct it{advice}, or leave it empty"
        )


def fitted(values: pa.Array, kind: pa.DataType, *, declared: bool) -> pa.Array:
    """Values as those of a type.

    Args:
        values: Of any type; text is read as the type wants it written.
        kind: The type.
        declared: Whether the data set declares it; numbers are finite then.

    Raises:
        Misfit: a value is not of the type, or would change.
    """
    if pa.types.is_null(values.type) or values.type == kind:
        result = values.cast(kind)
    elif kind == pa.string():
        result = _text(values)
    elif pa.types.is_string(values.type):
        result = _read(pc.utf8_trim_whitespace(values), kind, declared=declared)
    else:
        result = _cast(values, kind)
    if declared and pa.types.is_floating(kind):
        _refuse_where(pc.invert(pc.is_finite(result)), values, kind)
    return result


def _text(values: pa.Array) -> pa.Array:
    if pa.types.is_nested(values.type):
        texts = (as_json(value.as_py()) if value.is_valid else None for value in values)
        return pa.array(texts, pa.string())
    if pa.types.is_floating(values.type):
        # As Python and JSON write it; Arrow would write 1 for 1.0.
        numbers = values.to_pylist()
        return pa.array([None if number is None else repr(number) for number in numbers])
    return _cast(values, pa.string())


def _cast(values: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_boolean(values.type) != pa.types.is_boolean(kind) and kind != pa.string():
        _refuse_where(values.is_valid(), values, kind)
    return _cast_or_refuse(values, kind, lossy=is_number(values.type) and is_number(kind))


def _cast_or_refuse(values: pa.Array, kind: pa.DataType, *, lossy: bool) -> pa.Array:
    try:
        return values.cast(kind)
    except pa.ArrowException:
        index = _first_misfit(values, kind)
        raise Misfit(index, values[index].as_py(), kind, lossy=lossy) from None


def _first_misfit(values: pa.Array, kind: pa.DataType) -> int:
    """Halve the values until the first that does not fit is left."""
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if casts(values[low:middle], kind) else (low, middle)
    return low


def _refuse_where(
    wrong: pa.Array, values: pa.Array, kind: pa.DataType, *, lossy: bool = False
) -> None:
    places = pc.indices_nonzero(pc.fill_null(wrong, fill_value=False))
    if len(places):
        index = places[0].as_py()
        raise Misfit(index, values[index].as_py(), kind, lossy=lossy)


def _read(text: pa.Array, kind: pa.DataType, *, declared: bool) -> pa.Array:
    if kind == pa.float64():
        return _read_fraction(text, declared=declared)
    reader = READERS.get(kind)
    return reader(text) if reader else _cast_or_refuse(text, kind, lossy=False)


def _read_whole(text: pa.Array) -> pa.Array:
    _refuse_where(pc.invert(pc.match_substring_regex(text, WRITTEN_WHOLE)), text, pa.int64())
    digits = pc.replace_substring_regex(text, r"^\+|\.0*$", "")
    return _cast_or_refuse(digits, pa.int64(), lossy=False)


def _read_fraction(text: pa.Array, *, declared: bool) -> pa.Array:
    """A whole number among fractions becomes a double; what is beyond all doubles, infinity."""
    kind = pa.float64()
    if declared:
        _refuse_where(pc.invert(pc.match_substring_regex(text, NUMBER)), text, kind)
    values = _cast_or_refuse(text, kind, lossy=False)
    endless = pc.and_(pc.is_inf(values), pc.match_substring_regex(text, "[0-9]"))
    _refuse_where(endless, text, kind, lossy=True)
    long = pc.greater(pc.abs(values), float(LARGEST_EXACT - 1))
    for place in pc.indices_nonzero(pc.and_(long, pc.match_substring_regex(text, WHOLE))):
        index = place.as_py()
        if int(text[index].as_py()) != int(values[index].as_py()):
            raise Misfit(index, text[index].as_py(), kind, lossy=True)
    return values


def _read_boolean(text: pa.Array) -> pa.Array:
    _refuse_where(pc.invert(pc.match_substring_regex(text, BOOLEAN)), text, pa.bool_())
    return text.cast(pa.bool_())


def _read_timestamp(text: pa.Array) -> pa.Array:
    """Times with a zone become those of UTC."""
    if not casts(text, TIMESTAMP) and casts(text, TIMESTAMP_UTC):
        return text.cast(TIMESTAMP_UTC).cast(TIMESTAMP)
    return _cast_or_refuse(text, TIMESTAMP, lossy=False)


READERS: Final[dict[pa.DataType, Callable[[pa.Array], pa.Array]]] = {
    pa.int64(): _read_whole,
    pa.bool_(): _read_boolean,
    TIMESTAMP: _read_timestamp,
}


def _range_of(kind: pa.DataType) -> str:
    if pa.types.is_floating(kind):
        return (
            f"whole numbers from -{LARGEST_EXACT} to {LARGEST_EXACT} where another value of the "
            "column is a fraction, and nothing beyond 1.8e308"
        )
    return f"what {kind} holds"
