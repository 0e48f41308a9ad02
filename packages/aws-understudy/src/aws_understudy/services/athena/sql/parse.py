"""Parses Athena's SQL and binds the values of its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import sqlglot
from sqlglot import Dialect, exp
from sqlglot.dialects.trino import Trino
from sqlglot.errors import ParseError, TokenError
from sqlglot.parsers.trino import TrinoParser

from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.sql.bind.calls import RUN
from aws_understudy.services.athena.sql.functions import check_functions
from aws_understudy.services.athena.sql.grammar import check_grammar
from aws_understudy.services.athena.sql.rewording import plain_grammar
from aws_understudy.services.athena.sql.shapes import check_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

# Of Athena, where a query is wanted: after EXPLAIN.
_STATEMENTS = {"ALTER", "CREATE", "DELETE", "DROP", "INSERT", "MERGE", "SHOW", "UPDATE"}


class Plain(Trino):
    """Trino's grammar, in which a call keeps its name and its arguments' order."""

    INDEX_OFFSET = 0

    class Parser(TrinoParser):
        """Its parser, without the functions that it would give another form."""

        FUNCTIONS: ClassVar[dict[str, Any]] = {}


def parse_query(sql: str) -> exp.Expr:
    """Parse a query (SELECT, WITH, VALUES, set operations) and hold it against what Athena has.

    Raises:
        QueryError: SYNTAX_ERROR with its place, FUNCTION_NOT_FOUND, NOT_SUPPORTED.
    """
    sql = plain_grammar(sql)
    tree = _as_select(parse_one(sql))
    if not isinstance(tree, exp.Query):
        raise _no_query(sql)
    check_grammar(sql)
    check_functions(sql=sql, tree=tree, run=RUN)
    check_shape(sql=sql, tree=tree)
    return tree


def _no_query(sql: str) -> QueryError:
    word = sql.split(maxsplit=1)[0]
    if word.upper() in _STATEMENTS:
        return not_supported(f"The statement {word.upper()}")
    return QueryError("SYNTAX_ERROR", f"line 1:1: mismatched input '{word}'")


def _as_select(tree: exp.Expr) -> exp.Expr:
    """Write ``(SELECT ...)``, ``VALUES ...`` and ``TABLE t`` as a SELECT of all their columns."""
    if isinstance(tree, exp.Values):
        row = tree.expressions[0]
        width = len(row.expressions) if isinstance(row, exp.Tuple) else 1
        names = [exp.to_identifier(f"_col{i}", quoted=True) for i in range(width)]
        tree.set("alias", exp.TableAlias(this=exp.to_identifier("values_0"), columns=names))
    elif isinstance(tree, exp.Subquery) and not tree.alias:
        tree.set("alias", exp.TableAlias(this=exp.to_identifier("query_0")))
    elif not isinstance(tree, exp.Table):
        return tree
    return exp.select("*").from_(tree, copy=False)


def parse_one(sql: str, *, dialect: str | type[Dialect] = Plain) -> exp.Expr:
    """Parse one statement.

    Raises:
        QueryError: SYNTAX_ERROR: ``line l:c: ...``.
    """
    try:
        trees = [t for t in sqlglot.parse(sql, read=dialect) if t is not None]
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        near = first.get("highlight") or ""
        column = max(1, first.get("col", 1) - len(near) + 1)  # the parser gives the last one
        place = f"line {first.get('line', 1)}:{column}"
        raise QueryError("SYNTAX_ERROR", f"{place}: mismatched input '{near}'") from error
    except TokenError as error:
        raise QueryError("SYNTAX_ERROR", f"line 1:1: {error}") from error
    if len(trees) != 1:
        problem = "Only one sql statement is allowed" if trees else "The statement is empty"
        raise QueryError("SYNTAX_ERROR", f"line 1:1: {problem}")
    return trees[0]


def bind_parameters(*, tree: exp.Expr, parameters: Sequence[str]) -> exp.Expr:
    """Put the parameters, which are SQL expressions, in the places of the question marks.

    Raises:
        QueryError: INVALID_PARAMETER_USAGE when their number differs.
    """
    marks = [node for node in tree.find_all(exp.Placeholder, bfs=False) if not node.this]
    if len(marks) != len(parameters):
        raise QueryError(
            "INVALID_PARAMETER_USAGE",
            f"line 1:1: Incorrect number of parameters: expected {len(marks)} "
            f"but found {len(parameters)}",
        )
    for mark, text in zip(marks, parameters, strict=True):
        mark.replace(exp.paren(_value(text)))
    return tree


def _value(text: str) -> exp.Expr:
    """Parse one value: a literal, or an expression of literals such as ``DATE '2020-01-01'``."""
    select = parse_one(f"SELECT {text}")
    values = select.expressions if isinstance(select, exp.Select) else []
    plain = len(values) == 1 and not values[0].find(exp.Column, exp.Query, exp.Alias, exp.Star)
    if not plain or len(select.args.get("joins") or []) or select.args.get("from_"):
        raise QueryError(
            "INVALID_PARAMETER_USAGE",
            f"line 1:1: {text!r} is not a literal (text needs single quotes: '...')",
        )
    value: exp.Expr = values[0]
    return value
