"""Binds ``a[i]`` and ``m[key]``, which fail for what is not there."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.errors import QueryError, failing
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces
from aws_understudy.services.athena.sql.bind.core import (
    Bound,
    Scope,
    at,
    bind,
    mismatch,
    once,
    rule,
)


def _bad_subscript(index: int, count: int) -> None:
    if index == 0:
        raise failing("INVALID_FUNCTION_ARGUMENT", "SQL array indices start at 1")
    if index < 0:
        raise failing("INVALID_FUNCTION_ARGUMENT", f"Array subscript is negative: {index}")
    message = f"Array subscript must be less than or equal to array length: {index} > {count}"
    raise failing("INVALID_FUNCTION_ARGUMENT", message)


def _no_key(key: Any) -> None:
    raise failing("INVALID_FUNCTION_ARGUMENT", f"Key not present in map: {key}")


@rule(exp.Bracket)
def subscript(node: exp.Bracket, scope: Scope) -> Bound:
    """Bind ``a[i]`` and ``m[key]``, which fail for what is not there."""
    base, index = bind(node.this, scope), bind(node.expressions[0], scope)
    if base.type.name == "array" and coerces(index.type, types.BIGINT):
        return _element(base, coerce(index, types.BIGINT, scope.context), scope)
    if base.type.name == "map" and coerces(index.type, base.type.parts[0]):
        return _entry(base, coerce(index, base.type.parts[0], scope.context), scope)
    if base.type.name == "row" and isinstance(index.constant, int):
        if not 1 <= index.constant <= len(base.type.parts):
            raise QueryError(
                "INVALID_FUNCTION_ARGUMENT",
                f"{at(scope, node)}: ROW index out of bounds: {index.constant}",
            )
        part = base.type.parts[index.constant - 1]
        return Bound(f"struct_extract_at({base.sql}, {index.constant})", part)
    raise mismatch(scope, node, f"Cannot subscript {base.type} with {index.type}")


def _element(base: Bound, index: Bound, scope: Scope) -> Bound:
    part = base.type.parts[0]
    fail = scope.context.helper(_bad_subscript, [types.BIGINT, types.BIGINT], part)

    def write(held: str) -> str:
        inside = f"{index.sql} BETWEEN 1 AND len({held})"
        missing = f"{held} IS NULL OR {index.sql} IS NULL"
        taken = f"list_extract({held}, {index.sql})"
        failed = f"{fail}({index.sql}, len({held}))"
        return f"CASE WHEN {inside} THEN {taken} WHEN {missing} THEN NULL ELSE {failed} END"

    return Bound(once(base.sql, scope.context, write), part)


def _entry(base: Bound, key: Bound, scope: Scope) -> Bound:
    part = base.type.parts[1]
    fail = scope.context.helper(_no_key, [key.type], part)

    def write(held: str) -> str:
        there = f"map_contains({held}, {key.sql})"
        missing = f"{held} IS NULL OR {key.sql} IS NULL"
        taken = f"map_extract_value({held}, {key.sql})"
        return f"CASE WHEN {missing} THEN NULL WHEN {there} THEN {taken} ELSE {fail}({key.sql}) END"

    return Bound(once(base.sql, scope.context, write), part)
