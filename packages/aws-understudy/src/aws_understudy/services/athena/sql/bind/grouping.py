"""GROUP BY: expressions, positions, ROLLUP, CUBE, GROUPING SETS, and GROUPING."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, at, bind
from aws_understudy.services.athena.trino_types import INTEGER

_SETS: tuple[tuple[type[exp.Expr], str], ...] = (
    (exp.Rollup, "ROLLUP"),
    (exp.Cube, "CUBE"),
    (exp.GroupingSets, "GROUPING SETS"),
)


def group_by(node: exp.Select, items: list[Bound], scope: Scope) -> str:
    """Write the GROUP BY of a SELECT, whose output expressions are ``items``."""
    group = node.args.get("group")
    if group is None:
        return ""
    parts = [_set(key, items, scope) for key in group.expressions]
    for part, word in (("rollup", "ROLLUP"), ("cube", "CUBE"), ("grouping_sets", "GROUPING SETS")):
        for held in group.args.get(part) or []:
            inner = ", ".join(_set(key, items, scope) for key in held.expressions)
            parts.append(f"{word} ({inner})")
    return f" GROUP BY {', '.join(parts)}"


def _set(node: Any, items: list[Bound], scope: Scope) -> str:
    if isinstance(node, exp.Tuple):
        return f"({', '.join(_key(k, items, scope) for k in node.expressions)})"
    for kind, word in _SETS:
        if isinstance(node, kind):
            return f"{word} ({', '.join(_set(k, items, scope) for k in node.expressions)})"
    return _key(node, items, scope)


def _key(node: Any, items: list[Bound], scope: Scope) -> str:
    if isinstance(node, exp.Tuple):
        return f"({', '.join(_key(k, items, scope) for k in node.expressions)})"
    held = node.unnest()
    if isinstance(held, exp.Literal) and not held.is_string:
        place = int(held.name) if held.name.isdigit() else 0
        if not 1 <= place <= len(items):
            message = f"GROUP BY position {held.name} is not in select list"
            raise QueryError("INVALID_COLUMN_REFERENCE", f"{at(scope, node)}: {message}")
        value = items[place - 1]
    else:
        value = bind(node, scope)
    return value.sql if value.constant is None else f"CAST({value.sql} AS {value.type.duck})"


def grouping(node: Any, scope: Scope) -> Bound:
    """Bind GROUPING(a, b): a bit for each column that a row does not group by."""
    inner = ", ".join(bind(part, scope).sql for part in node.expressions)
    return Bound(f"CAST(GROUPING({inner}) AS INTEGER)", INTEGER)
