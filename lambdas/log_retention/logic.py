"""Reads what CloudFormation asks and writes what it wants to hear; calls nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Retention:
    """The log groups of a service, and how long they keep events."""

    log_groups: tuple[str, ...]
    days: int


def wanted(event: Mapping[str, Any]) -> Retention | None:
    """What to set for a custom resource's event; None when it is deleted.

    Deleting leaves groups and retention: the services still write there.

    Raises:
        ValueError: a property is missing or is no number of days.
    """
    if event["RequestType"] == "Delete":
        return None
    properties = event["ResourceProperties"]
    try:
        return Retention(tuple(properties["LogGroups"]), int(properties["RetentionInDays"]))
    except KeyError as error:
        raise ValueError(f"the custom resource lacks the property {error}") from error


def answer(event: Mapping[str, Any], *, error: str | None) -> dict[str, str]:
    """The body that CloudFormation's response URL takes.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
    """
    return {
        "Status": "FAILED" if error else "SUCCESS",
        "Reason": error or "",
        "PhysicalResourceId": event.get("PhysicalResourceId", event["LogicalResourceId"]),
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
    }
