"""The small parts of the core, without a running emulator."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest
from understudy_support.sources import HOME

from aws_understudy.backends import pins
from aws_understudy.cloudformation.shapes import ShapeError, to_parameters
from aws_understudy.composition import FIDELITY, PARTS, SUPPORTED_TYPES
from aws_understudy.core.operations import match_route, service_model
from aws_understudy.core.service import AwsError, AwsRequest, AwsResponse
from aws_understudy.gateway.aws_requests import read_request, signing_scope
from aws_understudy.gateway.dispatch import Dispatcher
from aws_understudy.gateway.errors import error_response
from aws_understudy.gateway.s3_uploads import with_default_kms_key
from aws_understudy.gateway.unknown_types import explain
from aws_understudy.services.s3.bucket_rules import lifecycle_rule

SIGNED = "AWS4-HMAC-SHA256 Credential=test/20261122/eu-west-1/glue/aws4_request, SignedHeaders=host"


def request(**changes: Any) -> AwsRequest:
    values: dict[str, Any] = {
        "service": "glue",
        "action": "",
        "region": "us-east-1",
        "account": "000000000000",
        "method": "POST",
        "path": "/",
        "query": "",
        "headers": {},
        "body": b"",
    }
    return AwsRequest(**{**values, **changes})


def test_the_signature_tells_service_and_region() -> None:
    assert signing_scope({"authorization": SIGNED}, "") == ("glue", "eu-west-1")


def test_a_presigned_address_tells_them_in_its_query() -> None:
    query = "X-Amz-Credential=test%2F20261122%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Expires=60"
    assert signing_scope({}, query) == ("s3", "us-east-1")


def test_an_unsigned_request_belongs_to_no_service() -> None:
    assert signing_scope({}, "") == ("", "")


@pytest.mark.parametrize(
    ("headers", "query", "body"),
    [
        ({"x-amz-target": "AWSGlue.StartCrawler"}, "", b"{}"),
        ({"content-type": "application/x-www-form-urlencoded"}, "", b"Action=StartCrawler&A=1"),
        ({}, "Action=StartCrawler", b""),
    ],
)
def test_the_operation_is_found_wherever_the_protocol_puts_it(
    headers: dict[str, str], query: str, body: bytes
) -> None:
    scope = {"method": "POST", "path": "/", "query_string": query.encode()}
    request = read_request(scope, headers=headers, body=body, region="us-east-1", account="1")
    assert request.action == "StartCrawler"


def test_a_rest_path_is_matched_to_its_operation_and_members() -> None:
    route = match_route("quicksight", method="GET", path="/accounts/1/data-sets/s")
    assert route is not None
    assert route.operation == "DescribeDataSet"
    assert route.path_members == {"AwsAccountId": "1", "DataSetId": "s"}


def test_an_arn_in_a_path_may_hold_slashes() -> None:
    path = "/resources/arn:aws:quicksight:us-east-1:1:dataset/s/tags"
    route = match_route("quicksight", method="GET", path=path)
    assert route is not None
    assert route.path_members == {"ResourceArn": "arn:aws:quicksight:us-east-1:1:dataset/s"}


def test_an_error_is_said_in_the_json_protocol() -> None:
    answer = error_response(
        request(headers={"x-amz-target": "AWSGlue.X"}), AwsError("Code", "why", 400)
    )
    assert json.loads(answer.body) == {"__type": "Code", "message": "why", "Message": "why"}


def test_an_error_is_said_in_the_query_protocol_with_its_signs_escaped() -> None:
    answer = error_response(request(action="X"), AwsError("Code", "a < b", 400))
    assert b"<Code>Code</Code><Message>a &lt; b</Message>" in answer.body


def test_an_error_is_said_in_the_rest_protocol() -> None:
    answer = error_response(request(service="quicksight"), AwsError("Code", "why", 404))
    assert (answer.status, answer.headers["x-amzn-errortype"]) == (404, "Code")


class Answering:
    def __init__(self, name: str, answer: AwsResponse | Exception | None) -> None:
        self.name = name
        self.answer = answer
        self.asked = 0
        self.closed = False

    def handle(self, _request: AwsRequest) -> AwsResponse | None:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> None:
        self.closed = True
        if isinstance(self.answer, Exception):
            raise self.answer


class NoMoto:
    def answer(self, _request: AwsRequest) -> AwsResponse:
        raise AssertionError("moto was asked")


def dispatcher(*services: Answering) -> Dispatcher:
    return Dispatcher(services=services, moto=NoMoto())  # type: ignore[arg-type] # a stand-in


def test_the_first_service_that_answers_has_answered() -> None:
    silent = Answering("glue", None)
    first = Answering("glue", AwsResponse(body=b"first"))
    second = Answering("glue", AwsResponse(body=b"second"))
    answered = dispatcher(silent, first, second).answer(request())
    assert answered is not None
    assert answered[0].body == b"first"
    assert (silent.asked, second.asked) == (1, 0)


def test_where_no_service_answers_ministack_does() -> None:
    assert dispatcher(Answering("glue", None)).answer(request()) is None


def test_a_fault_of_a_service_becomes_an_error_that_blames_the_emulator() -> None:
    answered = dispatcher(Answering("glue", KeyError("x"))).answer(request(action="StartCrawler"))
    assert answered is not None
    assert answered[0].status == 500
    assert b"fault of the emulator" in answered[0].body


def test_a_service_that_fails_to_close_does_not_keep_the_others() -> None:
    first, broken = Answering("a", None), Answering("b", RuntimeError("x"))
    dispatcher(first, broken).close()
    assert first.closed


def test_an_upload_that_names_its_key_is_left_alone() -> None:
    headers = {
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "mine",
    }
    scope: dict[str, Any] = {"headers": []}
    assert with_default_kms_key(scope, headers) is scope


def test_a_template_s_texts_become_the_numbers_and_booleans_of_the_api() -> None:
    shape = service_model("cloud9").operation_model("CreateEnvironmentEC2").input_shape
    properties = {"Name": "n", "AutomaticStopTimeMinutes": "30", "DryRun": "true"}
    assert to_parameters(properties, shape, type_name="T") == {
        "name": "n",
        "automaticStopTimeMinutes": 30,
        "dryRun": True,
    }


def test_a_value_that_does_not_fit_is_named() -> None:
    shape = service_model("cloud9").operation_model("CreateEnvironmentEC2").input_shape
    with pytest.raises(ShapeError, match=r"T\.AutomaticStopTimeMinutes is 'soon'; a integer"):
        to_parameters({"AutomaticStopTimeMinutes": "soon"}, shape, type_name="T")


def test_a_list_of_tags_becomes_a_map_where_the_api_wants_one() -> None:
    shape = service_model("glue").operation_model("CreateWorkflow").input_shape
    properties = {"Name": "w", "Tags": [{"Key": "k", "Value": "v"}]}
    assert to_parameters(properties, shape, type_name="T")["Tags"] == {"k": "v"}


def test_a_lifecycle_rule_keeps_every_part() -> None:
    rule = {
        "Status": "Enabled",
        "Prefix": "a/",
        "TagFilters": [{"Key": "k", "Value": "v"}],
        "ObjectSizeGreaterThan": "10",
        "NoncurrentVersionExpirationInDays": 3,
        "ExpiredObjectDeleteMarker": "true",
    }
    assert lifecycle_rule(rule) == {
        "Status": "Enabled",
        "Filter": {
            "And": {
                "Prefix": "a/",
                "ObjectSizeGreaterThan": 10,
                "Tags": [{"Key": "k", "Value": "v"}],
            }
        },
        "Expiration": {"ExpiredObjectDeleteMarker": True},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 3},
    }


def test_a_lifecycle_rule_with_an_unknown_part_is_refused() -> None:
    with pytest.raises(ValueError, match="Colour"):
        lifecycle_rule({"Status": "Enabled", "Colour": "blue"})


def test_only_the_refusal_of_a_type_is_explained() -> None:
    other = b"<Message>Template format error: nothing [A]</Message>"
    assert explain(other) == other
    refused = explain(b"<M>Unrecognized resource types: [A, B]</M>")
    assert refused.startswith(b"<M>Unrecognized resource types: [A, B]. Nothing was created.")
    assert refused.endswith(b"</M>")


def test_every_type_of_ours_is_in_the_fidelity_table() -> None:
    assert {own.type for part in PARTS for own in part.types} <= SUPPORTED_TYPES


def test_no_type_is_twice_in_the_fidelity_table() -> None:
    assert len(FIDELITY) == len(SUPPORTED_TYPES)


def test_the_installed_back_ends_are_the_pinned_ones() -> None:
    assert set(pins.PINNED) == {"ministack", "moto"}

    pins.check_pins()


def test_the_package_asks_for_the_pinned_back_ends() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [re.fullmatch(r"([\w-]+)(?:\[.*\])?==(.*)", text) for text in project["dependencies"]]

    assert {pin[1]: pin[2] for pin in asked if pin} == pins.PINNED


def test_another_version_of_a_back_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "PINNED", {"moto": "0.0.1"})
    with pytest.raises(pins.PinError, match=r"moto is .*, needed is 0\.0\.1"):
        pins.check_pins()


def test_a_private_part_that_changed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "aws_understudy.backends.pins"
    changed = pins.PrivatePart(module=module, name="check_pins", parameters=("other",))
    missing = pins.PrivatePart(module=module, name="nothing")
    monkeypatch.setattr(pins, "PRIVATE_PARTS", (changed, missing))
    with pytest.raises(pins.PinError, match=r"check_pins now takes.*nothing is gone"):
        pins.check_pins()
