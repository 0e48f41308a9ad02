"""Cloud9's environment on an EC2 instance. A record only: there is no instance behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.cloudformation.api_type import ApiType
from emulator.cloudformation.tagging import Tagging

if TYPE_CHECKING:
    from emulator.cloudformation.loopback import Loopback


def _arn(environment: str, loopback: Loopback) -> str:
    account = loopback.context.account
    return f"arn:aws:cloud9:{loopback.region}:{account}:environment:{environment}"


def _attributes(environment: str, loopback: Loopback) -> dict[str, Any]:
    described = loopback.client("cloud9").describe_environments(environmentIds=[environment])
    return {"Arn": _arn(environment, loopback), "Name": described["environments"][0]["name"]}


CLOUD9_ENVIRONMENT = ApiType(
    type="AWS::Cloud9::EnvironmentEC2",
    service="cloud9",
    create="CreateEnvironmentEC2",
    update="UpdateEnvironment",
    delete="DeleteEnvironment",
    identify=lambda _, answer: str(answer["environmentId"]),
    key=lambda environment, _: {"environmentId": environment},
    attributes=_attributes,
    name_property="Name",
    tags=Tagging(service="cloud9", arn=_arn, arn_parameter="ResourceARN"),
)
