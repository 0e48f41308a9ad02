"""Literals, names, and what is no operator: CASE, CAST, subscripts, fields."""

from __future__ import annotations

import re

from sqlglot import exp

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.sql.bind.casts import cast, coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces, common_type
from aws_understudy.services.athena.sql.bind.core import (
    Bound,
    Scope,
    at,
    bind,
    mismatch,
    rule,
    text,
)
from aws_understudy.services.athena.sql.bind.written import written_type

_INT_MAX, _BIGINT_MAX = 2**31 - 1, 2**63 - 1
_UNITS = {"second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000}


@rule(exp.Literal)
def literal(node: exp.Literal, scope: Scope) -> Bound:
    """Bind a number or a text: an integer, a decimal, a double, or a varchar of its length."""
    value = node.this
    if node.is_string:
        return Bound(text(value), types.varchar(len(value)), value)
    if re.search(r"[eE]", value):
        return Bound(f"CAST('{value}' AS DOUBLE)", types.DOUBLE, float(value))
    if "." in value:
        whole, _, fraction = value.partition(".")
        digits = len(whole.lstrip("0")) + len(fraction)
        kind = _fits(digits, len(fraction), node, scope)
        return Bound(f"CAST('{value}' AS {kind.duck})", kind)
    number = int(value)
    if number > _BIGINT_MAX:
        raise QueryError("SYNTAX_ERROR", f"{at(scope, node)}: Invalid numeric literal: {value}")
    return Bound(value, types.INTEGER if number <= _INT_MAX else types.BIGINT, number)


def _fits(precision: int, scale: int, node: exp.Expr, scope: Scope) -> types.Type:
    if precision > types.MAX_PRECISION:
        raise QueryError(
            "NUMERIC_VALUE_OUT_OF_RANGE", f"{at(scope, node)}: A decimal has at most 38 digits"
        )
    return types.decimal(max(1, precision, scale), scale)


@rule(exp.Null)
def null(_: exp.Expr, __: Scope) -> Bound:
    """Bind NULL, of the unknown type."""
    return Bound("NULL", types.UNKNOWN)


@rule(exp.Boolean)
def boolean(node: exp.Boolean, _: Scope) -> Bound:
    """Bind TRUE or FALSE."""
    return Bound("TRUE" if node.this else "FALSE", types.BOOLEAN, bool(node.this))


@rule(exp.HexString)
def binary(node: exp.HexString, _: Scope) -> Bound:
    """Bind ``X'65 66'``."""
    digits = re.sub(r"\s", "", node.name)
    return Bound(f"from_hex('{digits}')", types.VARBINARY)


@rule(exp.UnicodeString)
def unicode_text(node: exp.UnicodeString, _: Scope) -> Bound:
    r"""Bind ``U&'Hello \2603'``."""
    escape = re.escape(node.args["escape"].name if node.args.get("escape") else "\\")
    pattern = rf"{escape}(?:\+([0-9a-fA-F]{{6}})|([0-9a-fA-F]{{4}})|({escape}))"

    def decoded(match: re.Match[str]) -> str:
        return match[3] or chr(int(match[1] or match[2], 16))

    value = re.sub(pattern, decoded, node.name)
    return Bound(text(value), types.varchar(len(value)), value)


@rule(exp.Paren)
def parenthesised(node: exp.Paren, scope: Scope) -> Bound:
    """Bind what stands in parentheses."""
    inner = bind(node.this, scope)
    return Bound(f"({inner.sql})", inner.type, inner.constant)


@rule(exp.Column, exp.Identifier)
def column(node: exp.Expr, scope: Scope) -> Bound:
    """Find a column, or a field of a row that is one: ``a``, ``t.a``, ``a.b.c``."""
    parts = [node] if isinstance(node, exp.Identifier) else node.parts  # type: ignore[attr-defined] # a Column
    return _named([part.name.lower() for part in parts], node, scope)


def _named(names: list[str], node: exp.Expr, scope: Scope) -> Bound:
    if len(names) == 1 and names[0] in scope.aliases:
        return scope.aliases[names[0]]
    for width in (2, 1, 3, 4):
        if len(names) >= width:
            relation = names[width - 2] if width > 1 else ""
            matching = scope.matches(names[width - 1], relation)
            if len(matching) > 1:
                name = ".".join(names[:width])
                raise QueryError(
                    "AMBIGUOUS_NAME", f"{at(scope, node)}: Column '{name}' is ambiguous"
                )
            if matching:
                return _fields(matching[0].bound, names[width:], node, scope)
    raise QueryError(
        "COLUMN_NOT_FOUND",
        f"{at(scope, node)}: Column '{'.'.join(names)}' cannot be resolved or requester is not "
        "authorized to access requested resources",
    )


def _fields(bound: Bound, names: list[str], node: exp.Expr, scope: Scope) -> Bound:
    for name in names:
        bound = field(bound, name, node, scope)
    return bound


def field(bound: Bound, name: str, node: exp.Expr, scope: Scope) -> Bound:
    """Take a row's field.

    Raises:
        QueryError: TYPE_MISMATCH, COLUMN_NOT_FOUND.
    """
    if bound.type.name != "row":
        raise mismatch(scope, node, f"Expression is not of type ROW: {bound.type}")
    lowered = [(n or "").lower() for n in bound.type.fields]
    if name not in lowered:
        raise QueryError(
            "COLUMN_NOT_FOUND",
            f"{at(scope, node)}: Column '{name}' cannot be resolved or requester is not "
            "authorized to access requested resources",
        )
    place = lowered.index(name)
    return Bound(f"struct_extract_at({bound.sql}, {place + 1})", bound.type.parts[place])


@rule(exp.Dot)
def dot(node: exp.Dot, scope: Scope) -> Bound:
    """Take a field of an expression: ``f(x).a``."""
    names = _path(node)
    if names:
        return _named(names, node, scope)
    return field(bind(node.this, scope), node.expression.name.lower(), node, scope)


def _path(node: exp.Expr) -> list[str]:
    """Give the names of ``a.b.c``; none where an expression stands before the first dot."""
    if isinstance(node, exp.Dot):
        before = _path(node.this)
        return [*before, node.expression.name.lower()] if before else []
    if isinstance(node, exp.Column):
        return [part.name.lower() for part in node.parts]
    return [node.name.lower()] if isinstance(node, exp.Identifier) else []


@rule(exp.Cast, exp.TryCast)
def cast_node(node: exp.Expr, scope: Scope) -> Bound:
    """Bind CAST, TRY_CAST, and literals such as ``DATE '2020-01-01'``."""
    value, target = bind(node.this, scope), written_type(node.args["to"])
    made = cast(value, target, scope.context)
    if made is None:
        raise mismatch(scope, node, f"Cannot cast {value.type} to {target}")
    tried = isinstance(node, exp.TryCast) and made.sql != value.sql
    return Bound(f"TRY({made.sql})" if tried else made.sql, target)


@rule(exp.Interval)
def interval(node: exp.Interval, scope: Scope) -> Bound:
    """Bind an interval: milliseconds, or months."""
    value, unit = node.name, node.args["unit"]
    span = isinstance(unit, exp.IntervalSpan)
    name = (unit.this.name if span else unit.name).lower()
    if name in {"year", "month"}:
        return Bound(str(_months(value, name)), types.MONTHS)
    if name not in _UNITS:
        raise QueryError("SYNTAX_ERROR", f"{at(scope, node)}: mismatched input '{name.upper()}'")
    return Bound(f"CAST({_millis(value, name)} AS BIGINT)", types.DAYS)


def _months(value: str, unit: str) -> int:
    years, _, months = value.strip().lstrip("+-").partition("-")
    whole = int(years) * (12 if unit == "year" else 1) + int(months or 0)
    return -whole if value.strip().startswith("-") else whole


def _millis(value: str, unit: str) -> int:
    numbers = [n for n in re.split(r"[ :]", value.strip().lstrip("+-")) if n]
    order = ["day", "hour", "minute", "second"]
    units = order[order.index(unit) :]
    total = sum(round(float(n) * _UNITS[u]) for n, u in zip(numbers, units, strict=False))
    return -total if value.strip().startswith("-") else total


def unify(values: list[Bound], scope: Scope, node: exp.Expr, what: str) -> list[Bound]:
    """Bring values to their common type.

    Raises:
        QueryError: TYPE_MISMATCH, when there is none.
    """
    common = types.UNKNOWN
    for value in values:
        matching = common_type(common, value.type)
        if matching is None:
            raise mismatch(scope, node, f"{what} must have the same type: {common}, {value.type}")
        common = matching
    return [coerce(value, common, scope.context) for value in values]


@rule(exp.Array)
def array(node: exp.Array, scope: Scope) -> Bound:
    """Bind ``ARRAY[...]``."""
    values = [bind(element, scope) for element in node.expressions]
    made = unify(values, scope, node, "All ARRAY elements")
    element = made[0].type if made else types.UNKNOWN
    inner = ", ".join(value.sql for value in made)
    return Bound(f"CAST([{inner}] AS {element.duck}[])", types.array(element))


@rule(exp.Tuple)
def row(node: exp.Tuple, scope: Scope) -> Bound:
    """Bind ``(a, b)`` and ``ROW(a, b)``."""
    return row_of([bind(element, scope) for element in node.expressions])


def row_of(values: list[Bound]) -> Bound:
    """Make a row of fields without names."""
    kind = types.row(*(value.type for value in values))
    pairs = zip(kind.field_names, values, strict=True)
    inner = ", ".join(f"{types.quoted(n)} := CAST({v.sql} AS {v.type.duck})" for n, v in pairs)
    return Bound(f"struct_pack({inner})", kind)


@rule(exp.Case)
def case(node: exp.Case, scope: Scope) -> Bound:
    """Bind both forms of CASE."""
    subject = node.this
    conditions, results = [], []
    for branch in node.args["ifs"]:
        test = exp.EQ(this=subject.copy(), expression=branch.this) if subject else branch.this
        conditions.append(truth(bind(test, scope), scope, branch))
        results.append(bind(branch.args["true"], scope))
    default = node.args.get("default")
    results.append(bind(default, scope) if default is not None else null(node, scope))
    made = unify(results, scope, node, "All CASE results")
    pairs = zip(conditions, made, strict=False)
    whens = " ".join(f"WHEN {condition} THEN {value.sql}" for condition, value in pairs)
    return Bound(f"CASE {whens} ELSE {made[-1].sql} END", made[-1].type)


def truth(value: Bound, scope: Scope, node: exp.Expr) -> str:
    """Give the SQL of a condition.

    Raises:
        QueryError: TYPE_MISMATCH for what is not boolean.
    """
    if not coerces(value.type, types.BOOLEAN):
        raise mismatch(scope, node, f"A condition must evaluate to a boolean: {value.type}")
    return coerce(value, types.BOOLEAN, scope.context).sql


@rule(exp.If)
def if_(node: exp.If, scope: Scope) -> Bound:
    """Bind ``IF(condition, a, b)``."""
    condition = truth(bind(node.this, scope), scope, node.this)
    other = node.args.get("false")
    results = [bind(node.args["true"], scope), bind(other, scope) if other else null(node, scope)]
    yes, no = unify(results, scope, node, "Result types for IF")
    return Bound(f"CASE WHEN {condition} THEN {yes.sql} ELSE {no.sql} END", yes.type)
