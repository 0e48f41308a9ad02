"""A request on its way: how it came, and what the stages have found out about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_understudy.gateway.asgi import send_response
from aws_understudy.gateway.signatures import SignedLines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.core.service import AwsRequest, AwsResponse
    from aws_understudy.gateway.asgi import Receive, Scope, Send


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and the way of its answer."""

    scope: Scope
    receive: Receive
    send: Send
    headers: Mapping[str, str]
    """Names in lower case."""

    @property
    def path(self) -> str:
        """The path, decoded."""
        return str(self.scope["path"])

    @property
    def method(self) -> str:
        """The method in capitals."""
        return str(self.scope["method"])

    @property
    def lines(self) -> SignedLines:
        """What the signature covers beside the body."""
        return SignedLines(
            method=self.method,
            raw_path=self.scope["raw_path"].decode("latin-1").partition("?")[0],
            query=self.scope.get("query_string", b"").decode("latin-1"),
            headers=self.headers,
        )

    async def tell(self, status: int, words: str) -> None:
        """Answer in plain words."""
        body = b"" if self.method == "HEAD" or not words else f"{words}\n".encode()
        await send_response(self.send, status, {"content-type": "text/plain"}, body)

    async def reply(self, response: AwsResponse) -> None:
        """Answer as a service does."""
        body = b"" if self.method == "HEAD" else response.body
        await send_response(self.send, response.status, dict(response.headers), body)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request to AWS, from the stage that identifies it on."""

    exchange: Exchange
    service: str = ""
    """The signing name; empty until the caller is identified."""
    access_key_id: str = ""
    """Whose key signed it; ditto."""
    request: AwsRequest | None = None
    """What the client asks for; ditto."""
