"""Says what a column holds: the type that all its values have, or can be read as."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable

WHOLE: Final = r"^[+-]?[0-9]+$"
BOOLEAN: Final = "^(?i:true|false)$"
NUMBER: Final = r"^[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"
"""A finite number, with no zeros before it."""
LEADING_ZERO: Final = "^[+-]?0[0-9]"
TIMESTAMP: Final = pa.timestamp("us")
TIMESTAMP_UTC: Final = pa.timestamp("us", "UTC")


@dataclass(frozen=True)
class Kind:
    """What a column of one file holds."""

    type: pa.DataType
    """Null where it has no value at all."""
    is_code: bool = False
    """Whether it is text of digits: as a number, 007 would lose its zeros, and a number of more
    than 64 bits its last digits."""
    is_finite: bool = True
    """Whether none of its fractions is NaN or infinity."""


@dataclass
class TextColumn:
    """A column of text, seen batch by batch, and the types that it can still be read as."""

    readings: tuple[pa.DataType, ...]
    """The first that is left over is the type."""
    _has_values: bool = False
    _only_digits: bool = True
    _leading_zero: bool = False
    _is_finite: bool = True

    def see(self, values: pa.Array) -> None:
        """Narrow the types down."""
        text = pc.utf8_trim_whitespace(pc.drop_null(values))
        if len(text) == 0:
            return
        self._has_values = True
        self._only_digits &= all_match(text, WHOLE)
        self._leading_zero |= bool(pc.any(pc.match_substring_regex(text, LEADING_ZERO)).as_py())
        self._is_finite &= all_match(text, NUMBER)
        self.readings = tuple(kind for kind in self.readings if _reads_as(text, kind))

    @property
    def kind(self) -> Kind:
        """What it holds, after the last batch."""
        if not self._has_values:
            return Kind(pa.null())
        kind = next(iter(self.readings), pa.string())
        number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
        too_long = pa.types.is_floating(kind) and self._only_digits
        if number and (self._leading_zero or too_long):
            return Kind(pa.string(), is_code=True)
        return Kind(kind, is_finite=self._is_finite or not number)


CSV_READINGS: Final = (
    pa.int64(), pa.float64(), pa.bool_(), pa.date32(), TIMESTAMP, TIMESTAMP_UTC,
)  # fmt: skip
JSON_READINGS: Final = (pa.date32(), TIMESTAMP, TIMESTAMP_UTC)
"""JSON tells numbers from text itself, but has no dates."""


@dataclass
class Column:
    """A column of one file, of which some batches may be text and others typed."""

    text: TextColumn
    types: list[pa.DataType] = field(default_factory=list)
    """Of the batches that are typed."""
    _is_finite: bool = True

    def see(self, values: pa.Array) -> None:
        """Look at the next batch."""
        if pa.types.is_string(values.type):
            self.text.see(values)
            return
        if values.type not in self.types:
            self.types.append(values.type)
        if pa.types.is_floating(values.type):
            self._is_finite &= pc.all(pc.is_finite(values)).as_py() is not False

    @property
    def kind(self) -> Kind:
        """What it holds, after the last batch; text where its values have no type in common."""
        text = self.text.kind
        kind: pa.DataType | None = text.type
        for other in self.types:
            kind = common_type(kind, other) if kind is not None else None
        finite = text.is_finite and self._is_finite
        return Kind(pa.string() if kind is None else kind, text.is_code, finite)


def all_match(text: pa.Array, pattern: str) -> bool:
    """Whether every value matches a pattern."""
    return bool(pc.all(pc.match_substring_regex(text, pattern)).as_py())


def casts(values: pa.Array, kind: pa.DataType) -> bool:
    """Whether every value can become one of another type, and none changes on the way."""
    try:
        values.cast(kind)
    except pa.ArrowException:
        return False
    return True


def _reads_as(text: pa.Array, kind: pa.DataType) -> bool:
    rule: Callable[[pa.Array], bool] | None = {
        pa.int64(): lambda values: casts(pc.replace_substring_regex(values, r"^\+", ""), kind),
        pa.bool_(): lambda values: all_match(values, BOOLEAN),
    }.get(kind)
    return rule(text) if rule else casts(text, kind)


def common_type(first: pa.DataType, second: pa.DataType) -> pa.DataType | None:
    """The type that holds the values of both, or None."""
    if first == second or pa.types.is_null(second):
        return first
    if pa.types.is_null(first):
        return second
    if pa.types.is_integer(first) and pa.types.is_integer(second):
        return pa.int64()
    if is_number(first) and is_number(second):
        return pa.float64()
    if pa.types.is_date(first) and pa.types.is_date(second):
        return pa.date32()
    return None


def is_number(kind: pa.DataType) -> bool:
    """Whether it is a whole number or a fraction in binary."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))
