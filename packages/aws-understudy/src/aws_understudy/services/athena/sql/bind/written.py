"""Reads the types that a query writes."""

from __future__ import annotations

from sqlglot import exp

from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.trino_types import (
    MAX_PRECISION,
    TIMESTAMP_TZ,
    Type,
    array,
    decimal,
    map_of,
    row,
    varchar,
)

_MICROS = 6
_KINDS = exp.DataType.Type
_PLAIN = {
    _KINDS.BOOLEAN: "boolean",
    _KINDS.TINYINT: "tinyint",
    _KINDS.SMALLINT: "smallint",
    _KINDS.INT: "integer",
    _KINDS.BIGINT: "bigint",
    _KINDS.FLOAT: "real",
    _KINDS.DOUBLE: "double",
    _KINDS.VARBINARY: "varbinary",
    _KINDS.JSON: "json",
    _KINDS.DATE: "date",
    _KINDS.UUID: "uuid",
}
_SIZED = {
    _KINDS.TIMESTAMP: "timestamp",
    _KINDS.TIMESTAMPTZ: TIMESTAMP_TZ,
    _KINDS.TIME: "time",
}


def written_type(node: exp.DataType) -> Type:
    """Give the type that a node of the tree writes.

    Raises:
        QueryError: NOT_SUPPORTED for a type that the engine cannot hold.
    """
    kind = node.this
    if kind in _PLAIN:
        return Type(_PLAIN[kind])
    sizes = [int(p.name) for p in node.expressions if isinstance(p, exp.DataTypeParam)]
    if kind in _SIZED:
        precision = sizes[0] if sizes else 3
        if precision > _MICROS:
            raise not_supported(f"The type {node.sql(dialect='trino')}, of more than microseconds")
        return Type(_SIZED[kind], (precision,))
    return _composed(node, sizes)


def _composed(node: exp.DataType, sizes: list[int]) -> Type:
    kind = node.this
    if kind in {_KINDS.VARCHAR, _KINDS.TEXT}:
        return varchar(sizes[0] if sizes else None)
    if kind in {_KINDS.CHAR, _KINDS.NCHAR}:
        return Type("char", (sizes[0] if sizes else 1,))
    if kind == _KINDS.DECIMAL:
        return _decimal(sizes)
    inner = [part for part in node.expressions if isinstance(part, exp.DataType)]
    if kind in {_KINDS.ARRAY, _KINDS.LIST} and len(inner) == 1:
        return array(written_type(inner[0]))
    if kind == _KINDS.MAP and len(inner) == 2:  # noqa: PLR2004 - a key and a value
        return map_of(written_type(inner[0]), written_type(inner[1]))
    if kind == _KINDS.STRUCT:
        return _row(node)
    raise not_supported(f"The type {node.sql(dialect='trino')}")


def _decimal(sizes: list[int]) -> Type:
    precision, scale = [*sizes, 0, 0][:2] if sizes else (MAX_PRECISION, 0)
    if not 0 < precision <= MAX_PRECISION or scale > precision:
        raise QueryError(
            "INVALID_FUNCTION_ARGUMENT",
            f"DECIMAL precision must be 1 to {MAX_PRECISION} and its scale no larger than that, "
            f"not DECIMAL({precision},{scale})",
        )
    return decimal(precision, scale)


def _row(node: exp.DataType) -> Type:
    names, parts = [], []
    for field in node.expressions:
        named = isinstance(field, exp.ColumnDef)
        names.append(field.name.lower() if named else None)
        parts.append(written_type(field.args["kind"] if named else field))
    return row(*parts, fields=tuple(names))
