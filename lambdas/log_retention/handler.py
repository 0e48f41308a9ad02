"""Set the retention of log groups that AWS services make themselves; CloudFormation calls this.

A group that is not there yet is made, so that the first event a service writes is bound already.
"""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Any

import boto3

# Lambda's import root is this folder.
import logic  # type: ignore[import-not-found]  # found at run time, see above

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_SECONDS = 20


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Do what the event asks, and always answer: an unanswered stack waits for an hour."""
    error = None
    try:
        retention = logic.wanted(event)
        if retention is not None:
            set_retention(boto3.client("logs"), retention)
    except Exception as caught:  # noqa: BLE001 - whatever it is, CloudFormation must hear of it
        error = f"{type(caught).__name__}: {caught}"
    respond(event["ResponseURL"], logic.answer(event, error=error))


def set_retention(client: Any, retention: Any) -> None:
    """Make each group unless it is there, and set its retention, but never a shorter one.

    The groups are the account's: another platform in it may want to keep them longer.
    """
    for name in retention.log_groups:
        try:
            client.create_log_group(logGroupName=name)
        except client.exceptions.ResourceAlreadyExistsException:
            days = current_days(client, name)
            if days is not None and days >= retention.days:
                print(f"{name} keeps its {days} days")
                continue
        client.put_retention_policy(logGroupName=name, retentionInDays=retention.days)


def current_days(client: Any, name: str) -> int | None:
    """The days that a group keeps its events; None for ever, or where there is no such group."""
    pages = client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
    for group in (group for page in pages for group in page["logGroups"]):
        if group["logGroupName"] == name:
            days: int | None = group.get("retentionInDays")
            return days
    return None


def respond(url: str, answer: Mapping[str, str]) -> None:
    """Send CloudFormation the answer, at the URL it has signed."""
    request = urllib.request.Request(  # noqa: S310 - CloudFormation's own URL
        url, data=json.dumps(answer).encode(), method="PUT", headers={"content-type": ""}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - ditto
        print(json.dumps({"status": answer["Status"], "reason": answer["Reason"]}))
