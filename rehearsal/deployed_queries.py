"""Finds the deployed named queries of the workgroup, those that make views first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from rehearsal.journey import Journey

BATCH = 50
"""The most that BatchGetNamedQuery takes."""
_COMMENTS = re.compile(r"--[^\n]*\n|/\*.*?\*/", re.DOTALL)
_VIEW = re.compile(r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?VIEW\s+\"?(?P<name>\w+)\"?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class DeployedQuery:
    """A named query as Athena keeps it."""

    name: str
    sql: str

    @property
    def view(self) -> str | None:
        """The view that the statement makes, or None if it is a query."""
        found = _VIEW.match(_COMMENTS.sub("", self.sql))
        return found["name"].lower() if found else None


def deployed_queries(journey: Journey) -> list[DeployedQuery]:
    """Every named query of the deployed workgroup: views first, for queries may read them.

    Raises:
        RehearsalError: there is none.
    """
    athena = journey.client("athena")
    workgroup = journey.output("query", "WorkGroupName")
    pages = athena.get_paginator("list_named_queries").paginate(WorkGroup=workgroup)
    ids = [identifier for page in pages for identifier in page["NamedQueryIds"]]
    if not ids:
        raise RehearsalError(f"workgroup {workgroup} has no named query; was the stack deployed?")
    queries = [
        DeployedQuery(name=query["Name"], sql=query["QueryString"])
        for start in range(0, len(ids), BATCH)
        for query in athena.batch_get_named_query(NamedQueryIds=ids[start : start + BATCH])[
            "NamedQueries"
        ]
    ]
    return sorted(queries, key=lambda query: (query.view is None, query.name))
