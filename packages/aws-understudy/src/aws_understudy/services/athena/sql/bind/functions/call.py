"""A call of an aggregate, as the functions that bind aggregates take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces

if TYPE_CHECKING:
    from sqlglot import exp

    from aws_understudy.services.athena.sql.bind.core import Bound, Scope
    from aws_understudy.services.athena.trino_types import Type


@dataclass(frozen=True)
class Call:
    """A call of an aggregate."""

    name: str
    arguments: list[Bound]
    scope: Scope
    node: exp.Expr
    distinct: bool = False
    order: str = ""
    """``ORDER BY ...`` within the parentheses."""
    suffix: str = ""
    """FILTER and OVER."""

    def engine(self, name: str, *inner: str) -> str:
        """Write the engine's aggregate over these expressions."""
        distinct = "DISTINCT " if self.distinct else ""
        order = f" {self.order}" if self.order else ""
        return f"{name}({distinct}{', '.join(inner)}{order}){self.suffix}"

    def to(self, kind: Type, place: int = 0) -> str | None:
        """Give an argument's SQL as a type to which it goes unasked; None if it does not."""
        if place >= len(self.arguments) or not coerces(self.arguments[place].type, kind):
            return None
        return coerce(self.arguments[place], kind, self.scope.context).sql
