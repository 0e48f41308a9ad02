"""Step: the deployed pipeline runs over the uploaded data, and is followed step by step."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from rehearsal.journey import Journey
    from rehearsal.runner import Say

PIPELINE_SECONDS = 3600
ENDED = {"Succeeded", "Failed", "Stopped"}


def run_pipeline(journey: Journey, say: Say) -> str:
    """Start it, follow it, and take the model package that it registers."""
    sagemaker = journey.client("sagemaker")
    name = journey.output("ml-pipeline", "PipelineName")
    # No parameter: what is deployed must know by itself where its data lies.
    arn = sagemaker.start_pipeline_execution(
        PipelineName=name,
        ClientRequestToken=uuid.uuid4().hex,
    )["PipelineExecutionArn"]
    execution: dict[str, Any] = {}

    def ended() -> bool:
        execution.update(sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn))
        journey.report.pipeline["steps"] = _steps(sagemaker, arn)
        say(_progress(journey.report.pipeline["steps"]))
        return execution["PipelineExecutionStatus"] in ENDED

    journey.wait(until=ended, seconds=PIPELINE_SECONDS, what=f"pipeline {name}")
    if execution["PipelineExecutionStatus"] != "Succeeded":
        raise RehearsalError(_failure(name, execution, journey.report.pipeline["steps"]))
    metadata = {
        kind: value
        for step in journey.report.pipeline["steps"]
        for kind, value in step["metadata"].items()
    }
    if "RegisterModel" not in metadata:
        raise RehearsalError(f"pipeline {name} succeeded, but registered no model")
    journey.package_arn = metadata["RegisterModel"]["Arn"]
    steps = journey.report.pipeline["steps"]
    times = ", ".join(f"{step['name']} {step['seconds']:.0f} s" for step in steps)
    return f"{len(steps)} steps succeeded: {times}"


def _steps(sagemaker: Any, arn: str) -> list[dict[str, Any]]:
    pages = sagemaker.get_paginator("list_pipeline_execution_steps").paginate(
        PipelineExecutionArn=arn, SortOrder="Ascending"
    )
    return [
        {
            "name": step["StepName"],
            "status": step["StepStatus"],
            "seconds": _seconds(step),
            "reason": step.get("FailureReason", ""),
            "metadata": step.get("Metadata", {}),
        }
        for page in pages
        for step in page["PipelineExecutionSteps"]
    ]


def _seconds(step: dict[str, Any]) -> float:
    if "StartTime" not in step or "EndTime" not in step:
        return 0.0
    return float((step["EndTime"] - step["StartTime"]).total_seconds())


def _progress(steps: list[dict[str, Any]]) -> str:
    return ", ".join(f"{step['name']} {step['status'].lower()}" for step in steps) or "starting"


def _failure(name: str, execution: dict[str, Any], steps: list[dict[str, Any]]) -> str:
    whole = execution.get("FailureReason", "no reason given")
    reasons = [
        f"{step['name']}: {step['reason'] or 'no reason given'}"
        for step in steps
        if step["status"] == "Failed" and (not step["reason"] or step["reason"] not in whole)
    ]
    status = execution["PipelineExecutionStatus"]
    return "\n".join([f"pipeline {name} {status}: {whole}", *reasons])
