"""One execution of a pipeline: its state, and the order in which its steps run."""

from __future__ import annotations

import logging
import secrets
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from aws_understudy.core.service import AwsError
from aws_understudy.services.sagemaker.containers.failures import JobFailedError, JobStoppedError
from aws_understudy.services.sagemaker.inputs import now
from aws_understudy.services.sagemaker.pipelines.definitions import Node, nodes_of
from aws_understudy.services.sagemaker.pipelines.expressions import Scope, follow

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_understudy.services.sagemaker.containers.objects import Objects
    from aws_understudy.services.sagemaker.pipelines.steps import Outcome, StepRunner

_log = logging.getLogger(__name__)
_PARALLEL: Final = 2
"""Steps at a time: a small machine has two cores."""


@dataclass(kw_only=True)
class StepRecord:
    """One step that was started."""

    name: str
    type: str
    started: float = field(default_factory=now)
    ended: float | None = None
    status: str = "Executing"
    reason: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """The step as the API describes it."""
        return {
            "StepName": self.name,
            "StartTime": self.started,
            "StepStatus": self.status,
            "Metadata": self.metadata,
            "AttemptCount": 1,
            **({"EndTime": self.ended} if self.ended else {}),
            **({"FailureReason": self.reason} if self.reason else {}),
        }


@dataclass(kw_only=True)
class Execution:
    """One execution and its steps, in the order of their start."""

    pipeline_name: str
    pipeline_arn: str
    definition: dict[str, Any]
    parameters: dict[str, Any]
    display_name: str = ""
    description: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    status: str = "Executing"
    reason: str = ""
    created: float = field(default_factory=now)
    changed: float = field(default_factory=now)
    steps: dict[str, StepRecord] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def arn(self) -> str:
        """The execution's ARN, by which every call names it."""
        return f"{self.pipeline_arn}/execution/{self.id}"


class Conductor:
    """Runs the steps of one execution in their order, independent ones side by side."""

    def __init__(
        self,
        execution: Execution,
        *,
        runner: StepRunner,
        objects: Objects,
        on_step: Callable[[Execution, StepRecord, str], None],
    ) -> None:
        self._execution = execution
        self._runner = runner
        self._objects = objects
        self._on_step = on_step
        self._nodes = {node.name: node for node in nodes_of(execution.definition)}
        started = datetime.fromtimestamp(execution.created, UTC).isoformat()
        self._scope = Scope(
            parameters=execution.parameters,
            execution={
                "PipelineName": execution.pipeline_name,
                "PipelineArn": execution.pipeline_arn,
                "PipelineExecutionId": execution.id,
                "PipelineExecutionArn": execution.arn,
                "StartDateTime": started,
                "CurrentDateTime": started,
            },
            read_property_file=self._read_property_file,
        )

    def run(self) -> None:
        """Run to the end; the execution's status then says how it ended."""
        execution = self._execution
        running: dict[Future[Outcome], StepRecord] = {}
        with ThreadPoolExecutor(_PARALLEL, thread_name_prefix=f"exec-{execution.id}") as pool:
            while True:
                if not execution.stop.is_set() and not execution.reason:
                    for node in self._ready():
                        record = StepRecord(name=node.name, type=node.type)
                        execution.steps[node.name] = record
                        running[pool.submit(self._run, node, record)] = record
                if not running:
                    break
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    self._finish(future, running.pop(future))
        if execution.reason:
            execution.status = "Failed"
        else:
            execution.status = "Stopped" if execution.stop.is_set() else "Succeeded"

    def _ready(self) -> list[Node]:
        steps = self._execution.steps
        succeeded = {name for name, record in steps.items() if record.status == "Succeeded"}
        return [
            node
            for node in self._nodes.values()
            if node.name not in steps and node.needs <= succeeded and self._chosen(node)
        ]

    def _chosen(self, node: Node) -> bool:
        if node.branch is None:
            return True
        condition, outcome = node.branch
        evaluated: str = self._execution.steps[condition].metadata["Condition"]["Outcome"]
        return evaluated == str(outcome)

    def _run(self, node: Node, record: StepRecord) -> Outcome:
        self._on_step(self._execution, record, "Starting")
        execution = self._execution
        return self._runner.run(
            node,
            scope=self._scope,
            execution=execution.id,
            stop=execution.stop,
            report=record.metadata.update,
        )

    def _finish(self, future: Future[Outcome], record: StepRecord) -> None:
        reason = ""
        try:
            outcome = future.result()
            record.metadata = outcome.metadata
            self._scope.steps[record.name] = outcome.properties
            status = "Succeeded"
        except JobStoppedError:
            status = "Stopped"
            self._execution.stop.set()
        except (JobFailedError, AwsError, ClientError) as error:
            status, reason = "Failed", str(error)
        except Exception as error:  # noqa: BLE001 - becomes the step's failure
            _log.exception("step %s broke", record.name)
            status, reason = "Failed", f"A fault of the emulator: {error!r}"
        record.ended, record.reason = now(), reason
        record.status = status
        if reason:
            self._execution.reason = f"Step failure: step {record.name} failed: {reason}"
        self._on_step(self._execution, record, "Executing")

    def _read_property_file(self, step: str, name: str) -> bytes:
        files = self._nodes[step].raw.get("PropertyFiles", []) if step in self._nodes else []
        for file in files:
            if file["PropertyFileName"] == name:
                path = f"ProcessingOutputConfig.Outputs['{file['OutputName']}'].S3Output.S3Uri"
                folder = follow(self._scope.steps[step], path, f"property file {name}")
                return self._objects.read(f"{folder.rstrip('/')}/{file['FilePath']}")
        raise JobFailedError(f"Step {step} declares no property file {name!r}.")
