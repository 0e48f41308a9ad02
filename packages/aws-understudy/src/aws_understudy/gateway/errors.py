"""Writes an error in the wire protocol that the client of the service expects."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from aws_understudy.core.service import AwsResponse

if TYPE_CHECKING:
    from aws_understudy.core.service import AwsError, AwsRequest

FORM = "application/x-www-form-urlencoded"
"""The content type of the query protocol."""


def error_response(request: AwsRequest, error: AwsError) -> AwsResponse:
    """The answer that makes the client raise ``error`` with its code and message.

    The protocol is read from the request: a target header means AWS JSON, a form means the
    query protocol, the service s3 means REST XML, anything else REST JSON.
    """
    if request.headers.get("x-amz-target"):
        return _json(error, content_type="application/x-amz-json-1.1", with_type=True)
    if request.action or request.headers.get("content-type", "").startswith(FORM):
        return _xml(_query_error(error), error.status)
    if request.service == "s3":
        return _xml(f"<Error>{_code_and_message(error)}</Error>", error.status)
    return _json(error, content_type="application/json", with_type=False)


def _json(error: AwsError, *, content_type: str, with_type: bool) -> AwsResponse:
    payload = {"message": error.message, "Message": error.message, **error.members}
    if with_type:
        payload["__type"] = error.code
    return AwsResponse(
        status=error.status,
        headers={"content-type": content_type, "x-amzn-errortype": error.code},
        body=json.dumps(payload).encode(),
    )


def _query_error(error: AwsError) -> str:
    return (
        f"<ErrorResponse><Error><Type>Sender</Type>{_code_and_message(error)}</Error>"
        f"<RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
    )


def _code_and_message(error: AwsError) -> str:
    return f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"


def _xml(text: str, status: int) -> AwsResponse:
    return AwsResponse(
        status=status,
        headers={"content-type": "text/xml"},
        body=b'<?xml version="1.0" encoding="UTF-8"?>' + text.encode(),
    )
