"""Binds calls: of functions, of aggregates, and over windows."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.sql.bind import types
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, at, bind, rule
from aws_understudy.services.athena.sql.bind.functions import (
    collections,
    forms,
    lambdas,
    numeric,
    strings,
    temporal,
)
from aws_understudy.services.athena.sql.bind.functions.aggregates import (
    AGGREGATES,
    RANKS,
    VALUES,
    Call,
    listagg,
)
from aws_understudy.services.athena.sql.bind.grouping import grouping
from aws_understudy.services.athena.sql.bind.literals import truth
from aws_understudy.services.athena.sql.bind.ordering import order_by
from aws_understudy.services.athena.sql.bind.signatures import applied, choose, signature
from aws_understudy.services.athena.sql.bind.types import BIGINT, DOUBLE, VARCHAR

if TYPE_CHECKING:
    from collections.abc import Sequence

_TABLES = (numeric.TABLE, strings.TABLE, collections.TABLE, temporal.TABLE)
SCALARS = {
    name: [signature(text, make) for text, make in entries]
    for table in _TABLES
    for name, entries in table.items()
}
_WORDS = (
    "cast current_date current_time current_timestamp extract grouping listagg localtime "
    "localtimestamp normalize now position row trim try_cast"
)
RUN = frozenset(
    {*SCALARS, *forms.FORMS, *lambdas.RULES, *temporal.RULES, *AGGREGATES, *RANKS, *VALUES}
    | set(_WORDS.split())
)
"""The functions that are bound here, by name."""


@rule(exp.Anonymous)
def function(node: exp.Anonymous, scope: Scope) -> Bound:
    """Bind ``name(...)``."""
    return called(node.name.lower(), list(node.expressions), scope, node)


def called(name: str, nodes: Sequence[exp.Expr], scope: Scope, node: exp.Expr) -> Bound:
    """Bind a call by the function's name.

    Raises:
        QueryError: FUNCTION_NOT_FOUND for arguments of other types, with what was given.
    """
    arguments = list(nodes)
    if name in {"current_timestamp", "localtimestamp", "localtime", "current_time", "now"}:
        return _now(name, arguments)
    if name in AGGREGATES:
        return aggregate(name, arguments, scope, node)
    if name == "grouping":
        return grouping(node, scope)
    if name in RANKS | VALUES:
        raise QueryError(
            "SYNTAX_ERROR", f"{at(scope, node)}: Window function {name} requires an OVER clause"
        )
    if name in lambdas.RULES and (
        name == "zip" or any(isinstance(a, exp.Lambda) for a in arguments)
    ):
        made = lambdas.RULES[name](name, arguments, scope, node)
        return made or _unexpected(name, arguments, scope, node)
    if any(isinstance(a, exp.Lambda) for a in arguments):
        raise not_supported(f"{at(scope, node)}: {name} with a lambda")
    return _scalar(name, arguments, scope, node)


def _scalar(name: str, nodes: list[exp.Expr], scope: Scope, node: exp.Expr) -> Bound:
    values = [bind(argument, scope) for argument in nodes]
    for table in (forms.FORMS, temporal.RULES):
        if name in table:
            made = table[name](name, values, scope, node)
            return made or _unexpected(name, nodes, scope, node)
    choice = choose(SCALARS.get(name, []), [value.type for value in values])
    if choice is None:
        return _unexpected(name, nodes, scope, node)
    return applied(choice, values, scope.context)


def _unexpected(name: str, nodes: Sequence[exp.Expr], scope: Scope, node: exp.Expr) -> Bound:
    if name not in RUN:
        raise not_supported(f"{at(scope, node)}: The function {name}")
    given = ", ".join(_shown(n, scope) for n in nodes)
    raise QueryError(
        "FUNCTION_NOT_FOUND",
        f"{at(scope, node)}: Unexpected parameters ({given}) for function {name}",
    )


def _shown(node: exp.Expr, scope: Scope) -> str:
    return "function" if isinstance(node, exp.Lambda) else str(bind(node, scope).type)


def _now(name: str, nodes: list[exp.Expr]) -> Bound:
    precision = int(nodes[0].name) if nodes and isinstance(nodes[0], exp.Literal) else None
    return temporal.now("current_timestamp" if name == "now" else name, precision)


def aggregate(
    name: str, nodes: list[exp.Expr], scope: Scope, node: exp.Expr, suffix: str = ""
) -> Bound:
    """Bind an aggregate, with DISTINCT, ORDER BY, FILTER and OVER."""
    _allowed(scope, node)
    inner = dataclasses.replace(scope, aggregates=False)
    distinct = len(nodes) == 1 and isinstance(nodes[0], exp.Distinct)
    arguments = list(nodes[0].expressions) if distinct else nodes
    order = ""
    if arguments and isinstance(arguments[-1], exp.Order):
        order = order_by(arguments[-1].expressions, inner)
        arguments = [*arguments[:-1], arguments[-1].this]
    starred = len(arguments) == 1 and isinstance(arguments[0], exp.Star)
    values = [] if starred else [bind(argument, inner) for argument in arguments]
    if not values and name != "count":
        return _unexpected(name, [], scope, node)
    call = Call(name, values, scope, node, distinct, order, suffix)
    return AGGREGATES[name](call) or _unexpected(name, arguments, inner, node)


def _allowed(scope: Scope, node: exp.Expr) -> None:
    if scope.aggregates:
        return
    nested = any(
        isinstance(parent, exp.Anonymous) and parent.name.lower() in AGGREGATES
        for parent in _parents(node)
    )
    if nested:
        message = "Cannot nest aggregations inside aggregation"
        raise QueryError("NESTED_AGGREGATION", f"{at(scope, node)}: {message}")
    message = "WHERE clause cannot contain aggregations, window functions or grouping operations"
    raise QueryError("EXPRESSION_NOT_SCALAR", f"{at(scope, node)}: {message}")


def _parents(node: exp.Expr) -> Any:
    parent = node.parent
    while parent is not None and not isinstance(parent, exp.Query):
        yield parent
        parent = parent.parent


@rule(exp.ArgMax, exp.ArgMin)
def extreme_by(node: Any, scope: Scope) -> Bound:
    """Bind max_by and min_by, which the parser knows by their own nodes."""
    name, arguments = _named(node)
    return aggregate(name, arguments, scope, node)


def _named(node: Any) -> tuple[str, list[exp.Expr]]:
    """Give the name and arguments of an aggregate or window function."""
    if isinstance(node, exp.ArgMax | exp.ArgMin):
        name = "max_by" if isinstance(node, exp.ArgMax) else "min_by"
        count = node.args.get("count")
        return name, [node.this, node.expression, *([count] if count else [])]
    if isinstance(node, exp.Anonymous):
        return node.name.lower(), list(node.expressions)
    return "", []


@rule(exp.Filter)
def filtered(node: exp.Filter, scope: Scope) -> Bound:
    """Bind an aggregate with FILTER."""
    return _with_suffix(node.this, scope, _filter(node, scope))


def _filter(node: exp.Filter, scope: Scope) -> str:
    inner = dataclasses.replace(scope, aggregates=False)
    condition = node.expression.this
    return f" FILTER (WHERE {truth(bind(condition, inner), scope, condition)})"


def _with_suffix(node: Any, scope: Scope, suffix: str) -> Bound:
    if isinstance(node, exp.GroupConcat | exp.WithinGroup):
        return _listagg(node, scope, suffix)
    name, arguments = _named(node)
    if name not in AGGREGATES:
        raise QueryError("FUNCTION_NOT_AGGREGATE", f"{at(scope, node)}: {name} is no aggregate")
    return aggregate(name, arguments, scope, node, suffix)


@rule(exp.GroupConcat, exp.WithinGroup)
def list_aggregate(node: Any, scope: Scope) -> Bound:
    """Bind LISTAGG."""
    return _listagg(node, scope, "")


def _listagg(node: Any, scope: Scope, suffix: str) -> Bound:
    _allowed(scope, node)
    if isinstance(node, exp.WithinGroup):
        raise not_supported(f"{at(scope, node)}: WITHIN GROUP")
    inner = dataclasses.replace(scope, aggregates=False)
    ordered = node.this if isinstance(node.this, exp.Order) else None
    value = ordered.this if ordered is not None else node.this
    distinct = isinstance(value, exp.Distinct)
    held = bind(value.expressions[0] if distinct else value, inner)
    separator = node.args.get("separator")
    by = bind(separator, inner) if separator is not None else Bound("''", VARCHAR)
    order = order_by(ordered.expressions, inner) if ordered is not None else ""
    call = Call("listagg", [held], scope, node, distinct, order, suffix)
    return listagg(call, by) or _unexpected("listagg", [value], inner, node)


@rule(exp.Window)
def windowed(node: exp.Window, scope: Scope) -> Bound:
    """Bind a function over a window."""
    if not scope.aggregates:
        _allowed(scope, node)
    inner, nulls, suffix = node.this, "", ""
    if isinstance(inner, exp.IgnoreNulls | exp.RespectNulls):
        nulls = " IGNORE NULLS" if isinstance(inner, exp.IgnoreNulls) else ""
        inner = inner.this
    if isinstance(inner, exp.Filter):
        suffix, inner = _filter(inner, scope), inner.this
    over = f"{suffix} OVER ({window(node, scope)})"
    name, arguments = _named(inner)
    if name in RANKS:
        return _rank(name, arguments, scope, over)
    if name in VALUES:
        return _value(name, arguments, scope, nulls, over)
    return _with_suffix(inner, scope, over)


def _rank(name: str, nodes: list[exp.Expr], scope: Scope, over: str) -> Bound:
    inner = ", ".join(coerce(bind(n, scope), BIGINT, scope.context).sql for n in nodes)
    return Bound(
        f"{name}({inner}){over}", DOUBLE if name in {"percent_rank", "cume_dist"} else BIGINT
    )


def _value(name: str, nodes: list[exp.Expr], scope: Scope, nulls: str, over: str) -> Bound:
    values = [bind(node, scope) for node in nodes]
    kind = values[0].type
    inner = [values[0].sql]
    if len(values) > 1:
        inner.append(coerce(values[1], BIGINT, scope.context).sql)
    if len(values) > 2:  # noqa: PLR2004 - the default of lag and lead
        inner.append(coerce(values[2], kind, scope.context).sql)
    return Bound(f"{name}({', '.join(inner)}{nulls}){over}", kind)


def window(node: Any, scope: Scope) -> str:
    """Write what stands between the parentheses of OVER."""
    base = scope.windows.get(node.args["alias"].name.lower()) if node.args.get("alias") else None
    if node.args.get("alias") and base is None:
        message = f"Cannot resolve WINDOW name {node.args['alias'].name}"
        raise QueryError("INVALID_WINDOW_REFERENCE", f"{at(scope, node)}: {message}")
    parts = []
    partition = node.args.get("partition_by") or (base.args.get("partition_by") if base else None)
    if partition:
        parts.append("PARTITION BY " + ", ".join(bind(p, scope).sql for p in partition))
    order = node.args.get("order") or (base.args.get("order") if base else None)
    if order:
        parts.append(order_by(order.expressions, scope))
    spec = node.args.get("spec") or (base.args.get("spec") if base else None)
    if spec:
        parts.append(_frame(spec, scope))
    return " ".join(parts)


def _frame(spec: exp.WindowSpec, scope: Scope) -> str:
    kind = spec.args.get("kind") or "RANGE"
    start = _edge(spec.args.get("start"), spec.args.get("start_side"), scope)
    end = spec.args.get("end")
    if end is None:
        return f"{kind} {start}"
    return f"{kind} BETWEEN {start} AND {_edge(end, spec.args.get('end_side'), scope)}"


def _edge(bound: Any, side: Any, scope: Scope) -> str:
    if isinstance(bound, str):
        return bound if bound == "CURRENT ROW" else f"{bound} {side}"
    value = bind(bound, scope)
    sql = value.sql
    if value.type == types.DAYS:
        sql = f"to_microseconds({sql} * 1000)"
    elif value.type == types.MONTHS:
        sql = f"to_months({sql})"
    return f"({sql}) {side}"


@rule(exp.Ceil, exp.Floor)
def whole(node: Any, scope: Scope) -> Bound:
    """Bind ceil and floor."""
    return called("ceil" if isinstance(node, exp.Ceil) else "floor", [node.this], scope, node)


@rule(exp.Chr)
def char(node: exp.Chr, scope: Scope) -> Bound:
    """Bind chr."""
    return called("chr", node.expressions, scope, node)


@rule(exp.Substring)
def substring(node: exp.Substring, scope: Scope) -> Bound:
    """Bind ``substring(a FROM b FOR c)``."""
    rest = [node.args[part] for part in ("start", "length") if node.args.get(part) is not None]
    return called("substr", [node.this, *rest], scope, node)


@rule(exp.Trim)
def trimmed(node: exp.Trim, scope: Scope) -> Bound:
    """Bind ``trim(LEADING 'x' FROM a)``."""
    names = {"LEADING": "ltrim", "TRAILING": "rtrim"}
    name = names.get(str(node.args.get("position") or "").upper(), "trim")
    rest = [node.expression] if node.expression is not None else []
    return called(name, [node.this, *rest], scope, node)


@rule(exp.StrPosition)
def position(node: exp.StrPosition, scope: Scope) -> Bound:
    """Bind ``position(a IN b)``."""
    return called("strpos", [node.this, node.args["substr"]], scope, node)


@rule(exp.Extract)
def extracted(node: exp.Extract, scope: Scope) -> Bound:
    """Bind ``extract(YEAR FROM x)``."""
    value, name = bind(node.expression, scope), node.name.lower()
    made = temporal.field(name, value, scope)
    if made is None:
        message = f"{at(scope, node)}: Cannot extract {name} from {value.type}"
        raise QueryError("TYPE_MISMATCH", message)
    return made


@rule(exp.ParseJSON)
def json_literal(node: Any, scope: Scope) -> Bound:
    """Bind ``JSON '{"a": 1}'``."""
    return called("json_parse", [node.this], scope, node)


@rule(exp.Normalize)
def normalized(node: exp.Normalize, scope: Scope) -> Bound:
    """Bind ``normalize(a, NFD)``."""
    form = node.args.get("form")
    value = coerce(bind(node.this, scope), VARCHAR, scope.context)
    return forms.normalize(value, form.name if form is not None else "NFC", scope)


@rule(exp.AtTimeZone)
def in_zone(node: exp.AtTimeZone, scope: Scope) -> Bound:
    """Bind ``x AT TIME ZONE 'Europe/Rome'``."""
    value, zone = bind(node.this, scope), bind(node.args["zone"], scope)
    made = temporal.at_zone(value, zone, scope, keep_wall=False)
    if made is None or not coerces(zone.type, VARCHAR):
        message = f"Type of value must be a time or timestamp: {value.type}"
        raise QueryError("TYPE_MISMATCH", f"{at(scope, node)}: {message}")
    return made


@rule(exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.Localtime, exp.Localtimestamp)
def now(node: Any, _: Scope) -> Bound:
    """Bind the words for now."""
    names: dict[type, str] = {
        exp.CurrentDate: "current_date",
        exp.CurrentTime: "current_time",
        exp.CurrentTimestamp: "current_timestamp",
        exp.Localtime: "localtime",
        exp.Localtimestamp: "localtimestamp",
    }
    precision = int(node.this.name) if isinstance(node.this, exp.Literal) else None
    return temporal.now(names[type(node)], precision)
