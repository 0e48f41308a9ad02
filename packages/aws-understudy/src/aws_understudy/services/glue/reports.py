"""What a crawl tells the world: its log stream and its EventBridge events."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_understudy.services.glue.runs import LOG_GROUP, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_understudy.core.service import Context

DETAIL_TYPE = "Glue Crawler State Change"
_logger = logging.getLogger(__name__)


def emit_state(*, context: Context, run: Run, state: str) -> None:
    """Put the event that Glue puts: ``Started``, ``Succeeded``, ``Failed`` or ``Stopped``."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    detail: dict[str, Any] = {
        "accountId": context.account,
        "crawlerName": run.crawler,
        "state": state,
    }
    if state == "Started":
        detail |= {"message": "Crawler Started", "startTime": moment}
    elif state == "Failed":
        detail |= {"message": run.error, "errorMessage": run.error}
    else:
        counts = vars(run.changes).items()
        detail |= {_camel(name): str(len(names)) for name, names in counts}
        detail |= {
            "message": "The crawl is complete" if state == "Succeeded" else "The crawl was stopped",
            "warningMessage": "N/A",
            "runningTime (sec)": str(round(run.seconds)),
            "completionDate": moment,
        }
    context.emit_event("aws.glue", DETAIL_TYPE, detail)


def _camel(name: str) -> str:
    """Spell ``tables_added`` as the event does: ``tablesCreated``."""
    kind, _, verb = name.partition("_")
    return kind + {"added": "Created"}.get(verb, verb.capitalize())


def write_log(*, context: Context, run: Run, lines: Sequence[str]) -> None:
    """Write the crawl's log as Glue does: a stream per crawler, the run's id before each line."""
    logs = context.client("logs")
    where = {"logGroupName": LOG_GROUP, "logStreamName": run.crawler}
    exists = logs.exceptions.ResourceAlreadyExistsException
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": f"[{run.run_id}] {line}"} for line in lines]
    try:
        for make, arguments in (
            (logs.create_log_group, {"logGroupName": LOG_GROUP}),
            (logs.create_log_stream, where),
        ):
            try:
                make(**arguments)
            except exists:
                continue
        logs.put_log_events(**where, logEvents=events)
    except (ClientError, BotoCoreError):
        # The crawl's outcome stands without its log, but the loss is not silent.
        _logger.exception("The log of crawl %s of %s was not written", run.run_id, run.crawler)
