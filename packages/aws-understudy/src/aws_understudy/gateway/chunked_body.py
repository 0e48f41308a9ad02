"""Checks the chain of signatures in a body that was signed chunk by chunk.

Source: Amazon S3 API reference, "Signature calculations for the authorization header:
transferring payload in multiple chunks (chunked upload)", and the same "including trailing
headers".
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

STREAMING = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
STREAMING_WITH_TRAILER = f"{STREAMING}-TRAILER"
_LINE_END = b"\r\n"
_EMPTY = hashlib.sha256(b"").hexdigest()
_LONGEST_CHUNK_HEADER = 256


@dataclass(kw_only=True)
class ChunkChain:
    """Signs one chunk after another, each with the signature of the one before."""

    signing_key: bytes
    timestamp: str
    """``X-Amz-Date``, such as ``20260101T000000Z``."""
    scope: str
    """``date/region/service/aws4_request``."""
    previous: str
    """The last signature; at first that of the request's headers."""

    def holds(self, body: bytes, *, trailer: bool) -> bool:
        """Whether every chunk, and the trailer where one is due, bears the right signature."""
        position = 0
        while True:
            end = body.find(_LINE_END, position, position + _LONGEST_CHUNK_HEADER)
            size, signature = _chunk_header(body[position:end] if end >= 0 else b"")
            if size is None:
                return False
            start = end + len(_LINE_END)
            if not self._signed(body[start : start + size], signature):
                return False
            position = start + size
            if size == 0:
                return self._ends(body[position:], trailer=trailer)
            if body[position : position + len(_LINE_END)] != _LINE_END:
                return False
            position += len(_LINE_END)

    def _signed(self, chunk: bytes, signature: str) -> bool:
        digest = hashlib.sha256(chunk).hexdigest()
        return self._follows("AWS4-HMAC-SHA256-PAYLOAD", f"{_EMPTY}\n{digest}", signature)

    def _ends(self, rest: bytes, *, trailer: bool) -> bool:
        if not trailer:
            return rest in {b"", _LINE_END}
        *headers, signature = [line for line in rest.split(_LINE_END) if line]
        name, _, value = signature.partition(b":")
        if name.lower() != b"x-amz-trailer-signature":
            return False
        digest = hashlib.sha256(b"".join(line + b"\n" for line in headers)).hexdigest()
        return self._follows("AWS4-HMAC-SHA256-TRAILER", digest, value.decode("latin-1"))

    def _follows(self, algorithm: str, digests: str, signature: str) -> bool:
        text = f"{algorithm}\n{self.timestamp}\n{self.scope}\n{self.previous}\n{digests}"
        self.previous = hmac.new(self.signing_key, text.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(self.previous.encode(), signature.strip().encode())


def _chunk_header(line: bytes) -> tuple[int | None, str]:
    """The size and the signature in a chunk's first line; no size where it is malformed."""
    size, separator, signature = line.decode("latin-1").partition(";chunk-signature=")
    try:
        return (int(size, 16) if separator and size.isalnum() else None), signature
    except ValueError:
        return None, ""
