"""Statements that answer with a query: SELECT, EXECUTE of a prepared one, EXPLAIN."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from sqlglot import exp

from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.outcome import Outcome, of_answer, of_lines
from aws_understudy.services.athena.sql.parse import parse_one
from aws_understudy.services.athena.statement import classify
from aws_understudy.services.athena.statements.ddl_text import match

if TYPE_CHECKING:
    from aws_understudy.services.athena.statements.work import Work

_EXECUTE = re.compile(
    r"EXECUTE\s+(?P<name>[\w\"]+)(?:\s+USING\s+(?P<values>.+))?\s*", re.IGNORECASE | re.DOTALL
)


def select(work: Work) -> Outcome:
    """Run a query.

    Raises:
        QueryError: it failed.
    """
    return of_answer(work.runner.run(sql=work.text, parameters=work.execution.parameters))


def execute(work: Work) -> Outcome:
    """Run the prepared query of ``EXECUTE name USING ...``.

    Raises:
        QueryError: there is none of that name in the workgroup, or it is no query.
    """
    parts = match(_EXECUTE, work.text)
    name, workgroup = parts["name"].strip('"'), work.execution.settings.workgroup
    try:
        kept = work.athena.get_prepared_statement(StatementName=name, WorkGroup=workgroup)
    except ClientError as error:
        raise QueryError(
            "NOT_FOUND", f'Prepared statement "{name}" not found in workgroup "{workgroup}"'
        ) from error
    statement = classify(kept["PreparedStatement"]["QueryStatement"])
    if statement.substatement != "SELECT":
        raise not_supported(f"EXECUTE of {statement.substatement}")
    parameters = [*_values(parts["values"]), *work.execution.parameters]
    return of_answer(work.runner.run(sql=statement.text, parameters=parameters))


def _values(text: str | None) -> list[str]:
    if not text:
        return []
    query = parse_one(f"SELECT {text}")
    if not isinstance(query, exp.Select):
        raise QueryError("SYNTAX_ERROR", f"line 1:1: USING {text}")
    return [value.sql(dialect="trino") for value in query.expressions]


def explain(work: Work) -> Outcome:
    """Show the plan of a query.

    Raises:
        QueryError: the query is wrong, or the plan is asked for with options.
    """
    query = work.text[len("EXPLAIN") :].strip()
    if query.upper().startswith(("ANALYZE", "(")):
        raise not_supported("EXPLAIN ANALYZE, and EXPLAIN with options,")
    plan = work.runner.explain(sql=query, parameters=work.execution.parameters)
    note = "Query plan of the emulator's engine (DuckDB), not of Athena's"
    return of_lines(name="Query Plan", lines=[note, *plan.splitlines()])
