"""Reads an HTTP request as an AWS request: which service, which operation, which region."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from ministack.core.sigv4 import decode_header_value

from aws_understudy.core.service import AwsRequest
from aws_understudy.gateway.errors import FORM

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCOPE = re.compile(
    r"Credential=(?P<key>[^/,]+)/\d{8}/(?:(?P<region>[^/,]*)/)?(?P<service>[^/,]+)/"
)


def header_map(scope: Mapping[str, Any]) -> dict[str, str]:
    """The headers of an ASGI scope, names in lower case, repeated ones joined by a comma."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope.get("headers", []):
        name, value = raw_name.decode("latin-1").lower(), decode_header_value(raw_value)
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def signing_scope(headers: Mapping[str, str], query: str) -> tuple[str, str]:
    """The service and region in the request's signature; empty when it is not signed.

    A signature is in the ``Authorization`` header, or in the query of a presigned address.
    """
    text = headers.get("authorization", "")
    if "Credential=" not in text:
        text = "Credential=" + parse_qs(query).get("X-Amz-Credential", [""])[0]
    credential = _SCOPE.search(unquote(text))
    if credential is None:
        return "", ""
    return credential["service"], credential["region"] or ""


def read_request(
    scope: Mapping[str, Any],
    *,
    headers: Mapping[str, str],
    body: bytes,
    region: str,
    account: str,
) -> AwsRequest:
    """Build the request that a service gets; ``region`` stands in where none was signed."""
    query = scope.get("query_string", b"").decode("latin-1")
    service, signed_region = signing_scope(headers, query)
    return AwsRequest(
        service=service,
        action=_action(headers, query, body),
        region=signed_region or region,
        account=account,
        method=scope["method"],
        path=scope["path"],
        query=query,
        headers=headers,
        body=body,
    )


def _action(headers: Mapping[str, str], query: str, body: bytes) -> str:
    target = headers.get("x-amz-target", "")
    if target:
        return target.rsplit(".", 1)[-1]
    if headers.get("content-type", "").startswith(FORM):
        query = body.decode("utf-8", errors="replace")
    return parse_qs(query).get("Action", [""])[0]
