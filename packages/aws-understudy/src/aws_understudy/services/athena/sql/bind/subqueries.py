"""Binds subqueries within expressions: scalar, IN, EXISTS, ANY and ALL."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import common_type
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, at, bind, mismatch, rule
from aws_understudy.services.athena.sql.bind.operators import among
from aws_understudy.services.athena.sql.bind.queries import BoundQuery, bind_query
from aws_understudy.services.athena.trino_types import BOOLEAN, FLOATS, TIMESTAMP_TZ


def _single(node: exp.Expr, scope: Scope) -> tuple[BoundQuery, Bound]:
    query = bind_query(node, scope)
    if len(query.columns) != 1:
        count = len(query.columns)
        message = f"Multiple columns returned by subquery are not yet supported. Found {count}"
        raise QueryError("NOT_SUPPORTED", f"{at(scope, node)}: {message}")
    column = query.columns[0]
    return query, Bound(column.internal, column.type)


@rule(exp.Subquery)
def scalar(node: exp.Subquery, scope: Scope) -> Bound:
    """Bind ``(SELECT ...)`` as one value."""
    query, column = _single(node.this, scope)
    return Bound(f"({query.sql})", column.type)


@rule(exp.Exists)
def exists(node: exp.Exists, scope: Scope) -> Bound:
    """Bind EXISTS."""
    held = node.this.this if isinstance(node.this, exp.Subquery) else node.this
    return Bound(f"EXISTS ({bind_query(held, scope).sql})", BOOLEAN)


@rule(exp.In)
def contained(node: exp.In, scope: Scope) -> Bound:
    """Bind IN, of a list or a query."""
    query = node.args.get("query")
    if query is None:
        return among(node, scope)
    left = bind(node.this, scope)
    kind, sql = _brought(left, query, scope, node)
    value = coerce(left, kind, scope.context).sql
    held = f"({value}).t" if kind.name == TIMESTAMP_TZ else value
    return Bound(f"({held} IN ({sql}))", BOOLEAN)


def _brought(left: Bound, node: Any, scope: Scope, where: exp.Expr) -> tuple[Any, str]:
    """Write a query of one column, brought to the type that it has in common with a value."""
    held = node.this if isinstance(node, exp.Subquery) else node
    query, column = _single(held, scope)
    kind = common_type(left.type, column.type)
    if kind is None:
        message = (
            f"value and result of subquery must be of the same type: {left.type} vs {column.type}"
        )
        raise mismatch(scope, where, message)
    made = coerce(column, kind, scope.context).sql
    made = f"({made}).t" if kind.name == TIMESTAMP_TZ else made
    alias = scope.context.fresh("r")
    guard = f" WHERE isnan({made}) IS DISTINCT FROM TRUE" if kind.name in FLOATS else ""
    return kind, f"SELECT {made} FROM ({query.sql}) AS {alias}{guard}"  # noqa: S608 - bound


@rule(exp.Any, exp.All)
def quantified(node: Any, scope: Scope) -> Bound:
    """Bind what stands right of ``= ANY (SELECT ...)``."""
    comparison: Any = node.parent
    left = bind(comparison.this, scope)
    kind, sql = _brought(left, node.this, scope, comparison)
    word = "ANY" if isinstance(node, exp.Any) else "ALL"
    return Bound(f"{word} ({sql})", kind)
