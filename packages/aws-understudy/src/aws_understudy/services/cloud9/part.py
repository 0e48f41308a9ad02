"""Cloud9, as far as it is here: an environment is a record with no instance behind it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.cloudformation.tagging import Tagging
from aws_understudy.core.fidelity import record_only
from aws_understudy.services.cloud9.records import Cloud9Records
from aws_understudy.services.part import Part

if TYPE_CHECKING:
    from aws_understudy.cloudformation.loopback import Loopback


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

FIDELITY = (record_only("AWS::Cloud9::EnvironmentEC2", "no EC2 instance and no editor behind it"),)

PART = Part(
    ledgers=(Path(__file__).with_name("ledger.toml"),),
    fidelity=FIDELITY,
    types=(CLOUD9_ENVIRONMENT,),
    make=lambda _context, _sandboxes: [Cloud9Records()],
)
