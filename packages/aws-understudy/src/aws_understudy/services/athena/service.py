"""Athena's query operations, really run; workgroups and named queries stay in the back end."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from aws_understudy.core.service import AwsError, AwsRequest, AwsResponse, Context
from aws_understudy.lake.errors import LakeError
from aws_understudy.lake.s3_objects import split_uri
from aws_understudy.services.athena.executions import ENDED, Execution, ExecutionStore
from aws_understudy.services.athena.results import page_bounds, results_page
from aws_understudy.services.athena.run import Clients, run
from aws_understudy.services.athena.statement import classify
from aws_understudy.services.athena.workgroups import contents, delete_contents, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WORKERS = 4
_LIST_PAGE = 50
_CLOSE_SECONDS = 5.0
_CLOSE_STEP = 0.05
_MAX_QUERY_BYTES = 262144


class AthenaService:
    """Runs queries in worker threads."""

    name = "athena"

    def __init__(self, context: Context) -> None:
        self._context = context
        self._clients = Clients(context)
        self._store = ExecutionStore()
        self._workers = ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="athena")
        self._actions: dict[str, Callable[[dict[str, Any]], Mapping[str, Any] | None]] = {
            "StartQueryExecution": self._start,
            "StopQueryExecution": self._stop,
            "GetQueryExecution": self._get,
            "BatchGetQueryExecution": self._batch_get,
            "ListQueryExecutions": self._list,
            "GetQueryResults": self._results,
            "GetQueryRuntimeStatistics": self._statistics,
            "DeleteWorkGroup": self._delete_workgroup,
        }

    def handle(self, request: AwsRequest) -> AwsResponse | None:
        """Answer operations on query executions, and the deletion of a workgroup that has some.

        The rest goes to the back end.

        Raises:
            AwsError: as Athena words it.
        """
        action = self._actions.get(request.action)
        if action is None:
            return None
        if request.region != self._context.region:
            raise AwsError(
                "InvalidRequestException",
                f"The emulator runs queries in {self._context.region} only, "
                f"not in {request.region}.",
            )
        answer = action(request.json())
        return None if answer is None else AwsResponse.of_json(answer)

    def close(self) -> None:
        """Cancel what runs and end the workers; a read from S3 may outlast the seconds given."""
        deadline = time.monotonic() + _CLOSE_SECONDS
        self._workers.shutdown(wait=False, cancel_futures=True)
        while time.monotonic() < deadline:
            running = [e for e in self._store.all() if e.state == "RUNNING"]
            if not running:
                break
            for execution in running:
                execution.cancel()
            time.sleep(_CLOSE_STEP)

    def _start(self, body: dict[str, Any]) -> Mapping[str, Any]:
        query = body.get("QueryString") or ""
        if not query.strip() or len(query.encode()) > _MAX_QUERY_BYTES:
            raise AwsError(
                "InvalidRequestException",
                f"QueryString must have 1 to {_MAX_QUERY_BYTES} bytes, not {len(query.encode())}",
            )
        settings = settings_of(
            athena=self._clients.get("athena"),
            name=body.get("WorkGroup") or "primary",
            requested=body.get("ResultConfiguration") or {},
        )
        self._check_bucket(settings.output_location)
        asked = body.get("QueryExecutionContext") or {}
        made = Execution(
            query=query,
            statement=classify(query),
            database=asked.get("Database") or "default",
            catalog=asked.get("Catalog") or "",
            settings=settings,
            parameters=list(body.get("ExecutionParameters") or []),
        )
        execution = self._store.add(made, token=body.get("ClientRequestToken") or "")
        if execution is made:
            self._workers.submit(
                run, context=self._context, clients=self._clients, execution=execution
            )
        return {"QueryExecutionId": execution.execution_id}

    def _delete_workgroup(self, body: dict[str, Any]) -> None:
        """Refuse where there is a history or a saved query; the back end deletes the rest."""
        group = body.get("WorkGroup") or ""
        athena = self._clients.get("athena")
        if body.get("RecursiveDeleteOption"):
            delete_contents(athena, group)
            self._store.forget(group)
        elif any(e.settings.workgroup == group for e in self._store.all()) or contents(
            athena, group
        ):
            raise AwsError("InvalidRequestException", f"WorkGroup {group} is not empty")

    def _check_bucket(self, location: str) -> None:
        try:
            bucket, _ = split_uri(location)
            self._clients.get("s3").head_bucket(Bucket=bucket)
        except LakeError as error:
            raise AwsError("InvalidRequestException", f"outputLocation: {error}") from error
        except ClientError as error:
            raise AwsError(
                "InvalidRequestException", f"Unable to verify/create output bucket {bucket}"
            ) from error

    def _stop(self, body: dict[str, Any]) -> Mapping[str, Any]:
        execution = self._store.get(body.get("QueryExecutionId", ""))
        if execution.state not in ENDED:
            execution.cancel()
        return {}

    def _get(self, body: dict[str, Any]) -> Mapping[str, Any]:
        return {"QueryExecution": self._store.get(body.get("QueryExecutionId", "")).describe()}

    def _batch_get(self, body: dict[str, Any]) -> Mapping[str, Any]:
        known = {e.execution_id: e for e in self._store.all()}
        asked = body.get("QueryExecutionIds", [])
        missing = [
            {
                "QueryExecutionId": execution_id,
                "ErrorCode": "INVALID_QUERY_EXECUTION_ID",
                "ErrorMessage": f"QueryExecution {execution_id} was not found",
            }
            for execution_id in asked
            if execution_id not in known
        ]
        executions = [known[i].describe() for i in asked if i in known]
        return {"QueryExecutions": executions, "UnprocessedQueryExecutionIds": missing}

    def _list(self, body: dict[str, Any]) -> Mapping[str, Any]:
        group = body.get("WorkGroup") or "primary"
        ids = [e.execution_id for e in self._store.all() if e.settings.workgroup == group]
        start, size = page_bounds(body=body, default=_LIST_PAGE)
        page: dict[str, Any] = {"QueryExecutionIds": ids[start : start + size]}
        return page | ({"NextToken": str(start + size)} if start + size < len(ids) else {})

    def _results(self, body: dict[str, Any]) -> Mapping[str, Any]:
        execution = self._store.get(body.get("QueryExecutionId", ""))
        return results_page(execution=execution, body=body)

    def _statistics(self, body: dict[str, Any]) -> Mapping[str, Any]:
        execution = self._store.get(body.get("QueryExecutionId", ""))
        rows = {
            "InputBytes": execution.bytes_scanned,
            "OutputBytes": execution.output_bytes,
            "OutputRows": len(execution.outcome.rows),
        }
        return {"QueryRuntimeStatistics": {"Timeline": execution.timeline(), "Rows": rows}}
