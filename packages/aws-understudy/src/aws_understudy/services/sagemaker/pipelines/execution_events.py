"""The events of pipeline executions, as EventBridge gets them from SageMaker."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_understudy.core.service import Context
    from aws_understudy.services.sagemaker.pipelines.run import Execution, StepRecord

_PREFIX = "SageMaker Model Building Pipeline Execution"


def emit_execution(context: Context, execution: Execution, *, previous: str) -> None:
    """Tell the bus that an execution has another status."""
    detail = {
        "pipelineExecutionDisplayName": execution.display_name,
        "currentPipelineExecutionStatus": execution.status,
        "executionStartTime": _iso(execution.created),
        "pipelineArn": execution.pipeline_arn,
        "pipelineExecutionArn": execution.arn,
        **({"previousPipelineExecutionStatus": previous} if previous else {}),
        **({"executionEndTime": _iso(execution.changed)} if previous else {}),
    }
    context.emit_event("aws.sagemaker", f"{_PREFIX} Status Change", detail)


def emit_step(context: Context, execution: Execution, record: StepRecord, *, previous: str) -> None:
    """Tell the bus that a step has another status."""
    metadata: dict[str, Any] = {
        key[0].lower() + key[1:]: {"arn": value["Arn"]}
        for key, value in record.metadata.items()
        if "Arn" in value
    }
    detail = {
        "metadata": metadata,
        "stepStartTime": _iso(record.started),
        "stepName": record.name,
        "stepType": record.type,
        "previousStepStatus": previous,
        "currentStepStatus": record.status,
        "pipelineArn": execution.pipeline_arn,
        "pipelineExecutionArn": execution.arn,
        **({"stepEndTime": _iso(record.ended)} if record.ended else {}),
        **({"failureReason": record.reason} if record.reason else {}),
    }
    context.emit_event("aws.sagemaker", f"{_PREFIX} Step Status Change", detail)


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
