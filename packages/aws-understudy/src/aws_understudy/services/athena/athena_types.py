"""Names result columns' types as Athena's API and Trino's SQL do."""

from __future__ import annotations

import re
from typing import Any

_NAMES = {
    "HUGEINT": "bigint",
    "UHUGEINT": "bigint",
    "UBIGINT": "bigint",
    "UINTEGER": "bigint",
    "USMALLINT": "integer",
    "UTINYINT": "smallint",
    "FLOAT": "float",
    "BLOB": "varbinary",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
    "TIME": "time",
    "INTERVAL": "interval day to second",
    '"NULL"': "unknown",
    "NULL": "unknown",
}
_SIZES = {
    "boolean": (0, 0),
    "tinyint": (3, 0),
    "smallint": (5, 0),
    "integer": (10, 0),
    "bigint": (19, 0),
    "float": (17, 0),
    "double": (17, 0),
    "varchar": (2147483647, 0),
    "varbinary": (1073741824, 0),
    "timestamp": (3, 0),
    "timestamp with time zone": (3, 0),
}


def athena_type(duck: str) -> str:
    """Name the type as ResultSetMetadata does: nested ones by their outer name only."""
    if duck.endswith("]"):
        return "array"
    head = duck.partition("(")[0].upper()
    if head in {"STRUCT", "TUPLE", "MAP", "DECIMAL"}:
        return "row" if head in {"STRUCT", "TUPLE"} else head.lower()
    if head.startswith("TIMESTAMP_"):
        return "timestamp"
    return _NAMES.get(duck, head.lower())


def trino_type(hive: str) -> str:
    """Name a Hive type in Trino's SQL, as SHOW COLUMNS and views do."""
    text = re.sub(r"\bstring\b", "varchar", hive.lower())
    text = re.sub(r"\bint\b", "integer", text)
    text = re.sub(r"\bfloat\b", "real", text)
    text = re.sub(r"\bbinary\b", "varbinary", text)
    text = re.sub(r"\bstruct<", "row<", text).replace("<", "(").replace(">", ")")
    return re.sub(r"(\w+):", r"\1 ", text)


def column_info(*, name: str, kind: str, duck: str = "") -> dict[str, Any]:
    """Describe one column for ResultSetMetadata."""
    precision, scale = _SIZES.get(kind, (0, 0))
    decimal = re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", duck)
    if decimal:
        precision, scale = int(decimal[1]), int(decimal[2])
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": kind,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": kind == "varchar",
    }
