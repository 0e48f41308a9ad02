"""Holds a parsed query against the parts that Trino's grammar has.

The parser takes the grammar of many dialects into one tree. What is listed here may stand in the
tree of a query, with the parts that are named; whatever else the parser has found is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.sql.functions import place

if TYPE_CHECKING:
    from collections.abc import Callable

_TWO = "this expression"
_QUERY = "with_ order limit offset"
_PARTS: dict[type[exp.Expr], str] = {
    exp.Select: f"{_QUERY} distinct expressions from_ joins where group having windows",
    **dict.fromkeys((exp.Union, exp.Except, exp.Intersect), f"{_QUERY} this expression distinct"),
    exp.Subquery: f"{_QUERY} this alias joins sample",
    exp.Values: f"{_QUERY} expressions alias joins sample",
    exp.Table: "this db catalog alias joins sample",
    exp.TableSample: "this method percent size",
    exp.TableAlias: "this columns",
    exp.Lateral: "this alias",
    exp.From: "this",
    exp.Join: "this side kind on using",
    exp.With: "expressions recursive",
    exp.CTE: "this alias",
    exp.Where: "this",
    exp.Having: "this",
    exp.Group: "expressions all distinct cube rollup grouping_sets",
    **dict.fromkeys((exp.Cube, exp.Rollup, exp.GroupingSets), "expressions"),
    exp.Order: "this expressions",
    exp.Ordered: "this desc nulls_first",
    exp.Limit: _TWO,
    exp.Fetch: "direction count limit_options",
    exp.LimitOptions: "rows",
    exp.Offset: _TWO,
    exp.Distinct: "expressions",
    exp.Alias: "this alias",
    exp.Column: "this table db catalog",
    exp.Identifier: "this quoted",
    exp.Dot: _TWO,
    exp.Star: "",
    exp.Window: "this partition_by order spec alias over",
    exp.WindowSpec: "kind start start_side end end_side",
    **dict.fromkeys((exp.IgnoreNulls, exp.RespectNulls), "this"),
    **dict.fromkeys((exp.Filter, exp.WithinGroup), _TWO),
    exp.Lambda: "this expressions",
    exp.Bracket: "this expressions offset safe",
    exp.In: "this expressions query",
    exp.Between: "this low high",
    exp.Like: "this expression negate",
    exp.Escape: _TWO,
    **dict.fromkeys((exp.Any, exp.All), "this"),
    exp.Interval: "this unit",
    exp.IntervalSpan: _TWO,
    exp.AtTimeZone: "this zone",
    exp.DataType: "this expressions nested",
    exp.DataTypeParam: "this",
    exp.ColumnDef: "this kind",
    **dict.fromkeys((exp.Paren, exp.Not, exp.Neg, exp.Var, exp.Literal), "this is_string"),
    **dict.fromkeys((exp.HexString, exp.UnicodeString, exp.Boolean), "this is_integer escape"),
    **dict.fromkeys((exp.Null, exp.Placeholder, exp.JSONPathRoot), ""),
    exp.Tuple: "expressions",
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.DPipe), "this expression safe"),
    exp.Div: "this expression typed safe",
    # Of functions: the grammar refuses these operators' signs.
    **dict.fromkeys((exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseNot), _TWO),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE), _TWO),
    **dict.fromkeys((exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ), _TWO),
}
_OF_ATHENA = (exp.MatchRecognize, exp.Version, exp.JSONKeyValue, exp.JSONSchema)
# Functions have a table of their own; paths are texts that the parser has read.
_HELD_ELSEWHERE = (exp.Func, exp.JSONPath, exp.JSONPathPart)
_JOINS = {"", "INNER", "OUTER", "CROSS"}


def check_shape(*, sql: str, tree: exp.Expr) -> None:
    """Look at every node's kind and parts.

    Raises:
        QueryError: SYNTAX_ERROR, at the part that Trino's grammar does not have.
    """
    for node in tree.walk():
        if isinstance(node, _OF_ATHENA):
            raise not_supported(f"{place(sql, node)}: {type(node).__name__}")
        foreign = not isinstance(node, exp.Func | exp.JSONPath | exp.JSONPathPart) and _foreign(
            node
        )
        if foreign or any(rule(node) for rule in _RULES) or _text_for_a_name(sql, node):
            shown = node.sql(dialect="trino")[:60]
            raise QueryError("SYNTAX_ERROR", f"{place(sql, node)}: mismatched input near '{shown}'")


def _foreign(node: exp.Expr) -> bool:
    parts = _PARTS.get(type(node))
    if parts is None:
        return True
    held = {name for name, value in node.args.items() if value not in (None, False, [], "")}
    return not held <= set(parts.split())


def _table_function(node: exp.Expr) -> bool:
    """Whether a call stands for a table; UNNEST has a node of its own."""
    return isinstance(node, exp.Table) and not isinstance(node.this, exp.Identifier)


def _called_by_a_dot(node: exp.Expr) -> bool:
    return isinstance(node, exp.Dot) and not isinstance(node.expression, exp.Identifier)


def _join(node: exp.Expr) -> bool:
    return isinstance(node, exp.Join) and str(node.args.get("kind") or "").upper() not in _JOINS


def _lateral(node: exp.Expr) -> bool:
    return isinstance(node, exp.Lateral) and not isinstance(node.this, exp.Subquery)


def _cte(node: exp.Expr) -> bool:
    return isinstance(node, exp.CTE) and not isinstance(node.this, exp.Query | exp.Table)


def _no_columns(node: exp.Expr) -> bool:
    return isinstance(node, exp.Select) and not node.expressions


def _is(node: exp.Expr) -> bool:
    return isinstance(node, exp.Is) and not isinstance(node.expression, exp.Null)


def _in(node: exp.Expr) -> bool:
    return isinstance(node, exp.In) and not (node.expressions or node.args.get("query"))


def _quantified(node: exp.Expr) -> bool:
    queried = isinstance(node, exp.Any | exp.All) and not isinstance(node.this, exp.Query)
    return queried or (isinstance(node, exp.Like) and isinstance(node.expression, exp.Any))


def _interval(node: exp.Expr) -> bool:
    return isinstance(node, exp.Interval) and not (
        isinstance(node.this, exp.Literal) and node.this.is_string and node.args.get("unit")
    )


def _exists(node: exp.Expr) -> bool:
    return isinstance(node, exp.Exists) and not isinstance(node.this, exp.Query)


_RULES: tuple[Callable[[exp.Expr], bool], ...] = (
    _table_function,
    _called_by_a_dot,
    _join,
    _lateral,
    _cte,
    _no_columns,
    _is,
    _in,
    _quantified,
    _exists,
    _interval,
)


def _text_for_a_name(sql: str, node: exp.Expr) -> bool:
    """Whether a text in single quotes names something: ``FROM 'file.csv'``, ``AS 'a'``."""
    start = node.meta.get("start")
    return isinstance(node, exp.Identifier) and start is not None and sql[start : start + 1] == "'"
