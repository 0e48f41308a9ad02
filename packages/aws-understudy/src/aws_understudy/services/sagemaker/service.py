"""SageMaker in front of moto's records: jobs, pipelines, registry and endpoints really run.

Left to moto: Model, EndpointConfig, Domain, NotebookInstance and other records. Refused, because
moto would report work that nobody did: job kinds that are not run here.
"""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any, Final

from moto.sagemaker.responses import SageMakerResponse

from aws_understudy.core.service import AwsResponse, not_carried_out
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
from aws_understudy.services.sagemaker.registry.packages import Registry
from aws_understudy.services.sagemaker.tags import Tags

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_understudy.core.service import AwsRequest, Context
    from aws_understudy.sandbox.sandboxes import Sandboxes

    Handler = Callable[[dict[str, Any]], dict[str, Any]]

_JOBS_AT_A_TIME: Final = 2
_NOT_RUN: Final = (
    "CreateAutoMLJob",
    "CreateAutoMLJobV2",
    "CreateCompilationJob",
    "CreateEdgePackagingJob",
    "CreateHyperParameterTuningJob",
    "CreateInferenceComponent",
    "CreateInferenceRecommendationsJob",
    "CreateLabelingJob",
    "CreateMonitoringSchedule",
    "CreateOptimizationJob",
    "RetryPipelineExecution",
    "SendPipelineExecutionStepSuccess",
    "SendPipelineExecutionStepFailure",
    "UpdateEndpointWeightsAndCapacities",
    "UpdatePipelineExecution",
)


class SageMakerService:
    """Answers what it really runs, refuses what nobody would run, leaves the rest to moto."""

    name = "sagemaker"

    def __init__(self, context: Context, sandboxes: Sandboxes) -> None:
        """Start nothing yet."""
        keep_network_isolation()
        self._containers = Containers(context=context, sandboxes=sandboxes)
        logs = context.client("logs")

        def ship(group: str, stream: str, path: Path) -> LogShipper:
            return LogShipper(logs, group=f"/aws/sagemaker/{group}", stream=stream, path=path)

        objects = Objects(context.client("s3"))
        tools = Tools(context=context, containers=self._containers, objects=objects, ship=ship)
        slots = threading.Semaphore(_JOBS_AT_A_TIME)
        self._jobs = {
            kind.word: JobStore(kind=kind, tools=tools, slots=slots)
            for kind in (PROCESSING, TRAINING, TRANSFORM)
        }
        self._registry = Registry(context)
        self._endpoints = Endpoints(tools)
        self._pipelines = Pipelines(context=context, objects=objects)
        runner = StepRunner(context=context, jobs=self._jobs, registry=self._registry)
        self._executions = Executions(
            context=context, pipelines=self._pipelines, runner=runner, objects=objects
        )
        self._tags = Tags()
        self._handlers = self._table()

    def handle(self, request: AwsRequest) -> AwsResponse | None:
        """Answer the request, or leave it to moto.

        Raises:
            AwsError: the request is refused.
        """
        name = endpoint_name(request)
        if name:
            return invoke(self._endpoints, name, request)
        if request.action in _NOT_RUN:
            raise not_carried_out(request.action)
        payload = request.json() if request.action else {}
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


def keep_network_isolation() -> None:
    """Let CreateModel keep ``EnableNetworkIsolation``, which moto always describes as false."""
    create = SageMakerResponse.create_model
    if hasattr(create, "__wrapped__"):
        return

    @functools.wraps(create)
    def create_model(self: Any) -> Any:
        answer = create(self)
        model = self.sagemaker_backend.describe_model(self._get_param("ModelName"))
        model.enable_network_isolation = bool(self._get_param("EnableNetworkIsolation"))
        return answer

    SageMakerResponse.create_model = create_model  # type: ignore[method-assign] # its mend
