"""Step: every deployed named query and view is run in the deployed workgroup."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rehearsal.athena import ask
from rehearsal.errors import RehearsalError
from rehearsal.reporting.report import QueryAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from rehearsal.athena import Answer
    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say

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
    """Run them all, views first, and keep each answer as a CSV file."""
    queries = deployed_queries(journey)
    for number, query in enumerate(queries, start=1):
        say(f"{number} of {len(queries)}: {query.name}")
        answer = _run(journey, query)
        journey.answers[query.name] = answer.rows
        _write(answer, journey.out / "queries" / f"{query.name}.csv")
        journey.report.queries.append(
            QueryAnswer(
                name=query.name,
                kind="view" if query.view else "query",
                rows=len(answer.rows),
                bytes_scanned=answer.bytes_scanned,
                milliseconds=answer.milliseconds,
                first_row=[None if value is None else str(value) for value in answer.rows[0]]
                if answer.rows
                else [],
            )
        )
    views = sum(1 for query in queries if query.view)
    scanned = sum(query.bytes_scanned for query in journey.report.queries)
    rows = sum(query.rows for query in journey.report.queries)
    return (
        f"{views} views made and read, {len(queries) - views} named queries answered: "
        f"{rows} rows, {scanned / 1e6:.2f} MB scanned"
    )


def _run(journey: Journey, query: DeployedQuery) -> Answer:
    answer = ask(journey, query.sql)
    if query.view is None:
        return answer
    answer = ask(journey, f'SELECT * FROM "{query.view}"')  # noqa: S608 - the view just made
    # A view has no order: give its answer one, so that two rehearsals can be compared.
    return replace(answer, rows=sorted(answer.rows, key=lambda row: [str(value) for value in row]))


def _write(answer: Answer, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(answer.columns)
        writer.writerows(answer.rows)
