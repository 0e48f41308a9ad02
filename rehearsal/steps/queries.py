"""Step: every deployed named query and view is run in the deployed workgroup."""

from __future__ import annotations

import csv
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from rehearsal.athena import ask
from rehearsal.errors import RehearsalError
from rehearsal.reporting.report import QueryAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from rehearsal.answer import Answer
    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say

AT_ONCE = 4
"""Athena runs twenty of an account at once at least: "Service Quotas" in its user guide."""
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
        match = _VIEW.match(_COMMENTS.sub("", self.sql))
        return match["name"].lower() if match else None


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


def run_queries(journey: Journey, say: Say) -> str:
    """Make the views, then ask them and every query, a few at once; keep each answer as CSV."""
    queries = deployed_queries(journey)
    for query in queries:
        if query.view:
            say(f"making the view {query.view}")
            ask(journey, query.sql)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for number, (query, answer) in enumerate(
            zip(queries, pool.map(partial(_answer, journey), queries), strict=True), start=1
        ):
            say(f"{number} of {len(queries)}: {query.name}")
            journey.answers[query.name] = answer
            _write(answer, journey.out / "queries" / f"{query.name}.csv")
            journey.report.queries.append(_reported(journey, query, answer))
    views = sum(1 for query in queries if query.view)
    scanned = sum(query.bytes_scanned for query in journey.report.queries)
    rows = sum(query.rows for query in journey.report.queries)
    return (
        f"{views} views made and read, {len(queries) - views} named queries answered: "
        f"{rows} rows, {scanned / 1e6:.2f} MB scanned"
    )


def _answer(journey: Journey, query: DeployedQuery) -> Answer:
    if query.view is None:
        return ask(journey, query.sql)
    answer = ask(journey, f'SELECT * FROM "{query.view}"')  # noqa: S608 - the view just made
    # A view has no order: give its answer one, so that two rehearsals can be compared.
    return replace(answer, rows=sorted(answer.rows, key=lambda row: [str(value) for value in row]))


def _reported(journey: Journey, query: DeployedQuery, answer: Answer) -> QueryAnswer:
    declared = journey.declared.get(query.name)
    return QueryAnswer(
        name=query.name,
        dataset=declared.dataset.name if declared else None,
        kind="view" if query.view else "query",
        rows=len(answer.rows),
        bytes_scanned=answer.bytes_scanned,
        milliseconds=answer.milliseconds,
        columns=list(answer.columns),
        first_row=[None if value is None else str(value) for value in answer.rows[0]]
        if answer.rows
        else [],
    )


def _write(answer: Answer, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(answer.columns)
        writer.writerows(answer.rows)
