"""LIMIT, FETCH FIRST and OFFSET."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.sql.bind.core import at

if TYPE_CHECKING:
    from aws_understudy.services.athena.sql.bind.core import Scope


def limits(node: Any, scope: Scope) -> str:
    """Write LIMIT and OFFSET.

    Raises:
        QueryError: SYNTAX_ERROR for what is no number.
    """
    limit, offset = node.args.get("limit"), node.args.get("offset")
    sql = ""
    if isinstance(limit, exp.Fetch):
        options = limit.args.get("limit_options")
        if options is not None and options.args.get("with_ties"):
            raise not_supported(f"{at(scope, limit)}: FETCH FIRST ... WITH TIES")
        count = limit.args.get("count")
        sql += f" LIMIT {_whole(count, scope) if count is not None else 1}"
    elif limit is not None and limit.expression.name.upper() != "ALL":
        sql += f" LIMIT {_whole(limit.expression, scope)}"
    if offset is not None:
        sql += f" OFFSET {_whole(offset.expression, scope)}"
    return sql


def _whole(node: Any, scope: Scope) -> int:
    held = node.unnest()
    if not isinstance(held, exp.Literal) or not held.name.isdigit():
        raise QueryError("SYNTAX_ERROR", f"{at(scope, node)}: mismatched input '{node.name}'")
    return int(held.name)
