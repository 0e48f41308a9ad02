"""Says of a service that nobody has what ministack leaves unsaid: its name, and status 501."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from emulator.asgi import Message, Send

UNSUPPORTED = b'{"error": "Unsupported service:'
"""How ministack begins the answer for a service that it does not have; clients read no message."""

BAD_REQUEST = 400


def naming_unknown_services(send: Send, refuse: Callable[[], Awaitable[None]]) -> Send:
    """A ``send`` that refuses in place of ministack where it does not have the service."""
    held: list[Message] = []
    refused = False

    async def send_or_refuse(message: Message) -> None:
        nonlocal refused
        if refused:
            return
        if message["type"] == "http.response.start" and message["status"] == BAD_REQUEST:
            held.append(message)
            return
        if held and message.get("body", b"").startswith(UNSUPPORTED):
            refused = True
            await refuse()
            return
        while held:
            await send(held.pop())
        await send(message)

    return send_or_refuse
