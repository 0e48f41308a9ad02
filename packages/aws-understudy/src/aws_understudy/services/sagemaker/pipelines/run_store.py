"""All executions of all pipelines: the API that starts, lists and stops them."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from aws_understudy.services.sagemaker.inputs import (
    check_input,
    invalid,
    newest_first,
    not_found,
    now,
    page,
)
from aws_understudy.services.sagemaker.pipelines.definitions import parameter_values, parse
from aws_understudy.services.sagemaker.pipelines.execution_events import emit_execution, emit_step
from aws_understudy.services.sagemaker.pipelines.run import Conductor, Execution, StepRecord

if TYPE_CHECKING:
    from aws_understudy.core.service import Context
    from aws_understudy.services.sagemaker.containers.objects import Objects
    from aws_understudy.services.sagemaker.pipelines.steps import StepRunner
    from aws_understudy.services.sagemaker.pipelines.store import Pipelines


class Executions:
    """Every execution: starts, describes and stops them."""

    def __init__(
        self, *, context: Context, pipelines: Pipelines, runner: StepRunner, objects: Objects
    ) -> None:
        self._context = context
        self._pipelines = pipelines
        self._runner = runner
        self._objects = objects
        self._executions: dict[str, Execution] = {}

    def start(self, request: dict[str, Any]) -> dict[str, Any]:
        """Start an execution in the background.

        Raises:
            AwsError: no such pipeline, or a parameter that is unknown or of another type.
        """
        check_input("StartPipelineExecution", request)
        pipeline = self._pipelines.get(request["PipelineName"])
        definition = parse(pipeline["PipelineDefinition"])
        execution = Execution(
            pipeline_name=pipeline["PipelineName"],
            pipeline_arn=pipeline["PipelineArn"],
            definition=definition,
            parameters=parameter_values(definition, request.get("PipelineParameters", [])),
            display_name=request.get("PipelineExecutionDisplayName", ""),
            description=request.get("PipelineExecutionDescription", ""),
        )
        self._executions[execution.arn] = execution
        emit_execution(self._context, execution, previous="")
        name = f"execution-{execution.id}"
        threading.Thread(target=self._run, args=(execution,), name=name, daemon=True).start()
        return {"PipelineExecutionArn": execution.arn}

    def stop(self, request: dict[str, Any]) -> dict[str, Any]:
        """Stop an execution: its running jobs end, no other step starts.

        Raises:
            AwsError: it is over already.
        """
        execution = self._get(request)
        if execution.status != "Executing":
            raise invalid(f"Execution {execution.arn} is {execution.status} and cannot be stopped.")
        execution.status = "Stopping"
        execution.stop.set()
        return {"PipelineExecutionArn": execution.arn}

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """Describe one execution."""
        execution = self._get(request)
        return {
            "PipelineArn": execution.pipeline_arn,
            "PipelineExecutionArn": execution.arn,
            "PipelineExecutionStatus": execution.status,
            "CreationTime": execution.created,
            "LastModifiedTime": execution.changed,
            **_optional(execution, reason_key="FailureReason"),
        }

    def definition(self, request: dict[str, Any]) -> dict[str, Any]:
        """Give the definition that an execution runs."""
        execution = self._get(request)
        text = json.dumps(execution.definition)
        return {"PipelineDefinition": text, "CreationTime": execution.created}

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """List the executions of a pipeline, the newest first."""
        arn = self._pipelines.get(request.get("PipelineName", ""))["PipelineArn"]
        summaries = [
            {
                "PipelineExecutionArn": execution.arn,
                "StartTime": execution.created,
                "PipelineExecutionStatus": execution.status,
                **_optional(execution, reason_key="PipelineExecutionFailureReason"),
            }
            for execution in list(self._executions.values())
            if execution.pipeline_arn == arn
        ]
        ordered = newest_first(summaries, request, "StartTime")
        return page(ordered, request, "PipelineExecutionSummaries")

    def steps(self, request: dict[str, Any]) -> dict[str, Any]:
        """List the steps that were started, the newest first."""
        records = [step.described() for step in list(self._get(request).steps.values())]
        ordered = records if request.get("SortOrder") == "Ascending" else records[::-1]
        return page(ordered, request, "PipelineExecutionSteps")

    def parameters(self, request: dict[str, Any]) -> dict[str, Any]:
        """List the parameters of an execution."""
        values = self._get(request).parameters
        listed = [{"Name": name, "Value": str(value)} for name, value in values.items()]
        return page(listed, request, "PipelineParameters")

    def close(self) -> None:
        """Let no further step start."""
        for execution in list(self._executions.values()):
            execution.stop.set()

    def _get(self, request: dict[str, Any]) -> Execution:
        arn = request.get("PipelineExecutionArn", "")
        if arn not in self._executions:
            raise not_found(f"Pipeline execution {arn!r} does not exist.")
        return self._executions[arn]

    def _run(self, execution: Execution) -> None:
        conductor = Conductor(
            execution, runner=self._runner, objects=self._objects, on_step=self._on_step
        )
        try:
            conductor.run()
        finally:
            execution.changed = now()
            if execution.status in {"Executing", "Stopping"}:
                execution.reason = "A fault of the emulator; see its log."
                execution.status = "Failed"
            emit_execution(self._context, execution, previous="Executing")

    def _on_step(self, execution: Execution, record: StepRecord, previous: str) -> None:
        execution.changed = now()
        emit_step(self._context, execution, record, previous=previous)


def _optional(execution: Execution, *, reason_key: str) -> dict[str, Any]:
    optional = {
        "PipelineExecutionDisplayName": execution.display_name,
        "PipelineExecutionDescription": execution.description,
        reason_key: execution.reason,
    }
    return {key: value for key, value in optional.items() if value}
