"""Binds functions over windows."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.sql.bind.calls import (
    check_allowed,
    filter_clause,
    named,
    with_suffix,
)
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, at, bind, rule
from aws_understudy.services.athena.sql.bind.functions.aggregates import RANKS, VALUES
from aws_understudy.services.athena.sql.bind.ordering import order_by
from aws_understudy.services.athena.trino_types import BIGINT, DOUBLE


@rule(exp.Window)
def windowed(node: exp.Window, scope: Scope) -> Bound:
    """Bind a function over a window."""
    if not scope.aggregates:
        check_allowed(scope, node)
    inner, nulls, suffix = node.this, "", ""
    if isinstance(inner, exp.IgnoreNulls | exp.RespectNulls):
        nulls = " IGNORE NULLS" if isinstance(inner, exp.IgnoreNulls) else ""
        inner = inner.this
    if isinstance(inner, exp.Filter):
        suffix, inner = filter_clause(inner, scope), inner.this
    over = f"{suffix} OVER ({window(node, scope)})"
    name, arguments = named(inner)
    if name in RANKS:
        return _rank(name, arguments, scope, over)
    if name in VALUES:
        return _value(name, arguments, scope, nulls, over)
    return with_suffix(inner, scope, over)


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
