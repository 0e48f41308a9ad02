"""Binds FROM: tables, subqueries, joins, UNNEST, LATERAL, samples."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import common_type
from aws_understudy.services.athena.sql.bind.comparison import compared
from aws_understudy.services.athena.sql.bind.core import Bound, Column, Scope, at, bind, mismatch
from aws_understudy.services.athena.sql.bind.literals import truth
from aws_understudy.services.athena.sql.bind.queries import (
    NamedQuery,
    Output,
    bind_query,
    renamed,
    values,
)
from aws_understudy.services.athena.trino_types import BIGINT

if TYPE_CHECKING:
    from aws_understudy.services.athena.trino_types import Type

Relation = tuple[str, list[Column]]


def relations(node: exp.Select, scope: Scope) -> str:
    """Write a SELECT's FROM and put its columns into the scope."""
    source = node.args.get("from_")
    if source is None:
        return ""
    sql, columns = _joined(source.this, node.args.get("joins") or [], scope)
    scope.columns = columns
    return f" FROM {sql}"


def _joined(first: Any, joins: list[Any], scope: Scope) -> Relation:
    sql, columns = _relation(first, scope)
    for join in joins:
        sql, columns = _join(sql, columns, join, scope)
    return sql, columns


def _relation(node: Any, scope: Scope) -> Relation:
    joins = node.args.get("joins") or []
    if isinstance(node, exp.Subquery) and isinstance(
        node.this, exp.Table | exp.Subquery | exp.Values
    ):
        inner = node.this
        if not isinstance(inner, exp.Values) and not node.alias:
            held = _joined(inner, inner.args.get("joins") or [], scope)
            made = (f"({held[0]})", held[1]) if inner.args.get("joins") else held
        else:
            made = _query(node, scope)
    elif isinstance(node, exp.Subquery):
        made = _query(node, scope)
    elif isinstance(node, exp.Values):
        made = _columns(node, values(node, scope), scope)
    elif isinstance(node, exp.Unnest):
        made = unnest(node, scope)
    elif isinstance(node, exp.Lateral):
        made = _query(node, scope, lateral=True)
    elif isinstance(node, exp.Table):
        made = _table(node, scope)
    else:
        raise not_supported(f"{at(scope, node)}: {node.sql(dialect='trino')[:60]}")
    for join in (
        joins if not isinstance(node.this, exp.Table) or isinstance(node, exp.Table) else []
    ):
        made = _join(*made, join, scope)
    return made


def _query(node: Any, scope: Scope, *, lateral: bool = False) -> Relation:
    held = node.this.this if lateral else node.this
    return _columns(node, bind_query(held, scope), scope, lateral=lateral)


def _alias(node: Any) -> tuple[str, list[str]]:
    alias = node.args.get("alias")
    if not isinstance(alias, exp.TableAlias):
        return node.alias.lower() if node.alias else "", []
    return alias.name.lower(), [c.name.lower() for c in alias.columns]


def _columns(node: Any, query: Any, scope: Scope, *, lateral: bool = False) -> Relation:
    relation, names = _alias(node)
    alias = scope.context.fresh("r")
    columns = [
        Column(o.name, Bound(f"{alias}.{o.internal}", o.type), relation)
        for o in renamed(query.columns, names, scope, node)
    ]
    source = _sampled(f"({query.sql})", node, scope)
    return f"{'LATERAL ' if lateral else ''}{source} AS {alias}", columns


def _table(node: exp.Table, scope: Scope) -> Relation:
    source = scope.table(node.name.lower())
    if source is None:
        raise QueryError(
            "TABLE_NOT_FOUND", f"{at(scope, node)}: Table '{node.name}' does not exist"
        )
    relation, names = _alias(node)
    relation = relation or node.name.lower()
    alias = scope.context.fresh("r")
    held = source if isinstance(source, NamedQuery) else source.named(scope.context)
    columns = [
        Column(o.name, _stored(f"{alias}.{types.quoted(o.internal)}", o.type), relation)
        for o in renamed(_shown(held.columns), names, scope, node)
    ]
    hidden = [o for o in held.columns if o.name.startswith("$")]
    columns += [
        Column(o.name, Bound(f"{alias}.{types.quoted(o.internal)}", o.type), relation, hidden=True)
        for o in hidden
    ]
    return f"{_sampled(held.internal, node, scope)} AS {alias}", columns


def _stored(sql: str, kind: Type) -> Bound:
    """Pad a stored char to its length."""
    return Bound(f"rpad({sql}, {kind.sizes[0]}, ' ')" if kind.name == "char" else sql, kind)


def _shown(columns: list[Output]) -> list[Output]:
    return [o for o in columns if not o.name.startswith("$")]


def _sampled(internal: str, node: exp.Expr, scope: Scope) -> str:
    sample = node.args.get("sample")
    if sample is None:
        return internal
    percent = sample.args.get("percent") or sample.args.get("size")
    if percent is None or not isinstance(percent.unnest(), exp.Literal):
        raise not_supported(f"{at(scope, node)}: TABLESAMPLE of a computed share")
    share = float(percent.unnest().name)
    if not 0 <= share <= 100:  # noqa: PLR2004 - per cent
        message = "Sample percentage must be between 0 and 100, inclusive"
        raise QueryError("NUMERIC_VALUE_OUT_OF_RANGE", f"{at(scope, node)}: {message}")
    inner = f"{internal} AS s" if internal.startswith("(") else internal
    return f"(SELECT * FROM {inner} TABLESAMPLE BERNOULLI ({share} PERCENT))"  # noqa: S608 - bound


def _join(sql: str, columns: list[Column], join: Any, scope: Scope) -> Relation:
    outer = Scope(scope.context, columns, parent=scope)
    right, added = _relation(join.this, outer)
    side = str(join.args.get("side") or "").upper()
    using, on = join.args.get("using") or [], join.args.get("on")
    if using:
        return _using((sql, columns), (right, added), join, scope)
    if on is None:
        if side:
            raise QueryError(
                "SYNTAX_ERROR", f"{at(scope, join)}: mismatched input: a join needs ON"
            )
        return f"{sql} CROSS JOIN {right}", columns + added
    both = Scope(scope.context, columns + added, parent=scope.parent, tables=scope.tables)
    both.aggregates = False
    condition = truth(bind(on, both), both, on)
    return f"{sql} {side} JOIN {right} ON {condition}", columns + added


def _using(left: Relation, right: Relation, join: Any, scope: Scope) -> Relation:
    names = [name.name.lower() for name in join.args["using"]]
    side, (sql, columns) = str(join.args.get("side") or "").upper(), left
    conditions, merged = [], []
    for name in names:
        left_column, right_column = (_single(c, name) for c in (columns, right[1]))
        conditions.append(
            compared("=", left_column.bound, right_column.bound, scope, exp.column(name))
        )
        merged.append(Column(name, _merged(left_column.bound, right_column.bound, side, scope)))
    rest = [c for c in [*columns, *right[1]] if c.name not in names]
    return f"{sql} {side} JOIN {right[0]} ON {' AND '.join(conditions)}", merged + rest


def _single(columns: list[Column], name: str) -> Column:
    matching = [c for c in columns if c.name == name]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise QueryError("AMBIGUOUS_NAME", f"line 1:1: Column '{name}' is ambiguous")
    raise QueryError(
        "COLUMN_NOT_FOUND",
        f"line 1:1: Column '{name}' is missing from one side of the join or requester is not "
        "authorized to access requested resources",
    )


def _merged(left: Bound, right: Bound, side: str, scope: Scope) -> Bound:
    common = common_type(left.type, right.type) or left.type
    brought, other = coerce(left, common, scope.context), coerce(right, common, scope.context)
    if side == "FULL":
        return Bound(f"COALESCE({brought.sql}, {other.sql})", common)
    return other if side == "RIGHT" else brought


def unnest(node: exp.Unnest, scope: Scope) -> Relation:
    """Bind UNNEST of arrays, maps and arrays of rows, side by side, with their places."""
    inner = [(name, kind) for value in _sources(node, scope) for name, kind in value]
    numbered = node.args.get("offset")
    relation, names = _alias(node)
    if numbered is not None and not isinstance(numbered, bool):
        names = [*names, numbered.name.lower()] if names else names
    outputs = [
        Output(f"_col{at}", scope.context.column(f"_col{at}"), kind)
        for at, (_, kind) in enumerate(inner)
    ]
    pairs = zip(inner, outputs, strict=True)
    listed = [f"unnest({sql}) AS {output.internal}" for (sql, _), output in pairs]
    if numbered:
        longest = f"greatest({', '.join(f'coalesce(len({sql}), 0)' for sql, _ in inner)})"
        outputs.append(Output("ordinality", scope.context.column("ordinality"), BIGINT))
        listed.append(f"unnest(range(1, {longest} + 1)) AS {outputs[-1].internal}")
    alias = scope.context.fresh("r")
    columns = [
        Column(o.name, Bound(f"{alias}.{o.internal}", o.type), relation)
        for o in renamed(outputs, names, scope, node)
    ]
    return f"LATERAL (SELECT {', '.join(listed)}) AS {alias}", columns


def _sources(node: exp.Unnest, scope: Scope) -> list[list[tuple[str, Type]]]:
    inner = dataclasses.replace(scope, aggregates=False)
    return [_spread(bind(part, inner), part, scope) for part in node.expressions]


def _spread(value: Bound, node: exp.Expr, scope: Scope) -> list[tuple[str, Type]]:
    kind = value.type
    if kind.name == "map":
        return [
            (f"map_keys({value.sql})", kind.parts[0]),
            (f"map_values({value.sql})", kind.parts[1]),
        ]
    if kind.name != "array":
        raise mismatch(scope, node, f"Cannot unnest type: {kind}")
    element = kind.parts[0]
    if element.name != "row":
        return [(value.sql, element)]
    return [
        (f"list_transform({value.sql}, LAMBDA e : struct_extract_at(e, {at}))", part)
        for at, part in enumerate(element.parts, start=1)
    ]
