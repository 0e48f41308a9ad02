"""Operators: arithmetic, comparison, concatenation, logic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import common_type, exact
from aws_understudy.services.athena.sql.bind.comparison import compared
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, at, bind, mismatch, rule
from aws_understudy.services.athena.sql.bind.literals import truth
from aws_understudy.services.athena.sql.bind.moments import interval_arithmetic
from aws_understudy.services.athena.sql.bind.runtime.numbers import decimal_quotient

if TYPE_CHECKING:
    from aws_understudy.services.athena.trino_types import Type

_SIGNS: dict[type, str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}
_COMPARED: dict[type, str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}


@rule(*_SIGNS)
def arithmetic(node: Any, scope: Scope) -> Bound:
    """Bind ``+ - * / %``."""
    sign = _SIGNS[type(node)]
    left, right = bind(node.this, scope), bind(node.expression, scope)
    made = numbers_with(sign, left, right, scope) or interval_arithmetic(sign, left, right, scope)
    if made is None:
        raise mismatch(scope, node, f"Cannot apply operator: {left.type} {sign} {right.type}")
    if made.type.name == "decimal" and made.type.sizes[1] > types.MAX_PRECISION:
        message = f"{at(scope, node)}: A decimal has at most 38 digits"
        raise QueryError("NUMERIC_VALUE_OUT_OF_RANGE", message)
    return made


def numbers_with(sign: str, left: Bound, right: Bound, scope: Scope) -> Bound | None:
    """Write arithmetic of two numbers; None for other types."""
    if left.type == types.UNKNOWN and right.type.name in types.NUMBERS:
        left = coerce(left, right.type, scope.context)
    if right.type == types.UNKNOWN and left.type.name in types.NUMBERS:
        right = coerce(right, left.type, scope.context)
    common = common_type(left.type, right.type)
    if common is None or common.name not in types.NUMBERS:
        return None
    if common.name == "decimal":
        return _decimals(sign, left, right, scope)
    brought, other = (coerce(value, common, scope.context).sql for value in (left, right))
    engine = "//" if sign == "/" and common.name in types.INTEGERS else sign
    return Bound(f"({brought} {engine} {other})", common)


def _decimals(sign: str, left: Bound, right: Bound, scope: Scope) -> Bound:
    left, right = (_exact(value, scope) for value in (left, right))
    result = _result(sign, exact(left.type), exact(right.type))
    if sign == "/":
        divide = decimal_quotient(result.sizes[0], result.sizes[1])
        name = scope.context.helper(divide, [left.type, right.type], result)
        return Bound(f"{name}({left.sql}, {right.sql})", result)
    if sign == "*":
        return Bound(f"CAST({left.sql} * {right.sql} AS {result.duck})", result)
    common = common_type(left.type, right.type) or result
    widened = result if sign != "%" else common
    brought, other = (f"CAST({value.sql} AS {widened.duck})" for value in (left, right))
    return Bound(f"CAST({brought} {sign} {other} AS {result.duck})", result)


def _exact(value: Bound, scope: Scope) -> Bound:
    precision, scale = exact(value.type)
    return coerce(value, types.decimal(precision, scale), scope.context)


def _result(sign: str, left: tuple[int, int], right: tuple[int, int]) -> Type:
    """Trino's rules: https://trino.io/docs/current/functions/decimal.html ."""
    (p1, s1), (p2, s2) = left, right
    scale = max(s1, s2)
    if sign == "*":
        return types.decimal(p1 + p2, s1 + s2)
    if sign == "/":
        return types.decimal(p1 + s2 + max(0, s2 - s1), scale)
    if sign == "%":
        return types.decimal(min(p1 - s1, p2 - s2) + scale, scale)
    return types.decimal(max(p1 - s1, p2 - s2) + scale + 1, scale)


@rule(exp.Neg)
def negative(node: exp.Neg, scope: Scope) -> Bound:
    """Bind ``-x``; of a literal it is one literal."""
    if isinstance(node.this, exp.Literal) and node.this.name == str(2**63):
        return Bound(f"CAST('-{2**63}' AS BIGINT)", types.BIGINT)
    value = bind(node.this, scope)
    if value.type.name not in {*types.NUMBERS, types.INTERVAL_DAY, types.INTERVAL_YEAR}:
        raise mismatch(scope, node, f"Cannot negate {value.type}")
    number = isinstance(value.constant, int | float)
    return Bound(f"(-{value.sql})", value.type, -value.constant if number else None)


@rule(*_COMPARED)
def comparison(node: Any, scope: Scope) -> Bound:
    """Bind ``= <> < <= > >=``, with ANY and ALL."""
    sign = _COMPARED[type(node)]
    left, right = bind(node.this, scope), bind(node.expression, scope)
    if isinstance(node.expression, exp.Any | exp.All):
        held = coerce(left, right.type, scope.context)
        return Bound(f"({held.sql} {sign} {right.sql})", types.BOOLEAN)
    return Bound(compared(sign, left, right, scope, node), types.BOOLEAN)


@rule(exp.NullSafeEQ, exp.NullSafeNEQ)
def distinct(node: Any, scope: Scope) -> Bound:
    """Bind IS [NOT] DISTINCT FROM."""
    left, right = bind(node.this, scope), bind(node.expression, scope)
    word = "IS DISTINCT FROM" if isinstance(node, exp.NullSafeNEQ) else "IS NOT DISTINCT FROM"
    return Bound(compared(word, left, right, scope, node), types.BOOLEAN)


@rule(exp.Between)
def between(node: exp.Between, scope: Scope) -> Bound:
    """Bind BETWEEN."""
    value = bind(node.this, scope)
    low, high = bind(node.args["low"], scope), bind(node.args["high"], scope)
    above = compared(">=", value, low, scope, node)
    below = compared("<=", value, high, scope, node)
    return Bound(f"({above} AND {below})", types.BOOLEAN)


def among(node: exp.In, scope: Scope) -> Bound:
    """Bind ``IN (a, b)``."""
    value = bind(node.this, scope)
    tests = [compared("=", value, bind(v, scope), scope, node) for v in node.expressions]
    return Bound(f"({' OR '.join(tests)})", types.BOOLEAN)


@rule(exp.And, exp.Or)
def logic(node: Any, scope: Scope) -> Bound:
    """Bind AND and OR."""
    word = "AND" if isinstance(node, exp.And) else "OR"
    parts = [truth(bind(part, scope), scope, part) for part in node.flatten(unnest=False)]
    return Bound(f"({f' {word} '.join(parts)})", types.BOOLEAN)


@rule(exp.Not)
def negation(node: exp.Not, scope: Scope) -> Bound:
    """Bind NOT."""
    return Bound(f"(NOT {truth(bind(node.this, scope), scope, node)})", types.BOOLEAN)


@rule(exp.Is)
def is_null(node: exp.Is, scope: Scope) -> Bound:
    """Bind IS NULL."""
    return Bound(f"({bind(node.this, scope).sql} IS NULL)", types.BOOLEAN)


@rule(exp.Like)
def like(node: exp.Like, scope: Scope, escape: str = "") -> Bound:
    """Bind LIKE."""
    value, pattern = bind(node.this, scope), bind(node.expression, scope)
    for operand in (value, pattern):
        if operand.type.name not in {"varchar", "char", "unknown"}:
            message = f"Left side of LIKE expression must evaluate to a varchar: {operand.type}"
            raise mismatch(scope, node, message)
    word = "NOT LIKE" if node.args.get("negate") else "LIKE"
    return Bound(f"({value.sql} {word} {pattern.sql}{escape})", types.BOOLEAN)


@rule(exp.Escape)
def escaped(node: exp.Escape, scope: Scope) -> Bound:
    """Bind LIKE ... ESCAPE."""
    mark = bind(node.expression, scope)
    if not isinstance(mark.constant, str) or len(mark.constant) != 1:
        message = f"{at(scope, node)}: Escape string must be a single character"
        raise QueryError("INVALID_FUNCTION_ARGUMENT", message)
    made: Bound = like(node.this, scope, f" ESCAPE {mark.sql}")
    return made


@rule(exp.DPipe)
def concatenated(node: exp.DPipe, scope: Scope) -> Bound:
    """Bind ``||`` of texts, binaries and arrays."""
    left, right = bind(node.this, scope), bind(node.expression, scope)
    made = joined([left, right], scope)
    if made is None:
        raise mismatch(scope, node, f"Cannot apply operator: {left.type} || {right.type}")
    return made


def joined(values: list[Bound], scope: Scope) -> Bound | None:
    """Join texts, binaries, or arrays and their elements; None for other types."""
    if all(v.type.name in {"varchar", "char", "unknown"} for v in values):
        return _texts(values)
    if any(v.type.name == "array" for v in values):
        return _arrays(values, scope)
    if all(v.type.name in {"varbinary", "unknown"} for v in values):
        return Bound(f"({' || '.join(v.sql for v in values)})", types.VARBINARY)
    return None


def _texts(values: list[Bound]) -> Bound:
    inner = " || ".join(f"CAST({v.sql} AS VARCHAR)" for v in values)
    constant = None
    if all(isinstance(v.constant, str) for v in values):
        constant = "".join(v.constant for v in values)
    return Bound(f"({inner})", types.VARCHAR, constant)


def _arrays(values: list[Bound], scope: Scope) -> Bound | None:
    common = types.UNKNOWN
    for value in values:
        element = value.type.parts[0] if value.type.name == "array" else value.type
        wider = common_type(common, element)
        if wider is None:
            return None
        common = wider
    kind = types.array(common)
    parts = []
    for value in values:
        single = value.type.name != "array"
        made = coerce(value, common if single else kind, scope.context).sql
        parts.append(f"[{made}]" if single else made)
    nulls = " OR ".join(f"{v.sql} IS NULL" for v in values if v.type.name == "array")
    inner = f"list_concat({', '.join(parts)})"
    return Bound(f"CASE WHEN {nulls} THEN NULL ELSE {inner} END", kind)
