"""Deletes what the platform has made and no stack owns, so that its stacks can be deleted.

The deploy Lambda makes the endpoint, its configurations and models; the pipeline registers model
versions, and a group that has versions cannot be deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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
        for found in page[key]:
            name = found[pattern.parameter]
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
