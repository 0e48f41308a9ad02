"""Checks the signature (SigV4) of a request, in its header or in a presigned address.

Source: AWS IAM user guide, "AWS Signature Version 4 for API requests"; Amazon S3 API reference,
"Authenticating requests". ministack brings the canonical forms; what it takes on trust (the hash
of the body, unsigned headers, the trailer of a chunked body) is checked here.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from ministack.core import sigv4

from aws_understudy.gateway.chunked_body import STREAMING, STREAMING_WITH_TRAILER, ChunkChain
from aws_understudy.gateway.key_ring import UnknownKeyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.gateway.key_ring import KeyRing

_ALGORITHM = "AWS4-HMAC-SHA256"
_UNSIGNED = frozenset({sigv4.UNSIGNED_PAYLOAD, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"})
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PRESIGNED_SECONDS = range(1, 7 * 24 * 3600 + 1)
_LAST_PART_OF_SCOPE = "aws4_request"


class SignatureError(Exception):
    """The request is not signed, or not by a key of this run; ``code`` is AWS's own."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, kw_only=True)
class Signature:
    """What a request says of its signature, before the body is read."""

    parts: sigv4.HeaderSignature
    presigned: bool
    secret: str

    @property
    def service(self) -> str:
        """The signing name, such as ``s3``."""
        return str(self.parts.service)

    @property
    def access_key_id(self) -> str:
        """Whose key signed."""
        return str(self.parts.access_key_id)


@dataclass(frozen=True, kw_only=True)
class SignedLines:
    """The parts of a request that its signature covers beside the body, as they were sent."""

    method: str
    raw_path: str
    query: str
    headers: Mapping[str, str]
    """Names in lower case."""


def read_signature(lines: SignedLines, keys: KeyRing) -> Signature:
    """Find the signature, its key and its time.

    Raises:
        SignatureError: there is none, it is malformed, too old, or its key opens nothing.
    """
    query = parse_qs(lines.query, keep_blank_values=True)
    authorization = lines.headers.get("authorization", "")
    presigned = not authorization and "X-Amz-Signature" in query
    if "AWSAccessKeyId" in query:
        raise SignatureError(
            "InvalidRequest",
            "The address is presigned by Signature Version 2, which S3 refuses for every bucket "
            "made since June 2020: sign it by s3v4 (boto3: Config(signature_version='s3v4')).",
        )
    if not authorization and not presigned:
        raise SignatureError(
            "MissingAuthenticationToken",
            "The request is not signed. Each run has a key of its own: take the endpoint and the "
            "key from the run's ready file or from what it prints.",
        )
    algorithm = query.get("X-Amz-Algorithm", [""])[0] if presigned else authorization.split(" ")[0]
    if algorithm != _ALGORITHM:
        raise SignatureError(
            "IncompleteSignature", f"The algorithm is {algorithm!r}; checked is {_ALGORITHM}."
        )
    parts = (
        sigv4.parse_query_signature(query)
        if presigned
        else sigv4.parse_header_signature(lines.headers)
    )
    if isinstance(parts, tuple):
        raise SignatureError(*parts)
    _check_time(parts, query, presigned=presigned)
    _check_signed_headers(parts, lines.headers)
    token = (
        query.get("X-Amz-Security-Token", [""])[0]
        if presigned
        else lines.headers.get("x-amz-security-token", "")
    )
    return Signature(parts=parts, presigned=presigned, secret=_secret(parts, token, keys))


def check_signature(signature: Signature, lines: SignedLines, body: bytes) -> None:
    """Recompute the signature over the whole request.

    Raises:
        SignatureError: it does not match, or the body is not the one that was signed.
    """
    parts = signature.parts
    _, text = sigv4.header_signing_documents(
        parts,
        lines.method,
        lines.raw_path,
        parse_qs(lines.query, keep_blank_values=True),
        lines.headers,
        body,
        presigned=signature.presigned,
    )
    key = sigv4.derive_signing_key(signature.secret, parts.date_stamp, parts.region, parts.service)
    expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    chain = ChunkChain(
        signing_key=key,
        timestamp=parts.amz_date,
        scope=f"{parts.date_stamp}/{parts.region}/{parts.service}/{_LAST_PART_OF_SCOPE}",
        previous=expected,
    )
    if not (
        hmac.compare_digest(expected.encode(), parts.signature.encode())
        and _body_matches(signature, lines.headers, body, chain)
    ):
        raise SignatureError("SignatureDoesNotMatch", sigv4.SIGNATURE_MISMATCH)


def _body_matches(
    signature: Signature, headers: Mapping[str, str], body: bytes, chain: ChunkChain
) -> bool:
    """Whether the body is what ``x-amz-content-sha256`` says; without it, it was hashed already."""
    declared = headers.get("x-amz-content-sha256", "")
    if declared in {STREAMING, STREAMING_WITH_TRAILER}:
        return chain.holds(body, trailer=declared == STREAMING_WITH_TRAILER)
    if declared in _UNSIGNED:
        return signature.service == "s3"  # S3 alone takes a body that is not signed
    if not declared:
        return True
    return bool(_SHA256.fullmatch(declared)) and declared == hashlib.sha256(body).hexdigest()


def _check_time(
    parts: sigv4.HeaderSignature, query: Mapping[str, list[str]], *, presigned: bool
) -> None:
    if parts.date_stamp != parts.amz_date[:8]:
        raise SignatureError(
            "SignatureDoesNotMatch",
            f"The credential scope is of {parts.date_stamp}, the request of {parts.amz_date}.",
        )
    if sigv4._amz_datetime(parts.amz_date) is None:  # noqa: SLF001 - listed in pins.py
        raise SignatureError("IncompleteSignature", f"{parts.amz_date!r} is no X-Amz-Date.")
    if not presigned:
        too_far = sigv4.request_time_failure(parts)
        if too_far:
            raise SignatureError(*too_far)
        return
    seconds = query.get("X-Amz-Expires", [""])[0]
    if not seconds.isdecimal() or int(seconds) not in _PRESIGNED_SECONDS:
        raise SignatureError(
            "AuthorizationQueryParametersError",
            f"X-Amz-Expires is {seconds!r}; it must be 1 to {_PRESIGNED_SECONDS[-1]} seconds.",
        )
    if sigv4.presigned_request_is_expired(parts.amz_date, seconds):
        raise SignatureError("AccessDenied", "Request has expired")


def _check_signed_headers(parts: sigv4.HeaderSignature, headers: Mapping[str, str]) -> None:
    signed = set(parts.signed_headers.split(";"))
    required = {name for name in headers if name.startswith("x-amz-")} | {"host"}
    unsigned = sorted(required - signed)
    if unsigned:
        raise SignatureError(
            "AccessDenied",
            f"There were headers present in the request which were not signed: {unsigned}",
        )


def _secret(parts: sigv4.HeaderSignature, token: str, keys: KeyRing) -> str:
    try:
        return keys.secret(parts.access_key_id, session_token=token)
    except UnknownKeyError as error:
        code = "InvalidAccessKeyId" if parts.service == "s3" else "InvalidClientTokenId"
        raise SignatureError(
            code,
            f"The access key {parts.access_key_id!r} opens nothing here"
            f"{f' ({error})' if str(error) else ''}. Each run has a key of its own.",
        ) from error
