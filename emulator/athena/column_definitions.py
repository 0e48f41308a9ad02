"""Reads the column list of a Hive CREATE TABLE."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from emulator.athena.hive_schema import arrow_type


def columns_of(schema: exp.Expr | None) -> list[dict[str, str]]:
    """Give Name, Type and Comment of each column for the catalog.

    Raises:
        QueryError: a type that Athena does not know.
    """
    return [_column(d) for d in schema.expressions] if schema is not None else []


def _column(definition: Any) -> dict[str, str]:
    kind = _hive(definition.args["kind"])
    arrow_type(kind)  # refuses what cannot be read later
    column = {"Name": definition.name.lower(), "Type": kind}
    comment = definition.find(exp.CommentColumnConstraint)
    return column | ({"Comment": comment.name} if comment else {})


def _hive(kind: exp.DataType) -> str:
    """Write a type as the catalog does: ``array<struct<a:int>>``."""
    if kind.is_type("array"):
        return f"array<{_hive(kind.expressions[0])}>"
    if kind.is_type("map"):
        return f"map<{_hive(kind.expressions[0])},{_hive(kind.expressions[1])}>"
    if kind.is_type("struct"):
        fields = (f"{f.name.lower()}:{_hive(f.args['kind'])}" for f in kind.expressions)
        return f"struct<{','.join(fields)}>"
    return kind.sql(dialect="hive").lower().replace(", ", ",")
