"""Serve the newest approved version of a model; AWS Lambda calls ``handler``.

Creates the model from its package and, in mode ``realtime``, a serverless endpoint configuration,
and creates or updates the one endpoint. The same event again changes nothing. It deletes nothing:
a configuration must not be deleted while an update is in progress, and costs nothing. The way back
is to reject a version: the newest that is approved then serves again.

An endpoint takes longer to change than a function may run. So a message of the queue is done only
once the endpoint serves what it should; until then it is given back, and comes again.
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


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Deploy for an event, or for each message of a queue that holds one.

    Returns:
        What was done; for messages those that have to come again, as Lambda takes it from a
        function of an event source
        (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).

    Raises:
        logic.DeploymentError: the model cannot be deployed. The event or message is tried again,
            then kept in the dead-letter queue.
    """
    deployment = logic.deployment_of(os.environ)
    if "Records" not in event:
        outcome: dict[str, Any] = logic.settled_or_raise(_serve(event, deployment))
        return outcome
    unfinished = [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"]
        if not logic.is_settled(_serve(json.loads(record["body"]), deployment))
    ]
    return {"batchItemFailures": unfinished}


def _serve(event: Mapping[str, Any], deployment: Any) -> dict[str, str]:
    if not logic.concerns(event, deployment):
        return _report(action="ignored", reason="not a decision on a version of our group")
    client = boto3.client("sagemaker")
    package = newest_approved(client, event, deployment)
    if package is None:
        return _report(action="ignored", reason="no version is approved")
    return deploy(client, package, deployment)


def newest_approved(client: Any, event: Mapping[str, Any], deployment: Any) -> Any:
    """The package to serve; events may be late, what the registry says now is what counts."""
    listed = client.list_model_packages(
        ModelPackageGroupName=deployment.model_package_group,
        ModelApprovalStatus="Approved",
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=1,
    )["ModelPackageSummaryList"]
    # The list may lag behind the event, so the event's own version is looked up as well.
    arns = {event["detail"]["ModelPackageArn"], *(summary["ModelPackageArn"] for summary in listed)}
    packages = [client.describe_model_package(ModelPackageName=arn) for arn in sorted(arns)]
    return logic.newest(packages)


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
