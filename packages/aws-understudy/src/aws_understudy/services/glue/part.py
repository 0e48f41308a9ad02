"""Glue, as far as it is here: crawlers, and the types that ministack offers by API only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.cloudformation.tagging import Tagging
from aws_understudy.core.fidelity import control_plane, real
from aws_understudy.services.glue.service import CrawlerService
from aws_understudy.services.part import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.cloudformation.loopback import Loopback


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
    identify=lambda parameters, _: str(parameters["Name"]),
    key=lambda name, _: {"Name": name},
    name_property="Name",
)

WORKFLOW = ApiType(
    type="AWS::Glue::Workflow",
    service="glue",
    create="CreateWorkflow",
    update="UpdateWorkflow",
    delete="DeleteWorkflow",
    identify=lambda parameters, _: str(parameters["Name"]),
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

FIDELITY = (
    real("AWS::Glue::Crawler", "reads the files in S3 and writes tables; the role is not used"),
    real("AWS::Glue::Database", "the catalog that the crawler writes and Athena reads"),
    control_plane("AWS::Glue::SecurityConfiguration", "kept; nothing is encrypted because of it"),
    real("AWS::Glue::Table", "the catalog that the crawler writes and Athena reads"),
    control_plane("AWS::Glue::Workflow", "kept; it is not run"),
)

PART = Part(
    ledgers=(Path(__file__).with_name("ledger.toml"),),
    fidelity=FIDELITY,
    types=GLUE_TYPES,
    make=lambda context, _sandboxes: [CrawlerService(context)],
)
