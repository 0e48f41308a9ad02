"""Glue's types that ministack offers by API only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.cloudformation.api_type import ApiType
from emulator.cloudformation.tagging import Tagging

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.cloudformation.loopback import Loopback


def _security(properties: Mapping[str, Any], _loopback: Loopback) -> dict[str, Any]:
    """Rename what the template calls in the plural and the API in the singular."""
    encryption = dict(properties["EncryptionConfiguration"])
    if "S3Encryptions" in encryption:
        encryption["S3Encryption"] = encryption.pop("S3Encryptions")
    return {**properties, "EncryptionConfiguration": encryption}


SECURITY_CONFIGURATION = ApiType(
    type="AWS::Glue::SecurityConfiguration",
    service="glue",
    create="CreateSecurityConfiguration",
    delete="DeleteSecurityConfiguration",
    prepare=_security,
    identify=lambda given, _: str(given["Name"]),
    key=lambda name, _: {"Name": name},
    name_property="Name",
)

WORKFLOW = ApiType(
    type="AWS::Glue::Workflow",
    service="glue",
    create="CreateWorkflow",
    update="UpdateWorkflow",
    delete="DeleteWorkflow",
    identify=lambda given, _: str(given["Name"]),
    key=lambda name, _: {"Name": name},
    name_property="Name",
    tags=Tagging(
        service="glue",
        tags_parameter="TagsToAdd",
        keys_parameter="TagsToRemove",
        as_map=True,
        arn=lambda name, loopback: (
            f"arn:aws:glue:{loopback.region}:{loopback.context.account}:workflow/{name}"
        ),
    ),
)

GLUE_TYPES = (SECURITY_CONFIGURATION, WORKFLOW)
