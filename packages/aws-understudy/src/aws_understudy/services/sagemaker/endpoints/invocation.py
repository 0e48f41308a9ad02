"""InvokeEndpoint: one request to the model behind an endpoint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_understudy.core.service import AwsError, AwsResponse

if TYPE_CHECKING:
    from aws_understudy.core.service import AwsRequest
    from aws_understudy.services.sagemaker.endpoints.store import Endpoints

_PATH: Final = re.compile(r"/endpoints/(?P<name>[^/]+)/invocations")
_FIRST_ERROR: Final = 400
_MODEL_ERROR: Final = 424
_TOO_MANY: Final = 429


def endpoint_name(request: AwsRequest) -> str:
    """The endpoint that a request of the runtime API is for; empty when it is none."""
    address = _PATH.fullmatch(request.path)
    return address["name"] if address and request.method == "POST" else ""


def invoke(endpoints: Endpoints, name: str, request: AwsRequest) -> AwsResponse:
    """Pass a request to the model and its answer back.

    Raises:
        AwsError: the endpoint is absent, not in service or at its concurrency
            (``ValidationError``, ``ThrottlingException``), or the model failed (``ModelError``).
    """
    endpoint = endpoints.find(name)
    if endpoint is None or endpoint.server is None:
        why = f"is {endpoint.status}" if endpoint else "not found"
        raise AwsError("ValidationError", f"Endpoint {name} of account {request.account} {why}.")
    slots = endpoint.slots
    if not slots.acquire(blocking=False):
        message = f"Endpoint {name} is at its MaxConcurrency, {endpoint.plan.concurrency}."
        raise AwsError("ThrottlingException", message, _TOO_MANY)
    try:
        answer = endpoint.server.invoke(
            request.body,
            content_type=request.headers.get("content-type", "application/json"),
            accept=request.headers.get("x-amzn-sagemaker-accept")
            or request.headers.get("accept")
            or "*/*",
        )
    except OSError as error:
        message = f"The model's server did not answer: {error}"
        raise AwsError("ModelError", message, _MODEL_ERROR) from error
    finally:
        slots.release()
    if answer.status >= _FIRST_ERROR:
        message = answer.body.decode(errors="replace")[:1000]
        raise AwsError(
            "ModelError",
            f"Received error ({answer.status}) from primary with message {message!r}. See the log "
            f"group /aws/sagemaker/Endpoints/{name}.",
            _MODEL_ERROR,
        )
    headers = {
        "content-type": answer.content_type,
        "x-amzn-invoked-production-variant": endpoint.plan.variant["VariantName"],
    }
    return AwsResponse(headers=headers, body=answer.body)
