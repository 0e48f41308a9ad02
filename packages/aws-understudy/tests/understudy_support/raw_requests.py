"""Requests as no SDK would send them: every line is in the test's hands."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

if TYPE_CHECKING:
    from understudy_support.running import RunningEmulator


@dataclass(kw_only=True)
class Raw:
    """One request; ``signed`` and ``presigned`` add what an SDK would."""

    method: str = "POST"
    path: str = "/"
    """With its query."""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def signed(self, emulator: RunningEmulator, service: str, **key: str) -> Raw:
        """Sign by the ``Authorization`` header; ``key`` replaces parts of the run's own key."""
        request = self._request(emulator)
        SigV4Auth(credentials(emulator, **key), service, "us-east-1").add_auth(request)
        return Raw(
            method=self.method, path=self.path, headers=dict(request.headers), body=self.body
        )

    def presigned(self, emulator: RunningEmulator, service: str, seconds: int = 60) -> Raw:
        """Sign by the query, as a link that anybody may follow."""
        request = self._request(emulator)
        SigV4QueryAuth(credentials(emulator), service, "us-east-1", expires=seconds).add_auth(
            request
        )
        parts = urlsplit(request.url)
        return Raw(method=self.method, path=f"{parts.path}?{parts.query}", headers=self.headers)

    def _request(self, emulator: RunningEmulator) -> AWSRequest:
        url = emulator.endpoint_url + self.path
        return AWSRequest(self.method, url, data=self.body, headers=self.headers)


@dataclass(frozen=True)
class Reply:
    """The answer, read whole."""

    status: int
    headers: dict[str, str]
    text: str


def credentials(emulator: RunningEmulator, **key: str) -> Credentials:
    values: dict[str, Any] = {
        "access_key": emulator.access_key_id,
        "secret_key": emulator.secret_access_key,
        **key,
    }
    return Credentials(**values)


def send(emulator: RunningEmulator, raw: Raw) -> Reply:
    """Send it as it is, and read the answer."""
    connection = http.client.HTTPConnection(urlsplit(emulator.endpoint_url).netloc, timeout=60)
    try:
        connection.putrequest(
            raw.method,
            raw.path,
            skip_host="Host" in raw.headers,
            skip_accept_encoding=True,
        )
        for name, value in raw.headers.items():
            connection.putheader(name, value)
        if "Content-Length" not in raw.headers:
            connection.putheader("Content-Length", str(len(raw.body)))
        connection.endheaders(raw.body or None)
        reply = connection.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        return Reply(reply.status, headers, reply.read().decode("utf-8", "replace"))
    finally:
        connection.close()
