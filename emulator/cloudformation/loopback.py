"""Boto3 clients of the emulator itself, made once for each service and region."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from ministack.core.responses import get_region

if TYPE_CHECKING:
    from emulator.service import Context


class Loopback:
    """Hands out clients that a stack's handlers use to reach the services, in its region."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._clients: dict[tuple[str, str], Any] = {}
        # A boto3 session must not make two clients at a time; the clients may be shared.
        self._lock = threading.Lock()
        self._session = boto3.session.Session()

    @property
    def region(self) -> str:
        """The region of the stack being worked on."""
        region: str = get_region()
        return region

    def client(self, service: str) -> Any:
        """A client of the service in the region of the stack being worked on."""
        key = (service, self.region)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._session.client(
                    service,
                    endpoint_url=self.context.endpoint_url,
                    region_name=self.region,
                    config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
                )
            return self._clients[key]
