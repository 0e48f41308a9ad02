"""Decides what to deploy for an event; calls nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MODES = ("realtime", "batch")
DECISIONS = ("Approved", "Rejected")
"""What a person may say of a version; a rejection of the one that serves is the way back."""
LONGEST_NAME = 63
"""Characters that SageMaker allows in the name of a model, configuration or endpoint."""


class DeploymentError(Exception):
    """Something that must be put right before the model can be deployed."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What the environment of the function says."""

    mode: str
    endpoint_name: str
    execution_role_arn: str
    model_package_group: str
    memory_mb: int
    max_concurrency: int


def deployment_of(environment: Mapping[str, str]) -> Deployment:
    """Read the function's environment.

    Raises:
        DeploymentError: a variable is absent, no number, or no mode.
    """
    try:
        deployment = Deployment(
            mode=environment["DEPLOY_MODE"],
            endpoint_name=environment["ENDPOINT_NAME"],
            execution_role_arn=environment["EXECUTION_ROLE_ARN"],
            model_package_group=environment["MODEL_PACKAGE_GROUP"],
            memory_mb=int(environment["SERVERLESS_MEMORY_MB"]),
            max_concurrency=int(environment["SERVERLESS_MAX_CONCURRENCY"]),
        )
    except KeyError as error:
        raise DeploymentError(f"The function's environment lacks {error}.") from error
    except ValueError as error:
        raise DeploymentError(f"SERVERLESS_* must be whole numbers: {error}.") from error
    if deployment.mode not in MODES:
        raise DeploymentError(f"DEPLOY_MODE is {deployment.mode!r}; allowed: {', '.join(MODES)}.")
    return deployment


def concerns(event: Mapping[str, Any], deployment: Deployment) -> bool:
    """Whether an event is a decision, for or against, on a version of our group.

    Raises:
        DeploymentError: the event is no state change of a model package.
    """
    detail = event.get("detail", {})
    try:
        group, status = detail["ModelPackageGroupName"], detail["ModelApprovalStatus"]
        detail["ModelPackageArn"]
    except KeyError as error:
        raise DeploymentError(
            f"The event's detail lacks {error}; expected is 'SageMaker Model Package State "
            f"Change', got {event.get('detail-type')!r}."
        ) from error
    return group == deployment.model_package_group and status in DECISIONS


def newest(packages: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Of what DescribeModelPackage says, the approved one of the highest version; None for none."""
    approved = [each for each in packages if each["ModelApprovalStatus"] == "Approved"]
    return max(approved, key=lambda package: package["ModelPackageVersion"], default=None)


def version_name(package: Mapping[str, Any], deployment: Deployment) -> str:
    """The name of the model and of the configuration of a version: the same on every event.

    The model's own S3 URI is in it, for a group that was deleted and made anew counts from 1 again.

    Raises:
        DeploymentError: the name would be longer than SageMaker allows.
    """
    url = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    digest = hashlib.sha256(url.encode()).hexdigest()[:8]
    name = f"{deployment.endpoint_name}-v{package['ModelPackageVersion']}-{digest}"
    if len(name) > LONGEST_NAME:
        raise DeploymentError(
            f"{name!r} is longer than {LONGEST_NAME} characters; shorten ENDPOINT_NAME."
        )
    return name


def model_request(name: str, package_arn: str, deployment: Deployment) -> dict[str, Any]:
    """The request of CreateModel: the package says image, data and environment."""
    return {
        "ModelName": name,
        "PrimaryContainer": {"ModelPackageName": package_arn},
        "ExecutionRoleArn": deployment.execution_role_arn,
        "Tags": tags(package_arn),
    }


def config_request(name: str, package_arn: str, deployment: Deployment) -> dict[str, Any]:
    """The request of CreateEndpointConfig: one serverless variant."""
    serverless = {
        "MemorySizeInMB": deployment.memory_mb,
        "MaxConcurrency": deployment.max_concurrency,
    }
    variant = {"VariantName": "AllTraffic", "ModelName": name, "ServerlessConfig": serverless}
    return {
        "EndpointConfigName": name,
        "ProductionVariants": [variant],
        "Tags": tags(package_arn),
    }


def endpoint_action(
    endpoint: Mapping[str, Any] | None, config_name: str
) -> Literal["create", "update", "wait", "keep"]:
    """What to do with the endpoint as it is.

    Args:
        endpoint: what DescribeEndpoint says, None when there is none.
        config_name: the configuration that it must have.

    Returns:
        ``wait`` while it changes, whatever to, for it can be neither updated nor relied on.

    Raises:
        DeploymentError: it failed; the message says what helps.
    """
    if endpoint is None:
        return "create"
    name, status = endpoint["EndpointName"], endpoint["EndpointStatus"]
    if status == "Failed":
        raise DeploymentError(
            f"Endpoint {name} failed: {endpoint.get('FailureReason', 'no reason given')}. Delete "
            "it, and it is made anew; if that was the last attempt, approve the model again."
        )
    if status != "InService":
        return "wait"
    return "keep" if endpoint.get("EndpointConfigName") == config_name else "update"


def is_settled(outcome: Mapping[str, str]) -> bool:
    """Whether nothing remains to be done: what should be served is in service."""
    return outcome["action"] not in {"create", "update", "wait"}


def settled_or_raise(outcome: dict[str, str]) -> dict[str, str]:
    """Accept what was begun, for nobody could look at it again; refuse what could not even begin.

    Raises:
        DeploymentError: the endpoint is being changed, so the event has to come again.
    """
    if outcome["action"] == "wait":
        raise DeploymentError(
            f"Endpoint {outcome['endpoint']} is being changed and cannot be updated now; the event "
            "is tried again."
        )
    return outcome


def tags(package_arn: str) -> list[dict[str, str]]:
    """Say where a thing comes from."""
    return [
        {"Key": "made-by", "Value": "deploy_model"},
        {"Key": "model-package", "Value": package_arn},
    ]
