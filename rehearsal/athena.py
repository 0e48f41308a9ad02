"""Asks Athena, and reads its answer with the types that it declares."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rehearsal.answer import Answer
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from rehearsal.journey import Journey

QUERY_SECONDS = 600
WHOLE = {"tinyint", "smallint", "integer", "bigint"}
FRACTION = {"double", "float", "real"}


def ask(journey: Journey, sql: str, *, client_location: str | None = None) -> Answer:
    """Run a statement in the deployed workgroup and wait for its answer.

    Args:
        journey: Where to ask.
        sql: One Athena SQL statement.
        client_location: Where this client wants the result object; a workgroup that is
            enforced overrides it.

    Raises:
        RehearsalError: the query failed; with Athena's reason and the statement.
    """
    athena = journey.client("athena")
    location = (
        {"ResultConfiguration": {"OutputLocation": client_location}} if client_location else {}
    )
    execution_id = athena.start_query_execution(
        QueryString=sql,
        WorkGroup=journey.output("query", "WorkGroupName"),
        QueryExecutionContext={"Database": journey.output("catalog", "DatabaseName")},
        **location,
    )["QueryExecutionId"]
    execution: dict[str, Any] = {}

    def ended() -> bool:
        answer = athena.get_query_execution(QueryExecutionId=execution_id)
        execution.update(answer["QueryExecution"])
        return execution["Status"]["State"] in {"SUCCEEDED", "FAILED", "CANCELLED"}

    journey.wait(until=ended, seconds=QUERY_SECONDS, event=f"query {execution_id}")
    if execution["Status"]["State"] != "SUCCEEDED":
        reason = execution["Status"].get("StateChangeReason", "no reason given")
        raise RehearsalError(f"query {execution['Status']['State']}: {reason}\n{sql}")
    columns, rows = _results(athena, execution_id)
    statistics = execution.get("Statistics", {})
    return Answer(
        execution_id=execution_id,
        output_location=execution["ResultConfiguration"]["OutputLocation"],
        bytes_scanned=statistics.get("DataScannedInBytes", 0),
        milliseconds=statistics.get("EngineExecutionTimeInMillis", 0),
        columns=columns,
        rows=rows,
    )


def _results(athena: Any, execution_id: str) -> tuple[list[str], list[list[Any]]]:
    rows: list[list[Any]] = []
    types: list[tuple[str, str]] = []
    for page in athena.get_paginator("get_query_results").paginate(QueryExecutionId=execution_id):
        metadata = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
        types = [(column["Name"], column["Type"]) for column in metadata]
        rows += [
            [field.get("VarCharValue") for field in row["Data"]]
            for row in page["ResultSet"]["Rows"]
        ]
    names = [name for name, _ in types]
    # The first row of a SELECT repeats the columns' names; a DDL statement has no such row.
    if rows and rows[0] == names:
        rows = rows[1:]
    return names, [
        [_value(text, kind) for text, (_, kind) in zip(row, types, strict=True)] for row in rows
    ]


def _value(text: str | None, kind: str) -> Any:
    if text is None:
        return None
    if kind in WHOLE:
        return int(text)
    if kind in FRACTION:
        return float(text)
    return Decimal(text) if kind == "decimal" else text
