"""Parses Athena's SQL."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from emulator.athena.errors import QueryError, not_supported
from emulator.athena.functions import check_functions
from emulator.athena.grammar import check_grammar
from emulator.athena.shapes import check_shape

# Of Athena, where a query is wanted: after EXPLAIN.
_STATEMENTS = {"ALTER", "CREATE", "DELETE", "DROP", "INSERT", "MERGE", "SHOW", "UPDATE"}


def parse_query(sql: str) -> exp.Expr:
    """Parse a query (SELECT, WITH, VALUES, set operations) and hold it against what Athena has.

    Raises:
        QueryError: SYNTAX_ERROR with its place, FUNCTION_NOT_FOUND, NOT_SUPPORTED.
    """
    tree = _as_select(parse_one(sql))
    if not isinstance(tree, exp.Query):
        raise _no_query(sql)
    check_grammar(sql)
    check_functions(sql=sql, tree=tree)
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


def parse_one(sql: str, *, dialect: str = "trino") -> exp.Expr:
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
        said = "Only one sql statement is allowed" if trees else "The statement is empty"
        raise QueryError("SYNTAX_ERROR", f"line 1:1: {said}")
    return trees[0]
