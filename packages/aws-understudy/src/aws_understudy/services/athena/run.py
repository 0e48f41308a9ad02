"""Carries one execution from QUEUED to its end."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

from aws_understudy.lake.errors import LakeError
from aws_understudy.services.athena.catalog import Catalog
from aws_understudy.services.athena.errors import QueryCancelled, QueryError, of_lake
from aws_understudy.services.athena.executions import ENDED, Execution
from aws_understudy.services.athena.results import write_result
from aws_understudy.services.athena.sql.select import QueryRunner
from aws_understudy.services.athena.statements.dispatch import perform
from aws_understudy.services.athena.statements.work import Work

if TYPE_CHECKING:
    from aws_understudy.core.service import Context

EVENT = "Athena Query State Change"
_logger = logging.getLogger(__name__)


class Clients:
    """The clients with which Athena calls the emulator, made once: making one takes 30 ms.

    They may be used from any thread.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._made: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """Give the client of a service."""
        with self._lock:
            if name not in self._made:
                self._made[name] = self._context.client(name)
            return self._made[name]


def run(*, context: Context, clients: Clients, execution: Execution) -> None:
    """Run the statement, write its result, and set the state whatever happens."""
    if execution.stop.is_set():
        _end(context=context, execution=execution, state="CANCELLED", reason="Query was cancelled")
        return
    execution.started = time.time()
    _move(context=context, execution=execution, state="RUNNING")
    s3 = clients.get("s3")
    runner = QueryRunner(
        catalog=Catalog(clients.get("glue")),
        s3=s3,
        database=execution.database,
        check_scan=lambda scanned: _check(execution, scanned),
        on_engine=lambda engine: setattr(execution, "engine", engine),
    )
    state, reason = "SUCCEEDED", ""
    try:
        execution.outcome = perform(
            Work(execution=execution, runner=runner, athena=clients.get("athena"))
        )
        execution.check_stop()
        execution.engine_seconds = time.time() - execution.started
        execution.output_bytes = write_result(s3=s3, execution=execution)
    except QueryCancelled as cancelled:
        state, reason = "CANCELLED", str(cancelled)
    except (QueryError, LakeError) as error:
        failure = of_lake(error) if isinstance(error, LakeError) else error
        state, reason, execution.error = "FAILED", str(failure), _error(failure)
    except Exception as defect:  # an execution must end in a state, whatever happens
        _logger.exception("Query %s", execution.execution_id)
        internal = QueryError("GENERIC_INTERNAL_ERROR", f"{type(defect).__name__}: {defect}")
        state, reason, execution.error = "FAILED", str(internal), _error(internal)
    execution.bytes_scanned = runner.bytes_scanned
    execution.engine_seconds = execution.engine_seconds or time.time() - execution.started
    _end(context=context, execution=execution, state=state, reason=reason)


def _error(error: QueryError) -> dict[str, Any]:
    return {
        "ErrorCategory": error.category,
        "ErrorType": 0,
        "Retryable": False,
        "ErrorMessage": str(error),
    }


def _check(execution: Execution, scanned: int) -> None:
    execution.check_stop()
    limit = execution.settings.cutoff
    if limit is not None and scanned > limit:
        raise QueryCancelled(
            f"Bytes scanned limit was exceeded: the query would scan {scanned} bytes, and the "
            f'workgroup "{execution.settings.workgroup}" allows {limit} a query.'
        )


def _end(*, context: Context, execution: Execution, state: str, reason: str) -> None:
    execution.reason = reason
    execution.completed = time.time()
    _move(context=context, execution=execution, state=state)


def _move(*, context: Context, execution: Execution, state: str) -> None:
    previous, execution.state = execution.state, state
    detail: dict[str, Any] = {
        "versionId": "0",
        "currentState": state,
        "previousState": previous,
        "statementType": execution.statement.kind,
        "queryExecutionId": execution.execution_id,
        "workgroupName": execution.settings.workgroup,
        "sequenceNumber": "3" if state in ENDED else "2",
    }
    if execution.error:
        detail["athenaError"] = {
            "errorCategory": execution.error["ErrorCategory"],
            "errorMessage": execution.error["ErrorMessage"],
        }
    try:
        context.emit_event("aws.athena", EVENT, detail)
    except Exception:  # the query's outcome stands without its event, but the loss is not silent
        _logger.exception("The event of query %s was not put", execution.execution_id)
