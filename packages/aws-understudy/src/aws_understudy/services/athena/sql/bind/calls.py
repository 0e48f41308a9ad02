"""Binds calls: of functions, of aggregates, and over windows."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.errors import QueryError, not_supported
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
    listagg,
)
from aws_understudy.services.athena.sql.bind.functions.call import Call
from aws_understudy.services.athena.sql.bind.grouping import grouping
from aws_understudy.services.athena.sql.bind.literals import truth
from aws_understudy.services.athena.sql.bind.ordering import order_by
from aws_understudy.services.athena.sql.bind.signatures import applied, choose, signature
from aws_understudy.services.athena.trino_types import VARCHAR

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
    for table, usual in ((forms.FORMS, types.DOUBLE), (temporal.RULES, types.DATE)):
        if name in table:
            made = table[name](name, values, scope, node)
            made = made or table[name](name, _typed(values, usual), scope, node)
            return made or _unexpected(name, nodes, scope, node)
    choice = choose(SCALARS.get(name, []), [value.type for value in values])
    if choice is None:
        return _unexpected(name, nodes, scope, node)
    return applied(choice, values, scope.context)


def _typed(values: list[Bound], usual: types.Type) -> list[Bound]:
    """Give a bare NULL the type that the function takes most often."""
    null = Bound(f"CAST(NULL AS {usual.duck})", usual)
    return [null if value.type == types.UNKNOWN else value for value in values]


def _unexpected(name: str, nodes: Sequence[exp.Expr], scope: Scope, node: exp.Expr) -> Bound:
    if name not in RUN:
        raise not_supported(f"{at(scope, node)}: The function {name}")
    shown = ", ".join(_shown(n, scope) for n in nodes)
    raise QueryError(
        "FUNCTION_NOT_FOUND",
        f"{at(scope, node)}: Unexpected parameters ({shown}) for function {name}",
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
    check_allowed(scope, node)
    over = " OVER (" in suffix  # a window may stand over aggregates
    inner = scope if over else dataclasses.replace(scope, aggregates=False)
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
    made = AGGREGATES[name](call)
    if made is None:
        held = dataclasses.replace(call, arguments=_typed(values, types.DOUBLE))
        made = AGGREGATES[name](held) if held != call else None
    return made or _unexpected(name, arguments, inner, node)


def check_allowed(scope: Scope, node: exp.Expr) -> None:
    """Refuse an aggregate or window where none may stand.

    Raises:
        QueryError: NESTED_AGGREGATION, EXPRESSION_NOT_SCALAR.
    """
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
    name, arguments = named(node)
    return aggregate(name, arguments, scope, node)


def named(node: Any) -> tuple[str, list[exp.Expr]]:
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
    return with_suffix(node.this, scope, filter_clause(node, scope))


def filter_clause(node: exp.Filter, scope: Scope) -> str:
    """Write FILTER (WHERE ...)."""
    inner = dataclasses.replace(scope, aggregates=False)
    condition = node.expression.this
    return f" FILTER (WHERE {truth(bind(condition, inner), scope, condition)})"


def with_suffix(node: Any, scope: Scope, suffix: str) -> Bound:
    """Bind an aggregate that FILTER or OVER follows."""
    if isinstance(node, exp.GroupConcat | exp.WithinGroup):
        return _listagg(node, scope, suffix)
    name, arguments = named(node)
    if name not in AGGREGATES:
        raise QueryError("FUNCTION_NOT_AGGREGATE", f"{at(scope, node)}: {name} is no aggregate")
    return aggregate(name, arguments, scope, node, suffix)


@rule(exp.GroupConcat, exp.WithinGroup)
def list_aggregate(node: Any, scope: Scope) -> Bound:
    """Bind LISTAGG."""
    return _listagg(node, scope, "")


def _listagg(node: Any, scope: Scope, suffix: str) -> Bound:
    check_allowed(scope, node)
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
