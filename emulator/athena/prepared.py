"""EXECUTE of prepared statements, which the API's CreatePreparedStatement keeps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from sqlglot import exp

from emulator.athena.errors import QueryError, not_supported
from emulator.athena.parse import parse_one
from emulator.athena.statement import classify
from emulator.athena.syntax import match

if TYPE_CHECKING:
    from collections.abc import Sequence

_FORM = re.compile(
    r"EXECUTE\s+(?P<name>[\w\"]+)(?:\s+USING\s+(?P<values>.+))?\s*", re.IGNORECASE | re.DOTALL
)


def prepared(
    *, athena: Any, text: str, workgroup: str, parameters: Sequence[str]
) -> tuple[str, list[str]]:
    """Find the statement of ``EXECUTE name USING ...``; return its SQL and its parameters.

    Raises:
        QueryError: there is none of that name in the workgroup, or it is no query.
    """
    said = match(_FORM, text)
    name = said["name"].strip('"')
    try:
        found = athena.get_prepared_statement(StatementName=name, WorkGroup=workgroup)
    except ClientError as error:
        raise QueryError(
            "NOT_FOUND", f'Prepared statement "{name}" not found in workgroup "{workgroup}"'
        ) from error
    statement = classify(found["PreparedStatement"]["QueryStatement"])
    if statement.substatement != "SELECT":
        raise not_supported(f"EXECUTE of {statement.substatement}")
    return statement.text, [*_values(said["values"]), *parameters]


def _values(text: str | None) -> list[str]:
    if not text:
        return []
    select = parse_one(f"SELECT {text}")
    if not isinstance(select, exp.Select):
        raise QueryError("SYNTAX_ERROR", f"line 1:1: USING {text}")
    return [value.sql(dialect="trino") for value in select.expressions]
