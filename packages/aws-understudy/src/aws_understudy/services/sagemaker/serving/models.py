"""What a model is, read from the API itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_understudy.services.sagemaker.containers.images import local_runtime
from aws_understudy.services.sagemaker.inputs import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.services.sagemaker.containers.tools import Tools


@dataclass(frozen=True, kw_only=True)
class Served:
    """What a model is, as far as it is served here."""

    container: dict[str, Any]
    network: bool
    """Whether the container may reach the network."""


def served(model: Mapping[str, Any], packages: Mapping[str, Any]) -> Served:
    """The one container of a model, whether named itself or by a model package.

    Args:
        model: what DescribeModel answers.
        packages: DescribeModelPackage of the package that the model names, else empty.

    Raises:
        AwsError: the model is one that cannot be served here.
    """
    containers = model.get("Containers") or [model.get("PrimaryContainer") or {}]
    if len(containers) != 1:
        raise invalid(f"The emulator serves one container a model, not {len(containers)}.")
    container = dict(containers[0])
    if packages:
        packed = packages["InferenceSpecification"]["Containers"][0]
        environment = {**packed.get("Environment", {}), **container.get("Environment", {})}
        container = {**packed, "Environment": environment}
    if container.get("Mode", "SingleModel") != "SingleModel" or not container.get("ModelDataUrl"):
        raise invalid("The emulator serves single models with a ModelDataUrl (model.tar.gz).")
    local_runtime(container.get("Image", ""))
    return Served(container=container, network=not model.get("EnableNetworkIsolation", False))


def served_model(model_name: str, tools: Tools) -> Served:
    """Read from the API what to serve of the model with this name.

    Raises:
        AwsError: there is no such model, or it cannot be served here.
    """
    client = tools.context.client("sagemaker")
    try:
        model = client.describe_model(ModelName=model_name)
    except client.exceptions.ClientError as error:
        raise invalid(f"Could not find model {model_name!r}: {error}") from error
    container = (model.get("Containers") or [model.get("PrimaryContainer") or {}])[0]
    package = container.get("ModelPackageName")
    described = client.describe_model_package(ModelPackageName=package) if package else {}
    return served(model, described)
