"""Binds queries: WITH, SELECT, set operations, VALUES, and their order and limits."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import common_type
from aws_understudy.services.athena.sql.bind.core import Bound, Column, Scope, at, bind
from aws_understudy.services.athena.sql.bind.grouping import group_by
from aws_understudy.services.athena.sql.bind.limits import limits
from aws_understudy.services.athena.sql.bind.literals import truth, unify
from aws_understudy.services.athena.sql.bind.ordering import direction, ordered

if TYPE_CHECKING:
    from aws_understudy.services.athena.trino_types import Type


@dataclass(frozen=True)
class Output:
    """A column of a query."""

    name: str
    internal: str
    type: Type


@dataclass(frozen=True)
class BoundQuery:
    """A query in the engine's SQL."""

    sql: str
    columns: list[Output]


@dataclass(frozen=True)
class NamedQuery:
    """A common table expression: its name in the engine and its columns."""

    internal: str
    columns: list[Output]


def bind_query(node: Any, parent: Scope) -> BoundQuery:
    """Bind a query of any form; names that it lacks are looked up in ``parent``."""
    scope = parent.inner()
    clause = _with(node, scope)
    if isinstance(node, exp.Select):
        made = _select(node, scope)
    elif isinstance(node, exp.SetOperation):
        made = _limited(node, _set_operation(node, scope), scope)
    elif isinstance(node, exp.Subquery):
        made = _limited(node, bind_query(node.this, scope), scope)
    elif isinstance(node, exp.Values):
        made = values(node, scope)
    elif isinstance(node, exp.Table):
        made = _select(exp.select("*").from_(node.copy()), scope)
    else:
        raise not_supported(f"{at(scope, node)}: {node.sql(dialect='trino')[:60]}")
    return BoundQuery(clause + made.sql, made.columns)


def _with(node: Any, scope: Scope) -> str:
    with_ = node.args.get("with_")
    if with_ is None:
        return ""
    recursive = bool(with_.args.get("recursive"))
    parts = [_named(cte, scope, recursive=recursive) for cte in with_.expressions]
    return f"WITH {'RECURSIVE ' if recursive else ''}{', '.join(parts)} "


def _named(cte: Any, scope: Scope, *, recursive: bool) -> str:
    name, internal = cte.alias.lower(), scope.context.fresh("w")
    names = [c.name.lower() for c in cte.args["alias"].columns]
    if recursive and isinstance(cte.this, exp.Union) and _refers(cte.this.expression, name):
        base = bind_query(cte.this.this, scope)
        columns = renamed(base.columns, names, scope, cte)
        scope.tables[name] = NamedQuery(internal, columns)
        step = bind_query(cte.this.expression, scope)
        kinds = [c.type for c in columns]
        word = "UNION" if cte.this.args.get("distinct") else "UNION ALL"
        body = f"{_as(base, kinds, scope)} {word} {_as(step, kinds, scope)}"
        listed = ", ".join(c.internal for c in columns)
        return f"{internal}({listed}) AS ({body})"
    query = bind_query(cte.this, scope)
    scope.tables[name] = NamedQuery(internal, renamed(query.columns, names, scope, cte))
    return f"{internal} AS ({query.sql})"


def _refers(node: Any, name: str) -> bool:
    return any(t.name.lower() == name and not t.db for t in node.find_all(exp.Table))


def renamed(columns: list[Output], names: list[str], scope: Scope, node: exp.Expr) -> list[Output]:
    """Give columns the names of a list such as ``AS t (a, b)``.

    Raises:
        QueryError: MISMATCHED_COLUMN_ALIASES, when their number differs.
    """
    if not names:
        return columns
    if len(names) != len(columns):
        raise QueryError(
            "MISMATCHED_COLUMN_ALIASES",
            f"{at(scope, node)}: Column alias list has {len(names)} entries but relation has "
            f"{len(columns)} columns",
        )
    pairs = list(zip(columns, names, strict=True))
    scope.context.shown |= {column.internal: name for column, name in pairs}
    return [dataclasses.replace(column, name=name) for column, name in pairs]


def _as(query: BoundQuery, kinds: list[Type], scope: Scope) -> str:
    """Write a query whose columns are brought to these types."""
    pairs = zip(query.columns, kinds, strict=True)
    parts = [
        f"{coerce(Bound(c.internal, c.type), kind, scope.context).sql} AS {c.internal}"
        for c, kind in pairs
    ]
    return f"SELECT {', '.join(parts)} FROM ({query.sql}) AS {scope.context.fresh('r')}"  # noqa: S608 - bound


def _set_operation(node: Any, scope: Scope) -> BoundQuery:
    left, right = bind_query(node.this, scope), bind_query(node.expression, scope)
    word = type(node).__name__.upper()
    if len(left.columns) != len(right.columns):
        raise QueryError(
            "TYPE_MISMATCH",
            f"{at(scope, node)}: {word} query has different number of fields: "
            f"{len(left.columns)}, {len(right.columns)}",
        )
    kinds = []
    for place, (left_column, right_column) in enumerate(
        zip(left.columns, right.columns, strict=True), start=1
    ):
        kind = common_type(left_column.type, right_column.type)
        if kind is None:
            both = f"{left_column.type}, {right_column.type}"
            message = f"column {place} in {word} query has incompatible types: {both}"
            raise QueryError("TYPE_MISMATCH", f"{at(scope, node)}: {message}")
        kinds.append(kind)
    every = "" if node.args.get("distinct") else " ALL"
    sql = f"{_as(left, kinds, scope)} {word}{every} {_as(right, kinds, scope)}"
    columns = [dataclasses.replace(c, type=k) for c, k in zip(left.columns, kinds, strict=True)]
    return BoundQuery(sql, columns)


def _limited(node: Any, query: BoundQuery, scope: Scope) -> BoundQuery:
    """Apply ORDER BY and limits that stand after a set operation or parentheses."""
    order = node.args.get("order")
    if order is None and not any(node.args.get(part) for part in ("limit", "offset")):
        return query
    alias = scope.context.fresh("r")
    inner = scope.inner(
        [Column(c.name, Bound(f"{alias}.{c.internal}", c.type)) for c in query.columns]
    )
    tail = _order(order, inner, query.columns) + limits(node, scope)
    return BoundQuery(f"SELECT * FROM ({query.sql}) AS {alias}{tail}", query.columns)  # noqa: S608 - bound


def values(node: Any, scope: Scope) -> BoundQuery:
    """Bind VALUES: each column of the common type of its values."""
    rows = []
    for row in node.expressions:
        cells = row.expressions if isinstance(row, exp.Tuple) else [row]
        rows.append([bind(cell, scope) for cell in cells])
    if len({len(row) for row in rows}) != 1:
        message = f"{at(scope, node)}: Values rows have mismatched sizes"
        raise QueryError("TYPE_MISMATCH", message)
    columns = [
        unify(list(column), scope, node, "Values of a column") for column in zip(*rows, strict=True)
    ]
    outputs = [
        Output(f"_col{place}", scope.context.column(f"_col{place}"), column[0].type)
        for place, column in enumerate(columns)
    ]
    lines = ", ".join(
        f"({', '.join(f'CAST({v.sql} AS {v.type.duck})' for v in row)})"
        for row in zip(*columns, strict=True)
    )
    listed = ", ".join(o.internal for o in outputs)
    alias = scope.context.fresh("r")
    return BoundQuery(f"SELECT * FROM (VALUES {lines}) AS {alias}({listed})", outputs)  # noqa: S608 - bound


def _select(node: exp.Select, scope: Scope) -> BoundQuery:
    source = scope.context.relations(node, scope) if scope.context.relations else ""
    scope.windows = {w.name.lower(): w for w in node.args.get("windows") or []}
    items = _items(node, scope)
    distinct = "DISTINCT " if node.args.get("distinct") else ""
    outputs = [Output(name, scope.context.column(name), b.type) for name, b in items]
    pairs = zip(outputs, items, strict=True)
    listed = ", ".join(f"{value.sql} AS {o.internal}" for o, (_, value) in pairs)
    sql = f"SELECT {distinct}{listed}{source}{_where(node, scope)}"
    sql += group_by(node, [value for _, value in items], scope)
    having = node.args.get("having")
    if having is not None:
        sql += f" HAVING {truth(bind(having.this, scope), scope, having)}"
    for name, value in items:
        scope.aliases.setdefault(name, value)
    sql += _order(node.args.get("order"), scope, outputs) + limits(node, scope)
    return BoundQuery(sql, outputs)


def _where(node: exp.Select, scope: Scope) -> str:
    where = node.args.get("where")
    if where is None:
        return ""
    inner = dataclasses.replace(scope, aggregates=False)
    return f" WHERE {truth(bind(where.this, inner), inner, where)}"


def _items(node: exp.Select, scope: Scope) -> list[tuple[str, Bound]]:
    items: list[tuple[str, Bound]] = []
    for expression in node.expressions:
        starred = expression.this if isinstance(expression, exp.Column | exp.Dot) else expression
        last = expression.expression if isinstance(expression, exp.Dot) else starred
        if isinstance(last, exp.Star):
            items += _star(expression, scope)
            continue
        name = _name(expression, len(items))
        inner = expression.this if isinstance(expression, exp.Alias) else expression
        items.append((name, bind(inner, scope)))
    return items


def _name(node: exp.Expr, place: int) -> str:
    if isinstance(node, exp.Alias):
        return str(node.alias).lower()
    if isinstance(node, exp.Column):
        return node.name.lower()
    if isinstance(node, exp.Dot):
        return str(node.expression.name).lower()
    return f"_col{place}"


def _star(node: Any, scope: Scope) -> list[tuple[str, Bound]]:
    if isinstance(node, exp.Dot):
        value = bind(node.this, scope)
        return _fields(value)
    relation = node.table.lower() if isinstance(node, exp.Column) else ""
    visible = [
        c for c in scope.columns if not c.hidden and (not relation or c.relation == relation)
    ]
    if not visible and relation:
        return _fields(bind(exp.column(relation), scope))
    if not visible:
        message = "SELECT * not allowed in queries without FROM clause"
        raise QueryError("COLUMN_NOT_FOUND", f"{at(scope, node)}: {message}")
    return [(c.name, c.bound) for c in visible]


def _fields(value: Bound) -> list[tuple[str, Bound]]:
    pairs = zip(value.type.fields, value.type.parts, strict=True)
    return [
        (name or f"_col{at}", Bound(f"struct_extract_at({value.sql}, {at + 1})", part))
        for at, (name, part) in enumerate(pairs)
    ]


def _order(order: Any, scope: Scope, outputs: list[Output]) -> str:
    if order is None:
        return ""
    return " ORDER BY " + ", ".join(_order_item(i, scope, outputs) for i in order.expressions)


def _order_item(item: Any, scope: Scope, outputs: list[Output]) -> str:
    node = item.this
    if isinstance(node, exp.Literal) and not node.is_string:
        place = int(node.name)
        if not 1 <= place <= len(outputs):
            message = f"ORDER BY position {place} is not in select list"
            raise QueryError("INVALID_COLUMN_REFERENCE", f"{at(scope, item)}: {message}")
        output = outputs[place - 1]
        return ordered(item, Bound(output.internal, output.type), scope)
    named = [o for o in outputs if isinstance(node, exp.Column) and not node.table]
    same = [o for o in named if o.name == node.name.lower()]
    if same:
        return ordered(item, Bound(same[0].internal, same[0].type), scope)
    value = bind(node, scope)
    return ordered(item, value, scope) if value.constant is None else f"NULL {direction(item)}"
