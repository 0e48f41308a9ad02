"""Names result columns' types as Athena's API and Trino's SQL do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.errors import QueryError

if TYPE_CHECKING:
    from aws_understudy.services.athena.trino_types import Type

_RESULT_NAMES = {"real": "float"}
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


def trino_type(hive: str) -> str:
    """Name a Hive type in Trino's SQL, as SHOW COLUMNS and views do."""
    text = re.sub(r"\bstring\b", "varchar", hive.lower())
    text = re.sub(r"\bint\b", "integer", text)
    text = re.sub(r"\bfloat\b", "real", text)
    text = re.sub(r"\bbinary\b", "varbinary", text)
    text = re.sub(r"\bstruct<", "row<", text).replace("<", "(").replace(">", ")")
    return re.sub(r"(\w+):", r"\1 ", text)


def stored_type(name: str, kind: Type) -> str:
    """Name the Hive type in which a query's column is stored.

    Raises:
        QueryError: no table holds the type.
    """
    if kind.name == "unknown":
        raise QueryError(
            "COLUMN_TYPE_UNKNOWN", f"line 1:1: Column type is unknown at position {name}"
        )
    if kind.hive is None:
        raise QueryError("NOT_SUPPORTED", f"Unsupported Hive type: {kind} of column {name}")
    return kind.hive


def column_of(*, name: str, kind: Type) -> dict[str, Any]:
    """Describe a column of a query for ResultSetMetadata: of nested types the outer name only."""
    shown = column_info(name=name, kind=_RESULT_NAMES.get(kind.name, kind.name))
    if kind.name == "decimal":
        shown |= {"Precision": kind.sizes[0], "Scale": kind.sizes[1]}
    elif kind.name in {"varchar", "char"} and kind.sizes:
        shown["Precision"] = kind.sizes[0]
    return shown


def column_info(*, name: str, kind: str) -> dict[str, Any]:
    """Describe one column for ResultSetMetadata."""
    precision, scale = _SIZES.get(kind, (0, 0))
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
        "CaseSensitive": kind in {"varchar", "char"},
    }
