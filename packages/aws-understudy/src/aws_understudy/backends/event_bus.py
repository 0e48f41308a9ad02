"""Puts events of AWS services on the default bus, as the services themselves do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import eventbridge

from aws_understudy.core.service import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping


class EventBus:
    """The default bus of one account and region.

    Uses ministack's private ``_put_events``: its public API rightly refuses a client that
    claims a source beginning with ``aws.``, and only its own services may say so.
    """

    def __init__(self, *, account: str, region: str) -> None:
        self._account = account
        self._region = region

    def emit(self, source: str, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Deliver an event to every enabled rule that matches; targets run in the background.

        Raises:
            AwsError: the bus refused the event.
        """
        set_request_account_id(self._account)
        set_request_region(self._region)
        entry = {"Source": source, "DetailType": detail_type, "Detail": json.dumps(detail)}
        status, _, body = eventbridge._put_events(  # noqa: SLF001 - checked by aws_understudy.backends.pins
            {"Entries": [entry]}, allow_aws_source=True
        )
        answer = json.loads(body)
        if status != 200 or answer.get("FailedEntryCount"):  # noqa: PLR2004 - HTTP's own word
            raise AwsError(
                "InternalFailure", f"The event bus refused {source} {detail_type}: {answer}", 500
            )
