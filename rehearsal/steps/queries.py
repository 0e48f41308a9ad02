"""Step: every deployed named query and view is run in the deployed workgroup."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

from rehearsal.athena import ask
from rehearsal.deployed_queries import deployed_queries
from rehearsal.report import QueryAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from rehearsal.athena import Answer
    from rehearsal.deployed_queries import DeployedQuery
    from rehearsal.journey import Journey
    from rehearsal.runner import Say


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
