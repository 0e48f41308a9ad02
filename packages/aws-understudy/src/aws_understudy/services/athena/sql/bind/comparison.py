"""Compares values: with Trino's NaN, its rows and arrays that hold NULL, and its padded chars."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import common_type
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, mismatch
from aws_understudy.services.athena.trino_types import (
    BOOLEAN,
    FLOATS,
    TIMESTAMP_TZ,
    Type,
)

if TYPE_CHECKING:
    from sqlglot import exp

_UNORDERED = {"map", "json"}
_EQUAL = {"=", "<>", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"}


def compared(sign: str, left: Bound, right: Bound, scope: Scope, node: exp.Expr) -> str:
    """Write a comparison.

    Raises:
        QueryError: TYPE_MISMATCH, when the types cannot be compared.
    """
    common = common_type(left.type, right.type)
    if common is None or (common.name in _UNORDERED and sign not in _EQUAL):
        raise mismatch(scope, node, f"Cannot apply operator: {left.type} {sign} {right.type}")
    if {left.type.name, right.type.name} == {"char", "varchar"}:
        return f"(rtrim({left.sql}, ' ') {sign} rtrim({right.sql}, ' '))"
    brought, other = coerce(left, common, scope.context), coerce(right, common, scope.context)
    if common.name == TIMESTAMP_TZ:
        return f"(({brought.sql}).t {sign} ({other.sql}).t)"
    if common.name in FLOATS and sign[0] != "I":
        return _floats(sign, brought, other)
    if common.parts and sign in {"=", "<>"}:
        equal = scope.context.helper(equality(common), [common, common], BOOLEAN, nulls=True)
        whole = f"{equal}({brought.sql}, {other.sql})"
        return whole if sign == "=" else f"(NOT {whole})"
    return f"({brought.sql} {sign} {other.sql})"


def _floats(sign: str, left: Bound, right: Bound) -> str:
    """NaN equals nothing and is neither less nor greater; the engine orders it last."""
    plain = f"({left.sql} {sign} {right.sql})"
    known = [_number(v.constant) for v in (left, right)]
    if sign == "<>":
        both = f"(isnan({left.sql}) AND isnan({right.sql}))"
        return plain if any(known) else f"({plain} OR {both})"
    guarded = right.sql if sign in {"<", "<="} else left.sql
    if (sign == "=" and any(known)) or (known[1] if sign in {"<", "<="} else known[0]):
        return plain
    return f"({plain} AND NOT isnan({guarded}))"


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not math.isnan(value)


def equality(kind: Type) -> Any:
    """Make the comparison of nested values: NULL where a NULL within decides."""

    def equal(left: Any, right: Any) -> bool | None:
        return _equal(left, right, kind)

    return equal


def _equal(left: Any, right: Any, kind: Type) -> bool | None:
    if left is None or right is None:
        return None
    if kind.parts:
        return _nested(left, right, kind)
    if kind.name == TIMESTAMP_TZ:
        return bool(left["t"] == right["t"])
    return bool(left == right)


def _nested(left: Any, right: Any, kind: Type) -> bool | None:
    if kind.name == "row":
        names = zip(kind.field_names, kind.parts, strict=True)
        return _all(_equal(left[n], right[n], part) for n, part in names)
    if kind.name == "map":
        same = left.keys() == right.keys()
        return same and _all(_equal(v, right[k], kind.parts[1]) for k, v in left.items())
    same = len(left) == len(right)
    return same and _all(map(_equal, left, right, [kind.parts[0]] * len(left)))


def _all(results: Any) -> bool | None:
    held = list(results)
    if False in held:
        return False
    return None if None in held else True
