"""SageMaker in front of moto's records: jobs, pipelines, registry and endpoints really run.

Left to moto: notebook instances. What is not in ``ledger.toml`` is refused before it comes here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.core.service import AwsResponse
from aws_understudy.ledger.admission import Admission
from aws_understudy.ledger.entries import read_ledger
from aws_understudy.services.sagemaker.containers.containers import Containers
from aws_understudy.services.sagemaker.containers.logs import LogShipper
from aws_understudy.services.sagemaker.containers.objects import Objects
from aws_understudy.services.sagemaker.containers.tools import Tools
from aws_understudy.services.sagemaker.endpoints.invocation import endpoint_name, invoke
from aws_understudy.services.sagemaker.endpoints.store import Endpoints
from aws_understudy.services.sagemaker.inputs import invalid
from aws_understudy.services.sagemaker.jobs.processing import PROCESSING
from aws_understudy.services.sagemaker.jobs.store import JobStore
from aws_understudy.services.sagemaker.jobs.training import TRAINING
from aws_understudy.services.sagemaker.jobs.transform import TRANSFORM
from aws_understudy.services.sagemaker.pipelines.run_store import Executions
from aws_understudy.services.sagemaker.pipelines.steps import StepRunner
from aws_understudy.services.sagemaker.pipelines.store import Pipelines
from aws_understudy.services.sagemaker.records import Records
from aws_understudy.services.sagemaker.registry.packages import Registry
from aws_understudy.services.sagemaker.tags import Tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_understudy.core.service import AwsRequest, Context
    from aws_understudy.sandbox.sandboxes import Sandboxes

    Handler = Callable[[dict[str, Any]], dict[str, Any]]

LEDGER: Final = Path(__file__).with_name("ledger.toml")
_JOBS_AT_A_TIME: Final = 2
_TOKENS: Final = 1000
"""Requests with a token whose answer is remembered."""


class SageMakerService:
    """Answers what it really runs, refuses what nobody would run, leaves the rest to moto."""

    name = "sagemaker"

    def __init__(self, context: Context, sandboxes: Sandboxes) -> None:
        """Start nothing yet."""
        self._containers = Containers(context=context, sandboxes=sandboxes)
        logs = context.client("logs")

        def ship(group: str, stream: str, path: Path) -> LogShipper:
            return LogShipper(logs, group=f"/aws/sagemaker/{group}", stream=stream, path=path)

        objects = Objects(context.client("s3"))
        tools = Tools(context=context, containers=self._containers, objects=objects, ship=ship)
        slots = threading.Semaphore(_JOBS_AT_A_TIME)
        admission = Admission([read_ledger(LEDGER)])
        self._jobs = {
            kind.word: JobStore(kind=kind, tools=tools, slots=slots)
            for kind in (PROCESSING, TRAINING, TRANSFORM)
        }
        self._registry = Registry(context)
        self._endpoints = Endpoints(tools)
        self._models = Records(context, noun="Model", kind="model")
        self._configs = Records(context, noun="EndpointConfig", kind="endpoint-config")
        self._pipelines = Pipelines(context=context, objects=objects, admission=admission)
        runner = StepRunner(
            context=context, jobs=self._jobs, registry=self._registry, admission=admission
        )
        self._executions = Executions(
            context=context, pipelines=self._pipelines, runner=runner, objects=objects
        )
        self._tags = Tags()
        self._by_token: OrderedDict[str, AwsResponse] = OrderedDict()
        self._token_lock = threading.Lock()
        self._handlers = self._table()

    def handle(self, request: AwsRequest) -> AwsResponse | None:
        """Answer the request, or leave it to moto.

        Raises:
            AwsError: the request is refused.
        """
        name = endpoint_name(request)
        if name:
            return invoke(self._endpoints, name, request)
        payload = request.json() if request.action else {}
        token = payload.get("ClientRequestToken") or payload.get("ClientToken")
        if token:
            return self._once(f"{request.action} {token}", lambda: self._answer(request, payload))
        return self._answer(request, payload)

    def _once(self, key: str, answer: Callable[[], AwsResponse | None]) -> AwsResponse | None:
        """The answer to a request that may come again with its token: it is carried out once."""
        with self._token_lock:
            if key not in self._by_token:
                response = answer()
                if response is None:
                    return None
                self._by_token[key] = response
                while len(self._by_token) > _TOKENS:
                    self._by_token.popitem(last=False)
            return self._by_token[key]

    def _answer(self, request: AwsRequest, payload: dict[str, Any]) -> AwsResponse | None:
        if request.action in {"AddTags", "DeleteTags", "ListTags"}:
            if not self._tags.knows(payload.get("ResourceArn", "")):
                return None
        elif request.action not in self._handlers:
            return None
        answer = self._handlers[request.action](payload)
        if request.action.startswith("Create"):
            for key, arn in answer.items():
                if key.endswith("Arn"):
                    self._tags.keep(arn, payload.get("Tags", []))
        return AwsResponse.of_json(answer)

    def job_stats(self) -> list[dict[str, Any]]:
        """Name, status, seconds, peak memory and note of each job and each ended endpoint."""
        jobs = [stat for store in self._jobs.values() for stat in store.stats()]
        return [*jobs, *self._endpoints.stats()]

    def close(self) -> None:
        """End every execution, job and endpoint; none of their processes survives."""
        self._executions.close()
        for store in self._jobs.values():
            store.stop_all()
        self._containers.close()
        self._endpoints.close()

    def _table(self) -> dict[str, Handler]:
        registry, groups = self._registry, self._registry.groups
        pipelines, executions, endpoints = self._pipelines, self._executions, self._endpoints
        table: dict[str, Handler] = {
            "CreateModelPackageGroup": groups.create,
            "DescribeModelPackageGroup": groups.describe,
            "ListModelPackageGroups": groups.listing,
            "DeleteModelPackageGroup": groups.delete,
            "CreateModelPackage": registry.create,
            "DescribeModelPackage": registry.describe,
            "UpdateModelPackage": registry.update,
            "ListModelPackages": registry.listing,
            "DeleteModelPackage": registry.delete,
            "CreatePipeline": pipelines.create,
            "UpdatePipeline": pipelines.update,
            "DescribePipeline": pipelines.describe,
            "ListPipelines": pipelines.listing,
            "DeletePipeline": pipelines.delete,
            "StartPipelineExecution": executions.start,
            "StopPipelineExecution": executions.stop,
            "DescribePipelineExecution": executions.describe,
            "DescribePipelineDefinitionForExecution": executions.definition,
            "ListPipelineExecutions": executions.listing,
            "ListPipelineExecutionSteps": executions.steps,
            "ListPipelineParametersForExecution": executions.parameters,
            "CreateEndpoint": endpoints.create,
            "UpdateEndpoint": endpoints.update,
            "DescribeEndpoint": endpoints.describe,
            "ListEndpoints": endpoints.listing,
            "DeleteEndpoint": endpoints.delete,
            "AddTags": self._tags.add,
            "DeleteTags": self._tags.remove,
            "ListTags": self._tags.listing,
        }
        for noun, records in (("Model", self._models), ("EndpointConfig", self._configs)):
            table |= {
                f"Create{noun}": records.create,
                f"Describe{noun}": records.describe,
                f"List{noun}s": records.listing,
                f"Delete{noun}": records.delete,
            }
        for word, store in self._jobs.items():
            table |= _job_table(word, store)
        return table


def _job_table(word: str, store: JobStore) -> dict[str, Handler]:
    key = f"{word}JobName"

    def named(request: dict[str, Any]) -> str:
        if not request.get(key):
            raise invalid(f"{key} is required.")
        return str(request[key])

    def stop(request: dict[str, Any]) -> dict[str, Any]:
        store.stop(named(request))
        return {}

    return {
        f"Create{word}Job": lambda request: {f"{word}JobArn": store.create(request).arn},
        f"Describe{word}Job": lambda request: store.describe(named(request)),
        f"List{word}Jobs": store.listing,
        f"Stop{word}Job": stop,
    }
