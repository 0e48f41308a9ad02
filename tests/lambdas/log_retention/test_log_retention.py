"""The function sets the retention it is asked for, and CloudFormation always hears from it."""

from __future__ import annotations

import importlib
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

GROUP = "/aws-glue/crawlers"


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module as Lambda imports it: from its own folder."""
    monkeypatch.syspath_prepend(str(ROOT / "lambdas" / "log_retention"))
    for name in ("handler", "logic"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield importlib.import_module("handler")
    for name in ("handler", "logic"):
        sys.modules.pop(name, None)


@pytest.fixture
def logs(handler: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client = boto3.client("logs", region_name="us-east-1")
    monkeypatch.setattr(handler.boto3, "client", lambda _name: client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


class Answers(BaseHTTPRequestHandler):
    """Keeps what is put to it, as CloudFormation does."""

    received: list[dict[str, Any]]

    def do_PUT(self) -> None:
        length = int(self.headers["content-length"])
        type(self).received.append(json.loads(self.rfile.read(length)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def cloudformation() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    Answers.received = []
    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/answer", Answers.received
    server.shutdown()
    server.server_close()


def event(url: str, request: str = "Create", **properties: Any) -> dict[str, Any]:
    return {
        "RequestType": request,
        "ResponseURL": url,
        "StackId": "arn:stack",
        "RequestId": "1",
        "LogicalResourceId": "Retention",
        "ResourceProperties": properties,
    }


def test_a_group_that_is_missing_is_made_and_bound(
    handler: ModuleType, logs: Stubber, cloudformation: tuple[str, list[dict[str, Any]]]
) -> None:
    url, answers = cloudformation
    logs.add_response("create_log_group", {}, {"logGroupName": GROUP})
    logs.add_response("put_retention_policy", {}, {"logGroupName": GROUP, "retentionInDays": 14})

    handler.handler(event(url, LogGroups=[GROUP], RetentionInDays="14"), None)

    assert answers == [
        {
            "Status": "SUCCESS",
            "Reason": "",
            "PhysicalResourceId": "Retention",
            "StackId": "arn:stack",
            "RequestId": "1",
            "LogicalResourceId": "Retention",
        }
    ]


def test_a_group_that_is_there_is_only_bound(
    handler: ModuleType, logs: Stubber, cloudformation: tuple[str, list[dict[str, Any]]]
) -> None:
    url, answers = cloudformation
    logs.add_client_error("create_log_group", "ResourceAlreadyExistsException")
    logs.add_response("describe_log_groups", {"logGroups": [{"logGroupName": GROUP}]})
    logs.add_response("put_retention_policy", {}, {"logGroupName": GROUP, "retentionInDays": 30})

    handler.handler(event(url, "Update", LogGroups=[GROUP], RetentionInDays="30"), None)

    assert answers[0]["Status"] == "SUCCESS"


@pytest.mark.parametrize("days", [30, 365])
def test_a_group_that_keeps_its_events_as_long_or_longer_is_left_alone(
    handler: ModuleType,
    logs: Stubber,
    cloudformation: tuple[str, list[dict[str, Any]]],
    days: int,
) -> None:
    url, answers = cloudformation
    logs.add_client_error("create_log_group", "ResourceAlreadyExistsException")
    groups = [{"logGroupName": GROUP + "2", "retentionInDays": 1}]
    groups.append({"logGroupName": GROUP, "retentionInDays": days})
    logs.add_response("describe_log_groups", {"logGroups": groups})

    handler.handler(event(url, "Update", LogGroups=[GROUP], RetentionInDays="30"), None)

    assert answers[0]["Status"] == "SUCCESS"


@pytest.mark.usefixtures("logs")
def test_a_deletion_leaves_the_groups_alone(
    handler: ModuleType, cloudformation: tuple[str, list[dict[str, Any]]]
) -> None:
    url, answers = cloudformation

    handler.handler(event(url, "Delete", LogGroups=[GROUP], RetentionInDays="30"), None)

    assert answers[0]["Status"] == "SUCCESS"


def test_cloudformation_hears_of_a_failure(
    handler: ModuleType, logs: Stubber, cloudformation: tuple[str, list[dict[str, Any]]]
) -> None:
    url, answers = cloudformation
    logs.add_client_error("create_log_group", "AccessDeniedException", "no rights")

    handler.handler(event(url, LogGroups=[GROUP], RetentionInDays="14"), None)

    assert answers[0]["Status"] == "FAILED"
    assert "no rights" in answers[0]["Reason"]


@pytest.mark.usefixtures("logs")
def test_a_missing_property_is_named(
    handler: ModuleType, cloudformation: tuple[str, list[dict[str, Any]]]
) -> None:
    url, answers = cloudformation

    handler.handler(event(url, LogGroups=[GROUP]), None)

    assert answers[0]["Reason"] == (
        "ValueError: the custom resource lacks the property 'RetentionInDays'"
    )
