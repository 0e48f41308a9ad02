"""SageMaker Studio as records: a domain, its users and spaces, with no application behind them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from emulator.records.kind import RecordKind
from emulator.records.service import RecordService

if TYPE_CHECKING:
    from emulator.records.kind import Values
    from emulator.service import AwsRequest

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


def _part_of_domain(noun: str, *, kind: str) -> RecordKind:
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
            _part_of_domain("UserProfile", kind="user-profile"),
            _part_of_domain("Space", kind="space"),
        ),
    )
