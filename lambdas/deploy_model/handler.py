"""Deploy a model version when it is approved; AWS Lambda calls ``handler``.

Creates the model from its package and, in mode ``realtime``, a serverless endpoint configuration,
and creates or updates the one endpoint. The same event again changes nothing. It deletes nothing:
a configuration must not be deleted while an update is in progress, costs nothing, and the former
one is the way back (approve the former version again).
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import boto3

# Lambda's import root is this folder.
import logic  # type: ignore[import-not-found]  # found at run time, see above
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def handler(event: Mapping[str, Any], _context: object) -> dict[str, str]:
    """Decode the event, deploy, and say what was done.

    Raises:
        logic.DeploymentError: the model cannot be deployed; Lambda tries again, then keeps the
            event in the dead-letter queue.
    """
    deployment = logic.deployment_of(os.environ)
    package_arn = logic.approved_package(event, deployment)
    if not package_arn:
        return _report(action="ignored", reason="not an approval in our group")
    client = boto3.client("sagemaker")
    package = client.describe_model_package(ModelPackageName=package_arn)
    if package["ModelApprovalStatus"] != "Approved":
        # Events may be late: what the registry says now is what counts.
        return _report(action="ignored", reason=f"now {package['ModelApprovalStatus']}")
    return deploy(client, package, deployment)


def deploy(client: Any, package: Mapping[str, Any], deployment: Any) -> dict[str, str]:
    """Make what is not there yet, in the order in which one needs the other."""
    arn = package["ModelPackageArn"]
    name = logic.version_name(package, deployment)
    _unless_there(
        lambda: client.describe_model(ModelName=name),
        lambda: client.create_model(**logic.model_request(name, arn, deployment)),
    )
    if deployment.mode == "batch":
        return _report(action="model", model=name, package=arn)
    _unless_there(
        lambda: client.describe_endpoint_config(EndpointConfigName=name),
        lambda: client.create_endpoint_config(**logic.config_request(name, arn, deployment)),
    )
    endpoint = {"EndpointName": deployment.endpoint_name}
    served = _described(lambda: client.describe_endpoint(**endpoint))
    action = logic.endpoint_action(served, name)
    if action == "create":
        client.create_endpoint(**endpoint, EndpointConfigName=name, Tags=logic.tags(arn))
    elif action == "update":
        client.update_endpoint(**endpoint, EndpointConfigName=name)
    return _report(action=action, endpoint=deployment.endpoint_name, model=name, package=arn)


def _unless_there(describe: Callable[[], Any], create: Callable[[], Any]) -> None:
    if _described(describe) is None:
        create()


def _described(describe: Callable[[], Any]) -> Any:
    try:
        return describe()
    except ClientError as error:
        # SageMaker has no code of its own for "not found" here, only the message.
        if error.response["Error"]["Code"] != "ValidationException":
            raise
        if "could not find" not in error.response["Error"]["Message"].lower():
            raise
        return None


def _report(**outcome: str) -> dict[str, str]:
    print(json.dumps(outcome))
    return outcome
