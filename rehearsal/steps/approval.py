"""Steps: approve the model package; the deploy Lambda then makes the endpoint of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from rehearsal.journey import Journey
    from rehearsal.runner import Say

DEPLOYMENT_SECONDS = {"local": 180.0, "aws": 1800.0}


def approve(journey: Journey, say: Say) -> str:
    """Approve the package, as a person would in the console."""
    sagemaker = journey.client("sagemaker")
    group = journey.output("ml-pipeline", "ModelPackageGroupName")
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=group, ModelApprovalStatus="PendingManualApproval"
    )
    pending = [
        package["ModelPackageArn"] for page in pages for package in page["ModelPackageSummaryList"]
    ]
    if journey.package_arn not in pending:
        raise RehearsalError(f"{journey.package_arn} is not among the pending of {group}")
    say("approving")
    sagemaker.update_model_package(
        ModelPackageArn=journey.package_arn,
        ModelApprovalStatus="Approved",
        ApprovalDescription="The rehearsal has read the evaluation",
    )
    state = sagemaker.describe_model_package(ModelPackageName=journey.package_arn)
    if state["ModelApprovalStatus"] != "Approved":
        raise RehearsalError(f"{journey.package_arn} is still {state['ModelApprovalStatus']}")
    return f"version {state['ModelPackageVersion']} of {group} is approved"


def wait_for_endpoint(journey: Journey, say: Say) -> str:
    """Wait for the endpoint, which nobody but the deploy Lambda makes, and check its model."""
    sagemaker = journey.client("sagemaker")
    name = journey.output("ml-pipeline", "EndpointName")
    endpoint: dict[str, Any] = {}

    def settled() -> bool:
        endpoint.update(_describe(sagemaker, name))
        status = endpoint.get("EndpointStatus", "not there yet")
        say(f"endpoint {name} is {status}")
        if status == "Failed":
            raise RehearsalError(f"endpoint {name}: {endpoint.get('FailureReason', 'no reason')}")
        # An older endpoint is in service until the Lambda has begun to update it.
        return bool(
            status == "InService"
            and _packages(sagemaker, endpoint["EndpointConfigName"]) == [journey.package_arn]
        )

    limit = DEPLOYMENT_SECONDS[journey.environment.target]
    journey.wait(until=settled, seconds=limit, what=f"deploying to endpoint {name}")
    return f"the deploy Lambda made endpoint {name} of the approved version; it is InService"


def _describe(sagemaker: Any, name: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        # SageMaker has no code of its own for "not found".
        if error.response["Error"]["Code"] in {"ValidationException", "ResourceNotFound"}:
            return {}
        raise
    return answer


def _packages(sagemaker: Any, configuration: str) -> list[str | None]:
    variants = sagemaker.describe_endpoint_config(EndpointConfigName=configuration)[
        "ProductionVariants"
    ]
    models = [sagemaker.describe_model(ModelName=variant["ModelName"]) for variant in variants]
    containers = [
        container
        for model in models
        for container in [*model.get("Containers", []), model.get("PrimaryContainer")]
        if container
    ]
    return [container.get("ModelPackageName") for container in containers]
