"""Translates the catalog's Hive types to Arrow's, DuckDB's and Athena's."""

from __future__ import annotations

import re

import pyarrow as pa

from aws_understudy.lake.errors import LakeError, UnsupportedError

_SIMPLE = {
    "boolean": pa.bool_(),
    "tinyint": pa.int8(),
    "smallint": pa.int16(),
    "int": pa.int32(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "float": pa.float32(),
    "real": pa.float32(),
    "double": pa.float64(),
    "string": pa.string(),
    "varchar": pa.string(),
    "char": pa.string(),
    "binary": pa.binary(),
    "varbinary": pa.binary(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "decimal": pa.decimal128(10, 0),
}
_SIZED = re.compile(r"(varchar|char|timestamp)\(\d+\)")
_DECIMAL = re.compile(r"decimal\((\d+)(?:,(\d+))?\)")


def arrow_type(hive: str) -> pa.DataType:
    """Give the Arrow type of a Hive type such as ``array<struct<a:bigint>>``.

    Raises:
        LakeError: Hive does not have the type, or the emulator does not read it.
    """
    text = hive.strip().lower()
    if text in _SIMPLE:
        return _SIMPLE[text]
    compact = re.sub(r"\s+", "", text)
    sized = _SIZED.fullmatch(compact)
    if sized:
        return _SIMPLE[sized[1]]
    decimal = _DECIMAL.fullmatch(compact)
    if decimal:
        return pa.decimal128(int(decimal[1]), int(decimal[2] or 0))
    outer, _, inside = text.partition("<")
    if inside.endswith(">"):
        return _nested(outer.strip(), inside[:-1], hive)
    raise LakeError(f'"{hive}" is not a type that Athena knows.')


def _nested(outer: str, inside: str, hive: str) -> pa.DataType:
    parts = split_top(inside)
    if outer == "array" and len(parts) == 1:
        return pa.list_(arrow_type(parts[0]))
    if outer == "map" and len(parts) == 2:  # noqa: PLR2004 - a key and a value
        return pa.map_(arrow_type(parts[0]), arrow_type(parts[1]))
    if outer == "struct":
        pairs = (part.partition(":") for part in parts)
        return pa.struct([(name.strip(), arrow_type(kind)) for name, _, kind in pairs])
    raise UnsupportedError(f"The type {hive}")


def split_top(text: str) -> list[str]:
    """Split at the commas that no bracket encloses."""
    parts, depth, start = [], 0, 0
    for position, char in enumerate(text):
        depth += (char in "<(") - (char in ">)")
        if char == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]
