"""Reads an endpoint configuration, and refuses what no local process can serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.services.sagemaker.containers.machine import Machine
from aws_understudy.services.sagemaker.inputs import invalid
from aws_understudy.services.sagemaker.serving.models import served_model

if TYPE_CHECKING:
    from aws_understudy.services.sagemaker.containers.tools import Tools
    from aws_understudy.services.sagemaker.serving.models import Served

_REFUSED: Final = {
    "AsyncInferenceConfig": "asynchronous inference",
    "ShadowProductionVariants": "shadow variants",
    "ExplainerConfig": "explainers",
}
_SERVERLESS: Final = "the serverless endpoint"
_SERVERLESS_DISK_GIB: Final = 5
"""Source: SageMaker AI's guide, "Serverless Inference", ephemeral disk of an endpoint."""
_INSTANCE_DISK_GIB: Final = 30
_INSTANCE_CONCURRENCY: Final = 64
"""Requests at a time of an instance-backed variant, so that a flood cannot exhaust threads."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an endpoint is to serve."""

    config_name: str
    variant: dict[str, Any]
    model: Served

    @property
    def machine(self) -> Machine:
        """What bounds the model's server."""
        serverless = self.variant.get("ServerlessConfig")
        if serverless:
            memory = int(serverless["MemorySizeInMB"]) << 20
            return Machine(
                instance_type=_SERVERLESS,
                memory=memory,
                volume_gib=_SERVERLESS_DISK_GIB,
                network=self.model.network,
            )
        return Machine(
            instance_type=self.variant["InstanceType"],
            volume_gib=self.variant.get("VolumeSizeInGB", _INSTANCE_DISK_GIB),
            network=self.model.network,
        )

    @property
    def concurrency(self) -> int:
        """Requests that may be in progress at a time."""
        serverless = self.variant.get("ServerlessConfig", {})
        return int(serverless.get("MaxConcurrency", _INSTANCE_CONCURRENCY))

    def summary(self) -> dict[str, Any]:
        """The variant as DescribeEndpoint shows it."""
        name = self.variant["VariantName"]
        variant = {"VariantName": name, "CurrentWeight": 1.0, "DesiredWeight": 1.0}
        if "ServerlessConfig" in self.variant:
            return {**variant, "CurrentServerlessConfig": self.variant["ServerlessConfig"]}
        return {**variant, "CurrentInstanceCount": self.variant.get("InitialInstanceCount", 1)}


def plan_of(config_name: str, tools: Tools) -> Plan:
    """Read a configuration and its model.

    Raises:
        AwsError: one is absent, or asks for what cannot be served here.
    """
    client = tools.context.client("sagemaker")
    try:
        config = client.describe_endpoint_config(EndpointConfigName=config_name)
    except client.exceptions.ClientError as error:
        raise invalid(f"Could not find endpoint configuration {config_name!r}.") from error
    for member, what in _REFUSED.items():
        if config.get(member):
            raise invalid(f"The emulator has no {what} ({member}); nothing was deployed.")
    if config.get("DataCaptureConfig", {}).get("EnableCapture"):
        raise invalid("The emulator captures no data; set EnableCapture to false.")
    variants = config["ProductionVariants"]
    if len(variants) != 1:
        raise invalid(f"The emulator serves one production variant, not {len(variants)}.")
    model = served_model(variants[0]["ModelName"], tools)
    plan = Plan(config_name=config_name, variant=variants[0], model=model)
    tools.containers.check(plan.machine)
    return plan
