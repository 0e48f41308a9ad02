"""SageMaker Studio: domain, user profile, space. Records only: no application runs behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.cloudformation.api_type import ApiType
from emulator.cloudformation.sagemaker_types import sagemaker_arn, sagemaker_tags

if TYPE_CHECKING:
    from emulator.cloudformation.loopback import Loopback


def _domain_attributes(domain: str, loopback: Loopback) -> dict[str, Any]:
    described = loopback.client("sagemaker").describe_domain(DomainId=domain)
    names = ("DomainArn", "HomeEfsFileSystemId", "Url", "SecurityGroupIdForDomainBoundary")
    return {"DomainId": domain, **{name: described[name] for name in names if name in described}}


DOMAIN = ApiType(
    type="AWS::SageMaker::Domain",
    service="sagemaker",
    create="CreateDomain",
    update="UpdateDomain",
    update_names={"DomainSettings": "DomainSettingsForUpdate"},
    delete="DeleteDomain",
    identify=lambda _, answer: str(answer["DomainArn"]).rpartition("/")[2],
    key=lambda domain, _: {"DomainId": domain},
    attributes=_domain_attributes,
    tags=sagemaker_tags(sagemaker_arn("domain")),
)


def _part_of_domain(noun: str, *, kind: str) -> ApiType:
    """A user profile or space: named within its domain, ``Ref`` gives domain|name."""
    name_member = f"{noun}Name"

    def key(physical_id: str, _loopback: Loopback) -> dict[str, str]:
        domain, _, name = physical_id.partition("|")
        return {"DomainId": domain, name_member: name}

    def arn(physical_id: str, loopback: Loopback) -> str:
        return sagemaker_arn(kind)(physical_id.replace("|", "/"), loopback)

    return ApiType(
        type=f"AWS::SageMaker::{noun}",
        service="sagemaker",
        create=f"Create{noun}",
        update=f"Update{noun}",
        delete=f"Delete{noun}",
        identify=lambda given, _: f"{given['DomainId']}|{given[name_member]}",
        key=key,
        attributes=lambda physical_id, loopback: {f"{noun}Arn": arn(physical_id, loopback)},
        tags=sagemaker_tags(arn),
    )


STUDIO_TYPES = (
    DOMAIN,
    _part_of_domain("UserProfile", kind="user-profile"),
    _part_of_domain("Space", kind="space"),
)
