"""PREPARE and DEALLOCATE PREPARE: statements that a workgroup keeps by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.outcome import Outcome
from aws_understudy.services.athena.sql.parse import parse_query
from aws_understudy.services.athena.statement import classify
from aws_understudy.services.athena.statements.ddl_text import match

if TYPE_CHECKING:
    from aws_understudy.services.athena.statements.work import Work

_PREPARE = re.compile(
    r"PREPARE\s+(?P<name>[\w\"]+)\s+FROM\s+(?P<query>.+)", re.IGNORECASE | re.DOTALL
)
_DEALLOCATE = re.compile(r"DEALLOCATE\s+PREPARE\s+(?P<name>[\w\"]+)\s*", re.IGNORECASE)


def prepare(work: Work) -> Outcome:
    """Keep a statement under a name, once its grammar is checked.

    Raises:
        QueryError: SYNTAX_ERROR, or the workgroup has a statement of that name.
    """
    parts = match(_PREPARE, work.text)
    query = parts["query"].strip()
    if classify(query).substatement == "SELECT":
        parse_query(query)
    try:
        work.athena.create_prepared_statement(
            StatementName=parts["name"].strip('"'),
            WorkGroup=work.execution.settings.workgroup,
            QueryStatement=query,
        )
    except ClientError as error:
        raise QueryError("ALREADY_EXISTS", error.response["Error"]["Message"]) from error
    return Outcome()


def deallocate(work: Work) -> Outcome:
    """Forget a prepared statement.

    Raises:
        QueryError: NOT_FOUND.
    """
    name = match(_DEALLOCATE, work.text)["name"].strip('"')
    workgroup = work.execution.settings.workgroup
    try:
        work.athena.get_prepared_statement(StatementName=name, WorkGroup=workgroup)
        work.athena.delete_prepared_statement(StatementName=name, WorkGroup=workgroup)
    except ClientError as error:
        raise QueryError(
            "NOT_FOUND", f'Prepared statement "{name}" not found in workgroup "{workgroup}"'
        ) from error
    return Outcome()
