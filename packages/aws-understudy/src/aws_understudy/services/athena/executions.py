"""The query executions: their state, by id and by workgroup."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aws_understudy.core.service import AwsError
from aws_understudy.services.athena.errors import QueryCancelled
from aws_understudy.services.athena.outcome import Outcome

if TYPE_CHECKING:
    import duckdb

    from aws_understudy.services.athena.statement import Statement
    from aws_understudy.services.athena.workgroups import Settings

ENDED = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})


@dataclass(kw_only=True)
class Execution:
    """One query execution."""

    query: str
    statement: Statement
    database: str
    catalog: str
    settings: Settings
    parameters: list[str]
    execution_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "QUEUED"
    reason: str = ""
    error: dict[str, Any] | None = None
    submitted: float = field(default_factory=time.time)
    started: float | None = None
    completed: float | None = None
    engine_seconds: float = 0.0
    bytes_scanned: int = 0
    outcome: Outcome = field(default_factory=Outcome)
    output_bytes: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    engine: duckdb.DuckDBPyConnection | None = None

    @property
    def output_location(self) -> str:
        """Where the result object is: ``<OutputLocation>/<id>.csv`` or ``.txt``."""
        folder = self.settings.output_location.rstrip("/")
        return f"{folder}/{self.execution_id}{self.statement.suffix}"

    @property
    def manifest_location(self) -> str:
        """Where the list of the files that the statement wrote is."""
        folder = self.settings.output_location.rstrip("/")
        return f"{folder}/{self.execution_id}-manifest.csv"

    def cancel(self) -> None:
        """Ask it to end; a running engine is interrupted."""
        self.stop.set()
        engine = self.engine
        if engine is not None:
            engine.interrupt()

    def check_stop(self) -> None:
        """End here, if it was asked to.

        Raises:
            QueryCancelled: it was.
        """
        if self.stop.is_set():
            raise QueryCancelled("Query was cancelled by the user")

    def timeline(self) -> dict[str, int]:
        """The times, in milliseconds."""
        begun = self.started or self.completed or time.time()
        queue = _millis(begun - self.submitted)
        total = _millis((self.completed or time.time()) - self.submitted)
        engine = _millis(self.engine_seconds)
        return {
            "QueryQueueTimeInMillis": queue,
            "ServicePreProcessingTimeInMillis": 0,
            "QueryPlanningTimeInMillis": 0,
            "EngineExecutionTimeInMillis": engine,
            "ServiceProcessingTimeInMillis": max(0, total - queue - engine),
            "TotalExecutionTimeInMillis": total,
        }

    def describe(self) -> dict[str, Any]:
        """The QueryExecution of the API."""
        status: dict[str, Any] = {"State": self.state, "SubmissionDateTime": self.submitted}
        if self.completed is not None:
            status["CompletionDateTime"] = self.completed
        if self.reason:
            status["StateChangeReason"] = self.reason
        if self.error:
            status["AthenaError"] = self.error
        result: dict[str, Any] = {"OutputLocation": self.output_location}
        if self.settings.encryption:
            result["EncryptionConfiguration"] = self.settings.encryption
        context = {"Database": self.database, "Catalog": self.catalog}
        version = {
            "SelectedEngineVersion": "AUTO",
            "EffectiveEngineVersion": "Athena engine version 3",
        }
        described: dict[str, Any] = {
            "QueryExecutionId": self.execution_id,
            "Query": self.query,
            "StatementType": self.statement.kind,
            "SubstatementType": self.statement.substatement,
            "ResultConfiguration": result,
            "QueryExecutionContext": {k: v for k, v in context.items() if v},
            "Status": status,
            "Statistics": {
                **self.timeline(),
                "DataScannedInBytes": self.bytes_scanned,
                "ResultReuseInformation": {"ReusedPreviousResult": False},
            },
            "WorkGroup": self.settings.workgroup,
            "EngineVersion": version,
        }
        if self.statement.writes_files and self.state == "SUCCEEDED":
            described["Statistics"]["DataManifestLocation"] = self.manifest_location
        if self.parameters:
            described["ExecutionParameters"] = self.parameters
        return described


def _millis(seconds: float) -> int:
    return max(0, round(seconds * 1000))


class ExecutionStore:
    """Keeps the executions of the emulator's life."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_id: dict[str, Execution] = {}
        self._by_token: dict[str, Execution] = {}

    def add(self, execution: Execution, *, token: str) -> Execution:
        """Add an execution; the same client token again gives the first.

        Raises:
            AwsError: the token was used for another query.
        """
        with self._lock:
            held = self._by_token.get(token) if token else None
            if held is None:
                self._by_id[execution.execution_id] = execution
                self._by_token |= {token: execution} if token else {}
                return execution
        if held.query != execution.query:
            raise AwsError("InvalidRequestException", "Idempotent parameters do not match")
        return held

    def get(self, execution_id: str) -> Execution:
        """An execution by its id.

        Raises:
            AwsError: there is none of that id.
        """
        with self._lock:
            execution = self._by_id.get(execution_id)
        if execution is None:
            raise AwsError(
                "InvalidRequestException", f"QueryExecution {execution_id} was not found"
            )
        return execution

    def forget(self, workgroup: str) -> None:
        """Drop the history of a workgroup that is deleted with it."""
        with self._lock:
            kept = {
                id_: execution
                for id_, execution in self._by_id.items()
                if execution.settings.workgroup != workgroup
            }
            self._by_id = kept

    def all(self) -> list[Execution]:
        """All executions, the newest first."""
        with self._lock:
            return list(reversed(self._by_id.values()))
