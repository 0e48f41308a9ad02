"""Makes one schema of many files': widens numbers, refuses a column of two kinds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CODE = re.compile(r"\s*[+-]?(0\d|\d{19})").match
"""Digits that a number would not keep: a zero before them, or more than 64 bits hold."""


def unify(schemas: Mapping[str, pa.Schema]) -> pa.Schema:
    """The union of the files' columns, in the order in which they are first seen.

    A column of whole numbers here and of fractions there becomes fractions; one that is empty
    in a file takes its type from the others.

    Raises:
        DataError: a column has types in two files that no common type holds.
    """
    types: dict[str, tuple[str, pa.DataType]] = {}
    for file, schema in schemas.items():
        for field in schema:
            first, known = types.setdefault(field.name, (file, field.type))
            common = _common_type(known, field.type)
            if common is None:
                raise DataError(
                    f"column {field.name!r} is {known} in {first} but {field.type} in {file}; "
                    "give it the same type in both files, or another name in one of them"
                )
            # The file that set the type is the one to name when a later file conflicts.
            types[field.name] = (first if common == known else file, common)
    return pa.schema([pa.field(name, _settled(kind)) for name, (_, kind) in types.items()])


def require(columns: Sequence[str], *, required: Sequence[str], files: Sequence[str]) -> None:
    """Refuse data in which no file has a required column.

    Raises:
        DataError: with the columns that are missing and those that are there.
    """
    missing = [name for name in required if name not in columns]
    if missing:
        raise DataError(
            f"no file has the column {', '.join(missing)} ({', '.join(files)} have "
            f"{', '.join(columns)}); add the column, or declare a rename in the settings "
            "under [[dataset.renames]]"
        )


def require_numbers(tables: Mapping[str, pa.Table], *, columns: Sequence[str]) -> None:
    """Refuse text in a column that the queries and the model calculate with.

    Raises:
        DataError: with the file, the row and the value that made a text of the column.
    """
    for file, table in tables.items():
        for name in columns:
            if name in table.column_names and _is_text(table.schema.field(name).type):
                row, value = _first_text(table[name].to_pylist())
                raise DataError(
                    f"{file}: the column {name!r} must hold numbers, but row {row} has {value!r}; "
                    "correct it (no zeros before a number, at most 18 digits), or leave it empty"
                )


def _first_text(values: Sequence[str | None]) -> tuple[int, str]:
    """The first value that is no number; where all are, the first that stays text as a code."""
    for row, value in enumerate(values, start=1):
        try:
            float(value or "0")
        except ValueError:
            return row, str(value)
    codes = ((row, value) for row, value in enumerate(values, start=1) if value and _CODE(value))
    return next(codes, (1, str(values[0])))


def _common_type(first: pa.DataType, second: pa.DataType) -> pa.DataType | None:
    if first == second or pa.types.is_null(second):
        return first
    if pa.types.is_null(first):
        return second
    if _is_text(first) and _is_text(second):
        return pa.string()
    if pa.types.is_integer(first) and pa.types.is_integer(second):
        return pa.int64()
    if _is_number(first) and _is_number(second):
        return pa.float64()
    return None


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _settled(kind: pa.DataType) -> pa.DataType:
    """A column that is empty everywhere is text: Hive has no type for nothing."""
    return pa.string() if pa.types.is_null(kind) else kind
