"""Steps: a person approves the model package; the deploy Lambda then makes what answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rehearsal.journey import Journey, PipelineRun
    from rehearsal.run.runner import Say

DEPLOYMENT_SECONDS = {"local": 180.0, "aws": 1800.0}


def approve(journey: Journey, run: PipelineRun, say: Say) -> str:
    """Approve the package, as a person would in the console."""
    sagemaker = journey.client("sagemaker")
    group = journey.output(run.stack, "ModelPackageGroupName")
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=group, ModelApprovalStatus="PendingManualApproval"
    )
    pending = [
        package["ModelPackageArn"] for page in pages for package in page["ModelPackageSummaryList"]
    ]
    if run.package_arn not in pending:
        raise RehearsalError(f"{run.package_arn} is not among the pending of {group}")
    say("approving")
    sagemaker.update_model_package(
        ModelPackageArn=run.package_arn,
        ModelApprovalStatus="Approved",
        ApprovalDescription="The rehearsal has read the evaluation",
    )
    state = sagemaker.describe_model_package(ModelPackageName=run.package_arn)
    if state["ModelApprovalStatus"] != "Approved":
        raise RehearsalError(f"{run.package_arn} is still {state['ModelApprovalStatus']}")
    return f"version {state['ModelPackageVersion']} of {group} is approved"


def wait_for_endpoint(journey: Journey, run: PipelineRun, say: Say) -> str:
    """Wait for the endpoint, which nobody but the deploy Lambda makes, and check its model."""
    sagemaker = journey.client("sagemaker")
    name = journey.output(run.stack, "EndpointName")
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
            and _packages(sagemaker, endpoint["EndpointConfigName"]) == [run.package_arn]
        )

    limit = DEPLOYMENT_SECONDS[journey.target.name]
    journey.wait(until=settled, seconds=limit, event=f"deploying to endpoint {name}")
    return f"the deploy Lambda made endpoint {name} of the approved version; it is InService"


def wait_for_model(journey: Journey, run: PipelineRun, say: Say) -> str:
    """Wait for the model that the deploy Lambda makes of the approved version."""
    sagemaker = journey.client("sagemaker")
    models: list[str] = []

    def made() -> bool:
        names = [
            model["ModelName"]
            for page in sagemaker.get_paginator("list_models").paginate()
            for model in page["Models"]
        ]
        say(f"{len(names)} models")
        models.extend(name for name in names if run.package_arn in _packages_of(sagemaker, name))
        return bool(models)

    limit = DEPLOYMENT_SECONDS[journey.target.name]
    journey.wait(until=made, seconds=limit, event="making a model of the approved version")
    return f"the deploy Lambda made model {models[0]} of the approved version"


def _describe(sagemaker: Any, name: str) -> dict[str, Any]:
    try:
        endpoint: dict[str, Any] = sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        # SageMaker has no code of its own for "not found".
        if error.response["Error"]["Code"] in {"ValidationException", "ResourceNotFound"}:
            return {}
        raise
    return endpoint


def _packages(sagemaker: Any, configuration: str) -> list[str | None]:
    """The model packages that an endpoint configuration serves."""
    variants: list[Mapping[str, Any]] = sagemaker.describe_endpoint_config(
        EndpointConfigName=configuration
    )["ProductionVariants"]
    return [
        package for variant in variants for package in _packages_of(sagemaker, variant["ModelName"])
    ]


def _packages_of(sagemaker: Any, model_name: str) -> list[str | None]:
    """The model package of each container of a model."""
    model = sagemaker.describe_model(ModelName=model_name)
    containers = [*model.get("Containers", []), model.get("PrimaryContainer")]
    return [container.get("ModelPackageName") for container in containers if container]
