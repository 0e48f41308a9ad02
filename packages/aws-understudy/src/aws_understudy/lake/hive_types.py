"""Names the Hive types of the catalog: from Arrow, and the common type of two."""

from __future__ import annotations

import pyarrow as pa

UNKNOWN = "unknown"
"""A column whose every value is missing: it takes the type of another file, else string."""

BIGINT_MAX = 2**63 - 1

_WIDER = ["tinyint", "smallint", "int", "bigint", "double"]
_FLOATS = ["float", "double"]

_SIMPLE: list[tuple[object, str]] = [
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_int8, "tinyint"),
    (pa.types.is_int16, "smallint"),
    (pa.types.is_uint8, "smallint"),
    (pa.types.is_int32, "int"),
    (pa.types.is_uint16, "int"),
    (pa.types.is_int64, "bigint"),
    (pa.types.is_uint32, "bigint"),
    (pa.types.is_uint64, "decimal(20,0)"),
    (pa.types.is_float16, "float"),
    (pa.types.is_float32, "float"),
    (pa.types.is_float64, "double"),
    (pa.types.is_string, "string"),
    (pa.types.is_large_string, "string"),
    (pa.types.is_string_view, "string"),
    (pa.types.is_binary, "binary"),
    (pa.types.is_large_binary, "binary"),
    (pa.types.is_fixed_size_binary, "binary"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "timestamp"),
    (pa.types.is_null, UNKNOWN),
]


def from_arrow(data_type: pa.DataType) -> str:
    """Name the Hive type that Glue gives to a Parquet column.

    Raises:
        ValueError: Athena has no such type (a time of day, an interval).
    """
    for test, name in _SIMPLE:
        if test(data_type):  # type: ignore[operator] # pyarrow is untyped
            return name
    if pa.types.is_decimal(data_type):
        return f"decimal({data_type.precision},{data_type.scale})"
    if pa.types.is_dictionary(data_type):
        return from_arrow(data_type.value_type)
    if pa.types.is_list(data_type) or pa.types.is_large_list(data_type):
        return f"array<{known(from_arrow(data_type.value_type))}>"
    if pa.types.is_map(data_type):
        key, item = from_arrow(data_type.key_type), from_arrow(data_type.item_type)
        return f"map<{known(key)},{known(item)}>"
    if pa.types.is_struct(data_type):
        fields = (f"{f.name.lower()}:{known(from_arrow(f.type))}" for f in data_type)
        return f"struct<{','.join(fields)}>"
    raise ValueError(f"Athena has no type for Parquet's {data_type}")


def known(name: str) -> str:
    """Replace the unknown type by string, which can hold whatever comes."""
    return "string" if name == UNKNOWN else name


def common(first: str, second: str) -> str | None:
    """Return the type that holds both without loss of meaning, or None in a conflict.

    Numbers widen: tinyint, smallint, int, bigint, then double; float, then double.
    """
    if second in {first, UNKNOWN}:
        return first
    if first == UNKNOWN:
        return second
    for ladder in (_WIDER, _FLOATS):
        if first in ladder and second in ladder:
            return max(first, second, key=ladder.index)
    if {first, second} & {"float"} and {first, second} & set(_WIDER):
        return "double"
    return None
