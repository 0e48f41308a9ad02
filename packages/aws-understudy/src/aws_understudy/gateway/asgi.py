"""Small pieces of the ASGI protocol: read a body, play it again, send an answer."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

AUTHOR_HEADER = b"x-emulated-by"
"""Tells the client who answered: understudy, moto or ministack."""
_CORS_PREFIX = b"access-control-"

SUCCESS = 200


def replaying(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that hands out a body that was read already, then what really follows."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def naming_author(send: Send, author: str) -> Send:
    """A ``send`` that adds the header that names who answered."""

    async def send_named(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), (AUTHOR_HEADER, author.encode())]
            message = {**message, "headers": headers}
        await send(message)

    return send_named


def after(wait: Callable[[], Awaitable[None]], send: Send) -> Send:
    """A ``send`` that waits before the answer leaves, unless the answer is an error."""

    async def send_later(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == SUCCESS:
            await wait()
        await send(message)

    return send_later


def with_cors(send: Send, allowed: Mapping[str, str]) -> Send:
    """A ``send`` with these CORS headers and no others: ministack lets every page read."""
    added = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in allowed.items()]

    async def send_private(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [
                (name, value)
                for name, value in message.get("headers", [])
                if not name.lower().startswith(_CORS_PREFIX)
            ]
            message = {**message, "headers": [*kept, *added]}
        await send(message)

    return send_private


async def send_response(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    """Send a whole answer, with its length and a request id."""
    headers["content-length"] = str(len(body))
    headers.setdefault("x-amzn-requestid", str(uuid.uuid4()))
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
