"""The command ``sweep``: deletes what the platform has made and no stack owns.

The deploy Lambda makes the endpoint, its configurations and models; the pipeline registers model
versions, and a group that has versions cannot be deleted. What is found is shown first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.errors import RehearsalError
from rehearsal.targets.stack_outputs import StackOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config import Settings


@dataclass(frozen=True)
class Leftover:
    """One thing to delete: its kind as a person calls it, its name, the call that deletes it."""

    kind: str
    name: str
    operation: str
    parameter: str

    def delete(self, sagemaker: Any) -> None:
        """Delete it."""
        getattr(sagemaker, self.operation)(**{self.parameter: self.name})


def find_leftovers(sagemaker: Any, *, group: str) -> Sequence[Leftover]:
    """List what belongs to a model package group, in the order in which it can be deleted.

    Args:
        sagemaker: a boto3 client.
        group: the group's name; the endpoint bears it too, and names of versions start with it.
    """
    return [
        *_endpoint(sagemaker, group),
        *_named(
            sagemaker,
            "list_endpoint_configs",
            "EndpointConfigs",
            Leftover("configuration", f"{group}-v", "delete_endpoint_config", "EndpointConfigName"),
        ),
        *_named(
            sagemaker,
            "list_models",
            "Models",
            Leftover("model", f"{group}-v", "delete_model", "ModelName"),
        ),
        *_versions(sagemaker, group),
    ]


def _endpoint(sagemaker: Any, name: str) -> Iterator[Leftover]:
    pages = sagemaker.get_paginator("list_endpoints").paginate(NameContains=name)
    if name in [endpoint["EndpointName"] for page in pages for endpoint in page["Endpoints"]]:
        yield Leftover("endpoint", name, "delete_endpoint", "EndpointName")


def _named(sagemaker: Any, operation: str, key: str, pattern: Leftover) -> Iterator[Leftover]:
    pages = sagemaker.get_paginator(operation).paginate(NameContains=pattern.name)
    for page in pages:
        for resource in page[key]:
            name = resource[pattern.parameter]
            if name.startswith(pattern.name):
                yield Leftover(pattern.kind, name, pattern.operation, pattern.parameter)


def _versions(sagemaker: Any, group: str) -> Iterator[Leftover]:
    pages = sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    try:
        for page in pages:
            for package in page["ModelPackageSummaryList"]:
                yield Leftover(
                    "model version",
                    package["ModelPackageArn"],
                    "delete_model_package",
                    "ModelPackageName",
                )
    except ClientError as error:
        # The group went with its stack already; SageMaker has no code for "not found" here.
        if "does not exist" not in error.response["Error"]["Message"]:
            raise


def sweep(settings: Settings, *, ask: bool) -> None:
    """Delete from where the CDK CLI would deploy to: ``AWS_ENDPOINT_URL``, or else AWS.

    Raises:
        RehearsalError: there are no credentials, AWS refused, or the answer was no.
    """
    if settings.keeps_data:
        print(f'{settings.name} keeps its data (data = "keep"): nothing is swept')
        return
    try:
        _sweep(settings, ask=ask)
    except (BotoCoreError, ClientError) as error:
        raise RehearsalError(f"AWS refused the sweep: {error}") from None


def _sweep(settings: Settings, *, ask: bool) -> None:
    def client(service: str) -> Any:
        return boto3.client(service, region_name=settings.region)

    outputs = StackOutputs(cloudformation=client("cloudformation"), platform=settings.name)
    if not settings.pipelines:
        print(f"{settings.name} has no pipeline: nothing to sweep")
        return
    stacks = [pipeline.stack for pipeline in settings.pipelines.values()]
    deployed = [stack for stack in stacks if f"{settings.name}-{stack}" in outputs.names]
    if not deployed:
        names = ", ".join(f"{settings.name}-{stack}" for stack in stacks)
        print(f"{names} is not deployed: nothing to sweep")
        return
    sagemaker = client("sagemaker")
    leftovers = [
        leftover
        for stack in deployed
        for leftover in find_leftovers(sagemaker, group=outputs.get(stack, "ModelPackageGroupName"))
    ]
    if not leftovers:
        print("nothing to sweep: the stacks own everything")
        return
    print("No stack owns these, and they would stay or stand in the way:")
    for leftover in leftovers:
        print(f"  {leftover.kind} {leftover.name}")
    if ask and not _agreed():
        raise RehearsalError("nothing is deleted; answer yes, or give --yes (make destroy YES=1)")
    for leftover in leftovers:
        leftover.delete(sagemaker)
        print(f"deleted {leftover.kind} {leftover.name}", flush=True)


def _agreed() -> bool:
    try:
        return input("Delete them? (yes/no) ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False
