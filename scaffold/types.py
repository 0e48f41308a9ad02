"""Says which of a data set's types holds what a column has in the files."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from rehearsal.data.kinds import common_type, is_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config.dataset import Type
    from rehearsal.data.kinds import Kind

TYPES: Final[tuple[tuple[Callable[[pa.DataType], bool], Type], ...]] = (
    (pa.types.is_integer, "whole"),
    (pa.types.is_floating, "fraction"),
    (pa.types.is_decimal, "fraction"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "timestamp"),
)
"""Anything else is text."""


def merged(kinds: Sequence[Kind]) -> tuple[Type, str]:
    """The type, and why it is not what it might have been; nothing where that is clear."""
    if any(kind.is_code for kind in kinds):
        return "text", "digits that a number would not keep, such as zeros before it"
    types = [_declarable(kind.type) for kind in kinds]
    common = reduce(_common, types)
    if common is None:
        names = ", ".join(sorted({_name(kind) for kind in types}))
        return "text", f"the files disagree ({names}); give it one type in all of them"
    if not all(kind.is_finite for kind in kinds):
        return "text", "it has NaN, infinity or the like among its numbers; leave those empty"
    return _name(common), ""


def _common(first: pa.DataType | None, second: pa.DataType) -> pa.DataType | None:
    return None if first is None else common_type(first, second)


def _declarable(kind: pa.DataType) -> pa.DataType:
    """One type for all that a data set calls by one name."""
    if pa.types.is_null(kind) or is_number(kind):
        return kind
    name = _name(kind)
    plain = {"fraction": pa.float64(), "date": pa.date32(), "timestamp": pa.timestamp("us")}
    return plain.get(name, pa.bool_() if name == "boolean" else pa.string())


def _name(kind: pa.DataType) -> Type:
    return next((name for is_it, name in TYPES if is_it(kind)), "text")
