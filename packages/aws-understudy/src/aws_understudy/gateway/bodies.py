"""Reads the body of a request within bounds: of size, of time, and of what it inflates to."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.gateway.asgi import Receive

MEBIBYTE = 1024 * 1024
MOST_BYTES = {"s3": 2048 * MEBIBYTE}
"""An upload to S3; bodies are held in memory."""
MOST_BYTES_ELSEWHERE = 100 * MEBIBYTE
"""Above every limit of AWS: a function's archive has 50 MB, which base64 makes 67 MB."""
PATIENCE_SECONDS = 30.0
SLOWEST_BYTES_A_SECOND = 16 * 1024
"""A body that comes slower than this is given up after ``PATIENCE_SECONDS``."""
_GZIP = 16 + zlib.MAX_WBITS


class ClientGone(Exception):  # noqa: N818 - it is no error of ours
    """The client closed the connection before its request was read."""


@dataclass
class BodyRefused(Exception):  # noqa: N818 - it is the client's fault
    """The body is not taken; ``code`` is what AWS calls such a fault."""

    status: int
    code: str
    message: str


async def read_body(receive: Receive, headers: Mapping[str, str], *, service: str) -> bytes:
    """Read the whole body.

    Raises:
        BodyRefused: it is too large, or comes too slowly.
        ClientGone: the client closed the connection first.
    """
    most = MOST_BYTES.get(service, MOST_BYTES_ELSEWHERE)
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(most)
    began = time.monotonic()
    chunks: list[bytes] = []
    size = 0
    while True:
        deadline = began + PATIENCE_SECONDS + size / SLOWEST_BYTES_A_SECOND
        try:
            message = await asyncio.wait_for(receive(), deadline - time.monotonic())
        except TimeoutError:
            raise BodyRefused(
                408, "RequestTimeout", f"The body comes too slowly: {size} bytes so far."
            ) from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            raise _too_large(most)
        if not message.get("more_body", False):
            return b"".join(chunks)


def check_form(body: bytes, headers: Mapping[str, str], *, service: str) -> None:
    """Refuse what no service could read: a JSON body that is no object, a compressed bomb.

    Raises:
        BodyRefused: the body is not in the form that its headers promise.
    """
    if service == "s3":
        return  # an object is whatever it is
    if headers.get("content-encoding", "") == "gzip":
        body = _inflated(body)
    if "x-amz-target" in headers and body:
        try:
            parsed = json.loads(body)
        except ValueError as error:
            raise BodyRefused(
                400, "SerializationException", f"The body is no JSON: {error}"
            ) from None
        if not isinstance(parsed, dict):
            raise BodyRefused(
                400,
                "SerializationException",
                f"The body must be a JSON object, not {type(parsed).__name__}.",
            )


def _inflated(body: bytes) -> bytes:
    inflater = zlib.decompressobj(_GZIP)
    try:
        inflated = inflater.decompress(body, MOST_BYTES_ELSEWHERE)
    except zlib.error as error:
        raise BodyRefused(400, "SerializationException", f"The body is no gzip: {error}") from None
    if inflater.unconsumed_tail:
        raise _too_large(MOST_BYTES_ELSEWHERE)
    return inflated


def _too_large(most: int) -> BodyRefused:
    return BodyRefused(
        413, "RequestEntityTooLarge", f"The body is larger than {most // MEBIBYTE} MiB."
    )
