"""SageMaker Studio: domain, user profile, space. Records only: no application runs behind them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.records.kind import RecordKind
from aws_understudy.records.service import RecordService
from aws_understudy.services.sagemaker.types import sagemaker_arn, sagemaker_tags

if TYPE_CHECKING:
    from aws_understudy.cloudformation.loopback import Loopback
    from aws_understudy.core.service import AwsRequest
    from aws_understudy.records.kind import Values

_ARN = "arn:aws:sagemaker:{region}:{account}:"


def _domain_created(_values: Values, request: AwsRequest) -> Values:
    domain = f"d-{uuid.uuid4().hex[:12]}"
    return {
        "DomainId": domain,
        "Status": "InService",
        "HomeEfsFileSystemId": f"fs-{uuid.uuid4().hex[:17]}",
        "Url": f"https://{domain}.studio.{request.region}.sagemaker.aws",
    }


def _in_service(_values: Values, _request: AwsRequest) -> Values:
    return {"Status": "InService"}


_DOMAIN = RecordKind(
    noun="Domain",
    identity=("DomainId",),
    arn=_ARN + "domain/{DomainId}",
    arn_member="DomainArn",
    list_operation="ListDomains",
    list_member="Domains",
    nested=False,
    on_create=_domain_created,
    update_names={"DomainSettingsForUpdate": "DomainSettings"},
    unchanged=frozenset({"Tags"}),
    not_found="ResourceNotFound",
    exists="ResourceInUse",
)


def _record_of_domain(noun: str, *, kind: str) -> RecordKind:
    return RecordKind(
        noun=noun,
        identity=("DomainId", f"{noun}Name"),
        arn=f"{_ARN}{kind}/{{DomainId}}/{{{noun}Name}}",
        arn_member=f"{noun}Arn",
        list_operation=f"List{noun}s",
        list_member=f"{noun}s",
        nested=False,
        filters={"DomainIdEquals": "DomainId"},
        on_create=_in_service,
        unchanged=frozenset({"Tags"}),
        parent="Domain",
        not_found="ResourceNotFound",
        exists="ResourceInUse",
    )


def studio_records() -> RecordService:
    """Domains, user profiles and spaces."""
    return RecordService(
        name="sagemaker",
        kinds=(
            _DOMAIN,
            _record_of_domain("UserProfile", kind="user-profile"),
            _record_of_domain("Space", kind="space"),
        ),
    )


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


def _type_of_domain(noun: str, *, kind: str) -> ApiType:
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
        identify=lambda parameters, _: f"{parameters['DomainId']}|{parameters[name_member]}",
        key=key,
        attributes=lambda physical_id, loopback: {f"{noun}Arn": arn(physical_id, loopback)},
        tags=sagemaker_tags(arn),
    )


STUDIO_TYPES = (
    DOMAIN,
    _type_of_domain("UserProfile", kind="user-profile"),
    _type_of_domain("Space", kind="space"),
)
