"""What a workgroup decides for a query: results, encryption, limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from aws_understudy.core.service import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_LOCATION = (
    "No output location provided. An output location is required either through the Workgroup "
    "result configuration setting or as an API input."
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings under which a query runs."""

    workgroup: str
    output_location: str
    encryption: Mapping[str, str] | None
    enforced: bool
    cutoff: int | None
    """BytesScannedCutoffPerQuery."""


def settings_of(*, athena: Any, name: str, requested: Mapping[str, Any]) -> Settings:
    """Read the workgroup and merge the client's ResultConfiguration under its rules.

    Raises:
        AwsError: no such workgroup, disabled, no output location, or encryption not emulated.
    """
    try:
        group = athena.get_work_group(WorkGroup=name)["WorkGroup"]
    except ClientError as error:
        raise AwsError("InvalidRequestException", f"WorkGroup {name} is not found.") from error
    if group.get("State") == "DISABLED":
        raise AwsError("InvalidRequestException", f"WorkGroup {name} is disabled.")
    configuration = group.get("Configuration") or {}
    own = configuration.get("ResultConfiguration") or {}
    # What a template wrote may still be text: "true", "10000000".
    enforced = str(configuration.get("EnforceWorkGroupConfiguration")).lower() == "true"
    cutoff = configuration.get("BytesScannedCutoffPerQuery")
    chosen = own if enforced else {**own, **requested}
    _refuse_what_is_not_emulated(name=name, configuration=configuration, chosen=chosen)
    if not chosen.get("OutputLocation"):
        raise AwsError("InvalidRequestException", _NO_LOCATION)
    return Settings(
        workgroup=name,
        output_location=chosen["OutputLocation"],
        encryption=chosen.get("EncryptionConfiguration"),
        enforced=enforced,
        cutoff=int(cutoff) if cutoff else None,
    )


def encryption_arguments(encryption: Mapping[str, str] | None) -> dict[str, str]:
    """The arguments by which PutObject encrypts results; none where the workgroup says nothing."""
    option = (encryption or {}).get("EncryptionOption")
    if option == "SSE_S3":
        return {"ServerSideEncryption": "AES256"}
    if option == "SSE_KMS":
        key = {"SSEKMSKeyId": encryption["KmsKey"]} if encryption and "KmsKey" in encryption else {}
        return {"ServerSideEncryption": "aws:kms", **key}
    return {}


def contents(athena: Any, group: str) -> list[str]:
    """The saved queries and prepared statements of a workgroup; none where there is no group."""
    queries = athena.list_named_queries(WorkGroup=group)["NamedQueryIds"]
    statements = athena.list_prepared_statements(WorkGroup=group)["PreparedStatements"]
    return [*queries, *(statement["StatementName"] for statement in statements)]


def delete_contents(athena: Any, group: str) -> None:
    """Delete the saved queries and prepared statements of a workgroup."""
    for query in athena.list_named_queries(WorkGroup=group)["NamedQueryIds"]:
        athena.delete_named_query(NamedQueryId=query)
    for statement in athena.list_prepared_statements(WorkGroup=group)["PreparedStatements"]:
        athena.delete_prepared_statement(StatementName=statement["StatementName"], WorkGroup=group)


def _refuse_what_is_not_emulated(
    *, name: str, configuration: Mapping[str, Any], chosen: Mapping[str, Any]
) -> None:
    if (configuration.get("ManagedQueryResultsConfiguration") or {}).get("Enabled"):
        raise AwsError(
            "InvalidRequestException",
            f"WorkGroup {name} uses managed query results, which the emulator does not have; "
            "give it an OutputLocation.",
        )
    encryption = chosen.get("EncryptionConfiguration") or {}
    if encryption.get("EncryptionOption") == "CSE_KMS":
        raise AwsError(
            "InvalidRequestException",
            "The emulator does not encrypt results on the client side (CSE_KMS); "
            "use SSE_KMS or SSE_S3.",
        )
