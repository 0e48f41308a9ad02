"""What a service of the emulator is: it takes an AWS request and answers it, or passes it on."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from aws_understudy.core.credentials import Credentials


@dataclass(frozen=True, kw_only=True)
class AwsRequest:
    """One HTTP request of an AWS client, with what its signature says about it."""

    service: str
    """The signing name in the credential scope, such as ``athena`` or ``sagemaker``."""
    action: str
    """The operation in ``X-Amz-Target`` or ``Action``, such as ``StartCrawler``; else empty."""
    region: str
    account: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Header names in lower case."""
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; an empty body is an empty object."""
        parsed: dict[str, Any] = json.loads(self.body) if self.body else {}
        return parsed


@dataclass(frozen=True, kw_only=True)
class AwsResponse:
    """The answer to one request."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of_json(cls, payload: Mapping[str, Any], status: int = 200) -> AwsResponse:
        """An answer in the AWS JSON 1.1 protocol; dates must be epoch seconds already."""
        return cls(
            status=status,
            headers={"content-type": "application/x-amz-json-1.1"},
            body=json.dumps(payload).encode(),
        )


class AwsError(Exception):
    """An error that the client gets as the service would say it."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        *,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.members = members or {}
        """What the error's shape has beside the message; only the JSON protocols carry it."""


class LoopbackClients:
    """Boto3 clients of the emulator itself, made once for each service and region."""

    def __init__(self, endpoint_url: str, credentials: Credentials) -> None:
        self._endpoint_url = endpoint_url
        self._credentials = credentials
        self._clients: dict[tuple[str, str], Any] = {}
        self._session = boto3.session.Session()
        # A session must not make two clients at a time; the clients may be shared.
        self._lock = threading.Lock()

    def get(self, name: str, region: str) -> Any:
        """The client of a service in a region."""
        with self._lock:
            if (name, region) not in self._clients:
                self._clients[name, region] = self._session.client(
                    name,
                    endpoint_url=self._endpoint_url,
                    region_name=region,
                    aws_access_key_id=self._credentials.access_key_id,
                    aws_secret_access_key=self._credentials.secret_access_key,
                    config=Config(
                        retries={"max_attempts": 1}, read_timeout=900, max_pool_connections=32
                    ),
                )
            return self._clients[name, region]


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a service may use of the emulator around it."""

    endpoint_url: str
    region: str
    account: str
    credentials: Credentials
    """The key of the account's root user, made for this run."""
    work_dir: Path
    """A folder of the emulator's own, deleted with it."""
    emit_event: Callable[[str, str, Mapping[str, Any]], None]
    """Puts an event on the default bus: source, detail type, detail."""

    clients: LoopbackClients = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "clients", LoopbackClients(self.endpoint_url, self.credentials))

    def client(self, name: str, *, region: str | None = None) -> Any:
        """A boto3 client of the emulator itself, signed as its root user.

        Made once for each service and region; threads may share it.
        """
        return self.clients.get(name, region or self.region)


class Service(Protocol):
    """A service that the emulator really runs, in front of the one that only keeps records."""

    name: str
    """The signing name it answers to."""

    def handle(self, request: AwsRequest) -> AwsResponse | None:
        """Answer the request, or return None to let the back end (ministack, moto) answer.

        Called in a worker thread, so it may block and may call the emulator back.

        Raises:
            AwsError: the client gets it in the service's own error format.
        """
        ...

    def close(self) -> None:
        """Stop whatever the service started: threads, processes."""
        ...
