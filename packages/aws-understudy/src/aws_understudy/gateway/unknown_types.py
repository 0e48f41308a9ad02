"""Explains the refusal of a template that has a resource type the emulator does not carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_understudy.gateway.asgi import Message, Send

_REFUSAL = b"Unrecognized resource types: ["
_EXPLANATION = (
    b"]. Nothing was created. The emulator refuses what it cannot stand for; "
    b"the types that it carries are listed at /_understudy/fidelity. "
    b"Leave the resource out of the template, or add the type to the emulator"
)


def explaining(send: Send) -> Send:
    """A ``send`` that adds to ministack's refusal what it means here and what to do."""
    held: list[Message] = []

    async def send_explained(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= 400:  # noqa: PLR2004 - HTTP's own word
            held.append(message)
            return
        if held and not message.get("more_body", False):
            start = held.pop()
            body = explain(message.get("body", b""))
            headers = [
                (name, value)
                for name, value in start["headers"]
                if name.lower() != b"content-length"
            ]
            headers.append((b"content-length", str(len(body)).encode()))
            await send({**start, "headers": headers})
            message = {**message, "body": body}
        await send(message)

    return send_explained


def explain(body: bytes) -> bytes:
    """The body with the explanation after the list of types, if it is such a refusal."""
    before, refusal, after = body.partition(_REFUSAL)
    if not refusal:
        return body
    types, _, rest = after.partition(b"]")
    return before + refusal + types + _EXPLANATION + rest
