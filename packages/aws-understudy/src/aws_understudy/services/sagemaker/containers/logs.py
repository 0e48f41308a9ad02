"""Ships what a process prints to CloudWatch Logs, where SageMaker puts it."""

from __future__ import annotations

import contextlib
import logging
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)
_LINES_PER_CALL = 1000


class LogShipper:
    """Follows one log file into one stream; call ``flush`` while and after the process runs."""

    def __init__(self, client: Any, *, group: str, stream: str, path: Path) -> None:
        self._client = client
        self._group = group
        self._stream = stream
        self._path = path
        self._offset = 0
        self._created = False

    def flush(self) -> None:
        """Ship the complete lines since the last call; a failure is logged, never raised."""
        if not self._path.is_file():
            return
        with self._path.open("rb") as file:
            file.seek(self._offset)
            new = file.read()
        complete = new[: new.rfind(b"\n") + 1]
        lines = [line for line in complete.decode(errors="replace").splitlines() if line]
        try:
            for start in range(0, len(lines), _LINES_PER_CALL):
                self._put(lines[start : start + _LINES_PER_CALL])
        except ClientError:
            _log.warning("cannot write to log group %s", self._group, exc_info=True)
        self._offset += len(complete)

    def _put(self, lines: list[str]) -> None:
        if not self._created:
            exists = self._client.exceptions.ResourceAlreadyExistsException
            with contextlib.suppress(exists):
                self._client.create_log_group(logGroupName=self._group)
            with contextlib.suppress(exists):
                self._client.create_log_stream(logGroupName=self._group, logStreamName=self._stream)
            self._created = True
        moment = int(time.time() * 1000)
        self._client.put_log_events(
            logGroupName=self._group,
            logStreamName=self._stream,
            logEvents=[{"timestamp": moment, "message": line} for line in lines],
        )
