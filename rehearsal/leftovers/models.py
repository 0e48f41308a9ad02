"""Finds what the platform makes of models and no stack owns.

The deploy Lambda makes the endpoint, its configurations and models; the pipeline registers model
versions, and a group that has versions cannot be deleted.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from rehearsal.leftovers.leftover import Leftover

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def find_leftovers(sagemaker: Any, *, group: str) -> Sequence[Leftover]:
    """List what belongs to a model package group, in the order in which it can be deleted.

    Args:
        sagemaker: a boto3 client.
        group: the group's name; the endpoint bears it too, and names of versions start with it.
    """
    return [
        *_endpoint(sagemaker, group),
        *_configurations(sagemaker, f"{group}-v"),
        *_models(sagemaker, f"{group}-v"),
        *_versions(sagemaker, group),
    ]


def _endpoint(sagemaker: Any, name: str) -> Iterator[Leftover]:
    pages = sagemaker.get_paginator("list_endpoints").paginate(NameContains=name)
    if name in [endpoint["EndpointName"] for page in pages for endpoint in page["Endpoints"]]:
        yield Leftover("endpoint", name, partial(sagemaker.delete_endpoint, EndpointName=name))


def _configurations(sagemaker: Any, prefix: str) -> Iterator[Leftover]:
    pages = sagemaker.get_paginator("list_endpoint_configs").paginate(NameContains=prefix)
    names = [
        configuration["EndpointConfigName"]
        for page in pages
        for configuration in page["EndpointConfigs"]
    ]
    for name in _beginning(names, prefix):
        delete = partial(sagemaker.delete_endpoint_config, EndpointConfigName=name)
        yield Leftover("configuration", name, delete)


def _models(sagemaker: Any, prefix: str) -> Iterator[Leftover]:
    pages = sagemaker.get_paginator("list_models").paginate(NameContains=prefix)
    names = [model["ModelName"] for page in pages for model in page["Models"]]
    for name in _beginning(names, prefix):
        yield Leftover("model", name, partial(sagemaker.delete_model, ModelName=name))


def _beginning(names: Sequence[str], prefix: str) -> Sequence[str]:
    return [name for name in names if name.startswith(prefix)]


def _versions(sagemaker: Any, group: str) -> Iterator[Leftover]:
    pages = sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    try:
        for page in pages:
            for package in page["ModelPackageSummaryList"]:
                arn = package["ModelPackageArn"]
                delete = partial(sagemaker.delete_model_package, ModelPackageName=arn)
                yield Leftover("model version", arn, delete)
    except ClientError as error:
        # The group went with its stack already; SageMaker has no code for "not found" here.
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
