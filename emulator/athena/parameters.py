"""Binds the values of a parameterized query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from emulator.athena.errors import QueryError
from emulator.athena.parse import parse_one

if TYPE_CHECKING:
    from collections.abc import Sequence


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
