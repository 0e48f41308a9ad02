"""InvokeEndpoint: one request to the model behind an endpoint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from aws_understudy.core.service import AwsError, AwsResponse

if TYPE_CHECKING:
    from aws_understudy.core.service import AwsRequest
    from aws_understudy.services.sagemaker.endpoints.endpoint import Endpoint
    from aws_understudy.services.sagemaker.endpoints.store import Endpoints
    from aws_understudy.services.sagemaker.serving.model_server import Answer

_PATH: Final = re.compile(r"/endpoints/(?P<name>[^/]+)/invocations")
_FIRST_ERROR: Final = 400
_FIRST_SERVER_ERROR: Final = 500
_TOO_LARGE: Final = 413
_MODEL_ERROR: Final = 424
_TOO_MANY: Final = 429
_LARGEST_BODY: Final = 6_291_456
"""Source: API reference of InvokeEndpoint, Body."""
_LARGEST_SERVERLESS_BODY: Final = 4 << 20
"""Source: SageMaker AI's guide, "Invoke a serverless endpoint": request and response, 4 MB."""
_SHOWN_CHARACTERS: Final = 1000
_PREFIX: Final = "x-amzn-sagemaker-"
_REFUSED: Final = {
    "target-model": ("TargetModel", "multi-model endpoints"),
    "target-container-hostname": ("TargetContainerHostname", "direct invocation of containers"),
    "inference-component": ("InferenceComponentName", "inference components"),
    "session-id": ("SessionId", "stateful sessions"),
    "enable-explanations": ("EnableExplanations", "explainers"),
    "prefix-aware-id": ("PrefixAwareId", "prefix-aware routing"),
}
"""Members of the request that name what no endpoint here has."""
_TEXT_HEADERS: Final = {
    "content-type": "ContentType",
    "accept": "Accept",
    f"{_PREFIX}custom-attributes": "CustomAttributes",
}
_LONGEST_HEADER: Final = 1024
"""Source: API reference of InvokeEndpoint: at most 1024 characters of ASCII."""


def endpoint_name(request: AwsRequest) -> str:
    """The endpoint that a request of the runtime API is for; empty when it is none."""
    address = _PATH.fullmatch(request.path)
    return address["name"] if address and request.method == "POST" else ""


def invoke(endpoints: Endpoints, name: str, request: AwsRequest) -> AwsResponse:
    """Pass a request to the model and its answer back.

    CustomAttributes and InferenceId are taken and have no effect: the image gives the script no
    header, and the other is for captured data alone.

    Raises:
        AwsError: the endpoint is absent, not in service or at its concurrency
            (``ValidationError``, ``ThrottlingException``), the request asks for what the endpoint
            does not have (``ValidationError``) or is too large (413), or the model answered with
            an error (``ModelError``, with the model's own status and message).
    """
    endpoint = endpoints.find(name)
    if endpoint is None or endpoint.server is None:
        why = f"is {endpoint.status}" if endpoint else "not found"
        raise AwsError("ValidationError", f"Endpoint {name} of account {request.account} {why}.")
    _check(endpoint, request)
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
        raise _model_error(answer, endpoint, request)
    headers = {
        "content-type": answer.content_type,
        "x-amzn-invoked-production-variant": endpoint.plan.variant["VariantName"],
    }
    return AwsResponse(headers=headers, body=answer.body)


def _check(endpoint: Endpoint, request: AwsRequest) -> None:
    """Refuse a request that the endpoint does not take.

    Raises:
        AwsError: it is too large, or names what the endpoint does not have.
    """
    serverless = "ServerlessConfig" in endpoint.plan.variant
    largest = _LARGEST_SERVERLESS_BODY if serverless else _LARGEST_BODY
    if len(request.body) > largest:
        message = f"HTTP content length exceeded {largest} bytes."
        raise AwsError(str(_TOO_LARGE), message, _TOO_LARGE)
    for header, member in _TEXT_HEADERS.items():
        value = request.headers.get(header, "")
        if len(value) > _LONGEST_HEADER or not value.isascii():
            raise AwsError(
                "ValidationError",
                f"{member} is {value[:80]!r} of {len(value)} characters; allowed are at most "
                f"{_LONGEST_HEADER} characters of ASCII.",
            )
    for header, (member, what) in _REFUSED.items():
        value = request.headers.get(f"{_PREFIX}{header}", "")
        if value:
            raise AwsError(
                "ValidationError",
                f"Endpoint {endpoint.name} takes no {member} ({value[:80]!r}): the emulator has "
                f"no {what}. Leave {member} out.",
            )
    variant = endpoint.plan.variant["VariantName"]
    target = request.headers.get(f"{_PREFIX}target-variant", variant)
    if target != variant:
        raise AwsError(
            "ValidationError",
            f"Endpoint {endpoint.name} has no variant {target[:80]!r} (TargetVariant); it has "
            f"{variant!r}.",
        )


def _model_error(answer: Answer, endpoint: Endpoint, request: AwsRequest) -> AwsError:
    """What the client gets when the model answered with a status of 400 or more."""
    original = answer.body.decode(errors="replace")[:_SHOWN_CHARACTERS]
    side = "server" if answer.status >= _FIRST_SERVER_ERROR else "client"
    group = f"/aws/sagemaker/Endpoints/{endpoint.name}"
    return AwsError(
        "ModelError",
        f"Received {side} error ({answer.status}) from primary with message {original!r}. See the "
        f"log group {group}.",
        _MODEL_ERROR,
        members={
            "OriginalStatusCode": answer.status,
            "OriginalMessage": original,
            "LogStreamArn": f"arn:aws:logs:{request.region}:{request.account}:log-group:{group}",
        },
    )
