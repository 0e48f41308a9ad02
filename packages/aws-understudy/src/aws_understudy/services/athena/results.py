"""Writes result objects and pages through results."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

from aws_understudy.core.service import AwsError
from aws_understudy.lake.s3_objects import split_uri
from aws_understudy.services.athena.text_rows import BATCH
from aws_understudy.services.athena.workgroups import encryption_arguments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_understudy.services.athena.executions import Execution
    from aws_understudy.services.athena.outcome import Outcome

_PAGE = 1000
_IN_MEMORY = 16 * 2**20


def write_result(*, s3: Any, execution: Execution) -> int:
    """Put the result object where GetQueryExecution says it is; return its bytes.

    Raises:
        QueryCancelled: it was asked to stop while it wrote.
    """
    manifest = execution.statement.writes_files
    where = execution.manifest_location if manifest else execution.output_location
    bucket, key = split_uri(where)
    files = (f"{uri}\n" for uri in execution.outcome.data_files)
    lines = files if manifest else _lines(execution.outcome)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as body:
        for number, line in enumerate(lines):
            if number % BATCH == 0:
                execution.check_stop()
            body.write(line.encode())
        size = body.tell()
        body.seek(0)
        encryption = encryption_arguments(execution.settings.encryption)
        s3.put_object(Bucket=bucket, Key=key, Body=body, **encryption)
    return size


def _lines(outcome: Outcome) -> Iterator[str]:
    if not outcome.has_header:
        yield from ("\t".join(value or "" for value in row) + "\n" for row in outcome.rows)
        return
    yield f"{_csv([*outcome.names])}\n"
    yield from (f"{_csv(row)}\n" for row in outcome.rows)


def _csv(row: Sequence[str | None]) -> str:
    """Quote every value, as Athena does; NULL is nothing at all."""
    return ",".join("" if v is None else '"' + v.replace('"', '""') + '"' for v in row)


def results_page(*, execution: Execution, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give a page of GetQueryResults; a query's first row is the columns' names.

    Raises:
        AwsError: the execution has not succeeded, or the token is not one of ours.
    """
    if execution.state in {"QUEUED", "RUNNING"}:
        raise AwsError(
            "InvalidRequestException",
            f"Query has not yet finished. Current state: {execution.state}",
        )
    if execution.state != "SUCCEEDED":
        raise AwsError(
            "InvalidRequestException",
            f"Query did not finish successfully. Final query state: {execution.state}",
        )
    outcome = execution.outcome
    start, size = page_bounds(body=body, default=_PAGE)
    header: list[list[str | None]] = [list(outcome.names)] if outcome.has_header else []
    offset = start - len(header)
    rows = [*header[start:], *outcome.rows[max(0, offset) : max(0, offset + size)]]
    total = len(header) + len(outcome.rows)
    page: dict[str, Any] = {
        "UpdateCount": outcome.update_count,
        "ResultSet": {
            "Rows": [
                {"Data": [{} if v is None else {"VarCharValue": v} for v in row]} for row in rows
            ],
            "ResultSetMetadata": {"ColumnInfo": outcome.columns},
        },
    }
    return page | ({"NextToken": str(start + size)} if start + size < total else {})


def page_bounds(*, body: Mapping[str, Any], default: int) -> tuple[int, int]:
    """Read NextToken and MaxResults.

    Raises:
        AwsError: the token is not one of ours, or MaxResults is out of range.
    """
    token, size = str(body.get("NextToken") or "0"), int(body.get("MaxResults") or default)
    if not token.isdigit():
        raise AwsError("InvalidRequestException", f"NextToken {token!r} is not valid")
    if not 1 <= size <= default:
        raise AwsError("InvalidRequestException", f"MaxResults must be 1 to {default}, not {size}")
    return int(token), size
