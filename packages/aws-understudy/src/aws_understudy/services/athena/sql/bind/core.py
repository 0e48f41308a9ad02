"""What binding works with: bound expressions, scopes, the engine's helpers, and the dispatch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.sql.functions import place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlglot import exp

    from aws_understudy.services.athena.trino_types import Type


_SHORT = 200


@dataclass(frozen=True)
class Bound:
    """An expression in the engine's SQL, and its type in Trino's."""

    sql: str
    type: Type
    constant: Any = None
    """The value of a literal text or number."""


@dataclass(frozen=True)
class Column:
    """A column in scope; ``relation`` is the alias that the query gave, in lower case."""

    name: str
    bound: Bound
    relation: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Helper:
    """A function of Python that the engine calls."""

    function: Callable[..., Any]
    arguments: tuple[str, ...]
    result: str
    nulls: bool


@dataclass
class Context:
    """What one statement's binding gathers."""

    text: str = ""
    """The statement, for the places in messages."""
    helpers: dict[str, Helper] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    """The query's name of an internal column."""
    count: int = 0
    relations: Callable[[Any, Scope], str] | None = None
    """Writes a SELECT's FROM."""

    def fresh(self, stem: str) -> str:
        """Make an internal name."""
        self.count += 1
        return f"{stem}{self.count}"

    def column(self, name: str) -> str:
        """Make the internal name of a column."""
        internal = self.fresh("k")
        self.shown[internal] = name
        return internal

    def helper(
        self,
        function: Callable[..., Any],
        arguments: Sequence[Type],
        result: Type,
        *,
        nulls: bool = False,
    ) -> str:
        """Give the name under which the engine will know a function of Python."""
        made = Helper(function, tuple(a.duck for a in arguments), result.duck, nulls)
        for name, known in self.helpers.items():
            if known == made:
                return name
        name = self.fresh("py_")
        self.helpers[name] = made
        return name


@dataclass
class Scope:
    """Where names are looked up: a query's relations, then those around it."""

    context: Context
    columns: list[Column] = field(default_factory=list)
    parent: Scope | None = None
    tables: dict[str, Any] = field(default_factory=dict)
    """Relations by name: the catalog's tables and, in inner scopes, common table expressions."""
    aliases: dict[str, Bound] = field(default_factory=dict)
    """Output columns, which ORDER BY alone sees."""
    windows: dict[str, Any] = field(default_factory=dict)
    aggregates: bool = True
    """Whether an aggregate may stand here; not in WHERE or inside another."""

    def inner(self, columns: list[Column] | None = None) -> Scope:
        """Make a scope inside this one."""
        return Scope(self.context, columns or [], parent=self)

    def table(self, name: str) -> Any:
        """Find a relation by name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.tables:
                return scope.tables[name]
            scope = scope.parent
        return None

    def matches(self, name: str, relation: str = "") -> list[Column]:
        """Find the columns of the nearest scope that has any of that name."""
        matching = [
            c for c in self.columns if c.name == name and (not relation or c.relation == relation)
        ]
        if matching or self.parent is None:
            return matching
        return self.parent.matches(name, relation)


_RULES: dict[type, Any] = {}


def rule(*kinds: type) -> Callable[[Any], Any]:
    """Mark the function that binds nodes of these kinds."""

    def mark(function: Any) -> Any:
        for kind in kinds:
            _RULES[kind] = function
        return function

    return mark


def bind(node: exp.Expr, scope: Scope) -> Bound:
    """Bind an expression.

    Raises:
        QueryError: by Trino's names: COLUMN_NOT_FOUND, TYPE_MISMATCH, ...
    """
    function = _RULES.get(type(node))
    if function is None:
        shown = node.sql(dialect="trino")[:60]
        raise QueryError(
            "NOT_SUPPORTED",
            f"{at(scope, node)}: {shown} is not run by the emulator (Athena may run it).",
        )
    bound: Bound = function(node, scope)
    return bound


def at(scope: Scope, node: exp.Expr) -> str:
    """Say where a node is: ``line 1:8``."""
    return place(scope.context.text, node)


def mismatch(scope: Scope, node: exp.Expr, message: str) -> QueryError:
    """Make the error for a value of a wrong type."""
    return QueryError("TYPE_MISMATCH", f"{at(scope, node)}: {message}")


def once(sql: str, context: Context, write: Callable[[str], str]) -> str:
    """Write what uses an expression more than once, so that a long one stands there once."""
    if len(sql) <= _SHORT:
        return write(sql)
    name = context.fresh("v")
    return f"list_extract(list_transform([{sql}], LAMBDA {name} : {write(name)}), 1)"


def text(value: str) -> str:
    """Write a text as a literal."""
    escaped = value.replace("'", "''")
    return f"'{escaped}'"
