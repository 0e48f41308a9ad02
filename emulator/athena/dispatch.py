"""Gives each kind of statement to the module that performs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emulator.athena.errors import not_supported
from emulator.athena.outcome import Outcome, of_answer

if TYPE_CHECKING:
    from emulator.athena.executions import Execution
    from emulator.athena.select import QueryRunner
    from emulator.service import Context


def perform(*, context: Context, execution: Execution, runner: QueryRunner) -> Outcome:
    """Perform the statement.

    Raises:
        QueryError: it failed, or is not supported.
    """
    statement = execution.statement
    if statement.substatement == "SELECT":
        return of_answer(runner.run(sql=statement.text, parameters=execution.parameters))
    raise not_supported(f"The statement {statement.text.split(maxsplit=1)[0].upper()}")
