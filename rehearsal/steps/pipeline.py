"""Steps: a deployed pipeline runs over the uploaded data; its evaluation is held to the limit."""

from __future__ import annotations

import json
import math
import uuid
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError
from rehearsal.reporting.report import Executed
from rehearsal.reporting.words import in_words
from rehearsal.steps.platform import IN_AWS

if TYPE_CHECKING:
    from rehearsal.journey import Journey, PipelineRun
    from rehearsal.run.runner import Say

PIPELINE_SECONDS = 3600
PIPELINE_TYPE = "AWS::SageMaker::Pipeline"
ENDED = {"Succeeded", "Failed", "Stopped"}


def run_pipeline(journey: Journey, run: PipelineRun, say: Say) -> str:
    """Start it, follow it, and take the model package that it registers."""
    sagemaker = journey.client("sagemaker")
    name = journey.output(run.stack, "PipelineName")
    # No parameter: what is deployed must know by itself where its data lies.
    arn = sagemaker.start_pipeline_execution(
        PipelineName=name,
        ClientRequestToken=uuid.uuid4().hex,
    )["PipelineExecutionArn"]
    execution: dict[str, Any] = {}
    steps: list[dict[str, Any]] = []

    def ended() -> bool:
        execution.update(sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn))
        steps[:] = _steps(sagemaker, arn)
        say(_progress(steps))
        return execution["PipelineExecutionStatus"] in ENDED

    journey.wait(until=ended, seconds=PIPELINE_SECONDS, event=f"pipeline {name}")
    run.report.executed = _executed(steps, level=_level(journey))
    if execution["PipelineExecutionStatus"] != "Succeeded":
        raise RehearsalError(_failure(name, execution, steps))
    metadata = {kind: value for step in steps for kind, value in step["metadata"].items()}
    if "RegisterModel" not in metadata:
        raise RehearsalError(f"pipeline {name} succeeded, but registered no model")
    run.package_arn = metadata["RegisterModel"]["Arn"]
    times = ", ".join(f"{step['name']} {step['seconds']:.0f} s" for step in steps)
    return f"{len(steps)} steps succeeded: {times}"


def _level(journey: Journey) -> str:
    """How true to AWS the steps of a pipeline are here: as true as the pipeline itself."""
    if journey.target.name == "aws":
        return IN_AWS
    return journey.target.levels().get(PIPELINE_TYPE, "unknown")


def _executed(steps: list[dict[str, Any]], *, level: str) -> list[Executed]:
    return [
        Executed(
            step=step["name"],
            # ListPipelineExecutionSteps tells the type by the key of the metadata, such as
            # TrainingJob: API_PipelineExecutionStepMetadata in SageMaker's API reference.
            type=next(iter(step["metadata"]), "").removesuffix("Job"),
            status=step["status"],
            seconds=step["seconds"],
            level=level,
        )
        for step in steps
    ]


def check_evaluation(journey: Journey, run: PipelineRun, say: Say) -> str:
    """Read the evaluation that the model package points to, and hold it to the limit."""
    say("reading the evaluation")
    package = journey.client("sagemaker").describe_model_package(ModelPackageName=run.package_arn)
    if package["ModelApprovalStatus"] != "PendingManualApproval":
        raise RehearsalError(
            f"{run.package_arn} is {package['ModelApprovalStatus']} before anybody looked"
        )
    uri = _evaluation_uri(package)
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    body = journey.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    evaluation: dict[str, Any] = json.loads(body)
    run.evaluation = run.report.metrics = evaluation
    metric, limit = evaluation["metric"], run.learning.pipeline.max_error_ratio
    if metric != run.learning.metric:
        raise RehearsalError(f"{uri}: measures {metric}, but the settings {run.learning.metric}")
    model, naive = evaluation["model"][metric], evaluation["baseline"][metric]
    ratio = evaluation["error_ratio"]
    if not math.isclose(ratio, model / naive, rel_tol=1e-6):
        raise RehearsalError(f"{uri}: error_ratio is {ratio}, but {model} / {naive} is not")
    if ratio > limit:
        raise RehearsalError(f"registered with an error ratio of {ratio:.3f}, above {limit}")
    return (
        f"{in_words(metric, model)} against {in_words(metric, naive, name=False)} of the naive "
        f"baseline ({evaluation['baseline_kind']}): ratio {ratio:.2f}, allowed {limit}; "
        f"{evaluation['test_rows']} rows{_range(evaluation)}, pending approval"
    )


def _evaluation_uri(package: dict[str, Any]) -> str:
    uri: str = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    return uri


def _range(evaluation: dict[str, Any]) -> str:
    if not evaluation.get("test_range"):
        return ""
    first, last = evaluation["test_range"]
    return f" of {first} to {last}"


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
