"""Binds a whole query over the catalog's tables."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.sql.bind import (
    calls,
    literals,
    operators,
    subqueries,
    subscripts,
    windows,
    worded,
)
from aws_understudy.services.athena.sql.bind.core import Bound, Column, Context, Scope, bind
from aws_understudy.services.athena.sql.bind.literals import truth
from aws_understudy.services.athena.sql.bind.queries import (
    BoundQuery,
    NamedQuery,
    Output,
    bind_query,
)
from aws_understudy.services.athena.sql.bind.relations import relations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import duckdb
    from sqlglot import exp

    from aws_understudy.services.athena.trino_types import Type

RULES = (calls, literals, operators, subqueries, subscripts, windows, worded)
"""The modules whose rules bind the kinds of nodes."""


@dataclass(frozen=True)
class Source:
    """A table of the catalog: where the engine has its rows, and its columns."""

    internal: str
    columns: Sequence[tuple[str, str, Type]]
    """Name, the engine's name, type."""

    def named(self, context: Context) -> NamedQuery:
        """Give it as a relation."""
        for name, internal, _ in self.columns:
            context.shown[internal] = name
        return NamedQuery(self.internal, [Output(n, i, t) for n, i, t in self.columns])


def bind_statement(
    *, tree: exp.Expr, text: str, sources: Mapping[str, Source]
) -> tuple[BoundQuery, Context]:
    """Bind a query whose tables are named as in ``sources``."""
    context = Context(text, relations=relations)
    return bind_query(tree, Scope(context, tables=dict(sources))), context


def bind_condition(
    *, node: exp.Expr, columns: Sequence[tuple[str, str, Type]]
) -> tuple[str, Context]:
    """Bind a condition over some columns, each by name, the engine's name, type."""
    context = Context(relations=relations)
    held = [Column(name, Bound(internal, kind)) for name, internal, kind in columns]
    scope = Scope(context, held)
    return truth(bind(node, scope), scope, node), context


def teach(engine: duckdb.DuckDBPyConnection, context: Context) -> None:
    """Make the helpers of Python known to an engine."""
    for name, helper in context.helpers.items():
        options: dict[str, Any] = {"null_handling": "special"} if helper.nulls else {}
        function = _of_arity(helper.function, len(helper.arguments))
        engine.create_function(name, function, list(helper.arguments), helper.result, **options)


def _of_arity(function: Callable[..., Any], count: int) -> Callable[..., Any]:
    """Make a function whose signature the engine can read."""

    def called(*arguments: Any) -> Any:
        return function(*arguments)

    kind = inspect.Parameter.POSITIONAL_ONLY
    parameters = [inspect.Parameter(f"a{at}", kind) for at in range(count)]
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # what inspect reads
    return called
