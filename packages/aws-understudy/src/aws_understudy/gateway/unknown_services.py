"""Says of a service that nobody has what ministack leaves unsaid: its name, and status 501."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ministack.core import router

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aws_understudy.gateway.asgi import Message, Send

UNSUPPORTED = b'{"error": "Unsupported service:'
"""How ministack begins the answer for a service that it does not have; clients read no message."""

BAD_REQUEST = 400


class _EveryName(frozenset[str]):
    """Holds every signing name there is."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        return True


def trust_signing_names() -> None:
    """Let ministack believe a signature that names a service which it does not have.

    It would read botocore's models of all services to find out whether there is such a one:
    three seconds and 400 MB, in which nobody else is answered.
    """
    router._KNOWN_AWS_SERVICE_NAMES = _EveryName()  # noqa: SLF001 - listed in pins.py


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
