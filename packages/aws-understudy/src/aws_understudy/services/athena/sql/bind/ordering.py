"""ORDER BY: NULLs last, unless it says otherwise, whichever way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.sql.bind.core import Bound, Scope, bind, mismatch
from aws_understudy.services.athena.trino_types import TIMESTAMP_TZ

if TYPE_CHECKING:
    from collections.abc import Sequence


def order_by(items: Sequence[Any], scope: Scope) -> str:
    """Write ``ORDER BY ...`` of an aggregate or a window."""
    return "ORDER BY " + ", ".join(ordered(item, bind(item.this, scope), scope) for item in items)


def ordered(item: Any, value: Bound, scope: Scope) -> str:
    """Write one item.

    Raises:
        QueryError: TYPE_MISMATCH for a type without order.
    """
    if value.type.name in {"map", "json"}:
        message = f"Type {value.type} is not orderable, and therefore cannot be used in ORDER BY"
        raise mismatch(scope, item, message)
    sql = f"({value.sql}).t" if value.type.name == TIMESTAMP_TZ else value.sql
    return f"{sql} {direction(item)}"


def direction(item: Any) -> str:
    """Write an item's direction and where its NULLs go."""
    way = "DESC" if item.args.get("desc") else "ASC"
    return f"{way} NULLS {'FIRST' if item.args.get('nulls_first') else 'LAST'}"
