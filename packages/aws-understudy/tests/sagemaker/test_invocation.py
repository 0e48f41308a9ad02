"""What InvokeEndpoint refuses, and how an error of the model reaches the client."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from understudy_support.endpoints import configuration, endpoint, model, settled

if TYPE_CHECKING:
    from understudy_support.harness import Harness

SCRIPT = """
import json
from http import HTTPStatus
def model_fn(folder):
    return None
def input_fn(body, kind):
    if body == "raise":
        raise LookupError("no such thing")
    return {"type": type(body).__name__, "size": len(body), "kind": kind, "text": str(body)[:20]}
def predict_fn(data, model):
    return data
def output_fn(data, accept):
    if data["text"].isdigit():
        status = HTTPStatus(int(data["text"]))
        def refuse(environ, start_response):
            start_response(f"{status.value} {status.phrase}", [("Content-Type", "text/x-why")])
            yield b"because"
            yield b" of x"
        return refuse
    return json.dumps({**data, "accept": accept}), "application/json"
"""
INSTANCE = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
MEBIBYTE = 1 << 20


def served(emulated: Harness, **variant: Any) -> str:
    name = endpoint(emulated, configuration(emulated, model(emulated, script=SCRIPT), **variant))
    described = settled(emulated, name)
    assert described["EndpointStatus"] == "InService", described.get("FailureReason")
    return name


@pytest.fixture(scope="module")
def name(emulated: Harness) -> str:
    return served(emulated, **INSTANCE)


def answer(emulated: Harness, name: str, body: bytes, **more: Any) -> str:
    more.setdefault("ContentType", "application/json")
    runtime = emulated.client("sagemaker-runtime")
    content: bytes = runtime.invoke_endpoint(EndpointName=name, Body=body, **more)["Body"].read()
    return content.decode()


def refused(emulated: Harness, name: str, body: bytes, **more: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        answer(emulated, name, body, **more)
    response: dict[str, Any] = caught.value.response
    return response


@pytest.mark.parametrize(("status", "side"), [(400, "client"), (415, "client"), (503, "server")])
def test_a_status_that_the_script_returns_reaches_the_client(
    emulated: Harness, name: str, status: int, side: str
) -> None:
    response = refused(emulated, name, str(status).encode())
    assert response["Error"]["Code"] == "ModelError"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    message = f"Received {side} error ({status}) from primary with message 'because of x'."
    assert response["Error"]["Message"].startswith(message)
    assert response["OriginalStatusCode"] == status
    assert response["OriginalMessage"] == "because of x"
    assert response["LogStreamArn"].endswith(f":log-group:/aws/sagemaker/Endpoints/{name}")


def test_an_exception_of_the_script_is_a_500_of_the_model(emulated: Harness, name: str) -> None:
    response = refused(emulated, name, b"raise")
    assert response["OriginalStatusCode"] == 500
    assert response["OriginalMessage"] == "LookupError: no such thing"


def test_the_script_is_given_what_the_image_gives(emulated: Harness, name: str) -> None:
    text = answer(emulated, name, b"\xff{}", Accept="*/*")
    assert '"type": "str"' in text
    assert '"text": "\\ufffd{}"' in text
    assert '"accept": "application/json"' in text
    assert '"type": "bytes"' in answer(emulated, name, b"{}", ContentType="application/jsonlines")


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("TargetVariant", "Other", "no variant 'Other' (TargetVariant); it has 'All'"),
        ("TargetModel", "a.tar.gz", "takes no TargetModel ('a.tar.gz')"),
        ("TargetContainerHostname", "one", "takes no TargetContainerHostname ('one')"),
        ("InferenceComponentName", "part", "takes no InferenceComponentName ('part')"),
        ("SessionId", "NEW_SESSION", "takes no SessionId ('NEW_SESSION')"),
        ("EnableExplanations", "`true`", "takes no EnableExplanations ('`true`')"),
        ("ContentType", "x" * 1025, "ContentType is 'xxx"),
        ("Accept", "x" * 1025, "of 1025 characters; allowed are at most 1024"),
        ("CustomAttributes", "x" * 1025, "CustomAttributes is 'xxx"),
    ],
)
def test_what_the_endpoint_does_not_have_is_refused_by_name(
    emulated: Harness, name: str, member: str, value: str, words: str
) -> None:
    response = refused(emulated, name, b"{}", **{member: value})
    assert response["Error"]["Code"] == "ValidationError"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert words in response["Error"]["Message"]


def test_the_variant_that_serves_may_be_named(emulated: Harness, name: str) -> None:
    assert '"size": 2' in answer(emulated, name, b"{}", TargetVariant="All", InferenceId="1")


def test_an_endpoint_that_is_not_there_is_named(emulated: Harness) -> None:
    absent = f"absent-{uuid.uuid4().hex[:8]}"
    response = refused(emulated, absent, b"{}")
    assert response["Error"]["Code"] == "ValidationError"
    assert f"Endpoint {absent} of account 123456789012 not found" in response["Error"]["Message"]


@pytest.mark.parametrize(("variant", "largest"), [(INSTANCE, 6_291_456), ({}, 4 * MEBIBYTE)])
def test_a_body_over_the_limit_is_refused(
    emulated: Harness, variant: dict[str, Any], largest: int
) -> None:
    name = served(emulated, **variant)
    assert f'"size": {largest}' in answer(emulated, name, b" " * largest)
    response = refused(emulated, name, b" " * (largest + 1))
    assert response["Error"]["Code"] == "413"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert response["Error"]["Message"] == f"HTTP content length exceeded {largest} bytes."
