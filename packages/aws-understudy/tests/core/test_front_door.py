"""Web pages, rebound names and strangers are turned away before anything is done."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from understudy_support.raw_requests import Raw, send
from understudy_support.running import RunningEmulator

from aws_understudy.gateway.front_door import MOST_HEADER_BYTES, FrontDoor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEALTH = Raw(method="GET", path="/_understudy/health")
CREATE = (
    "/?Action=CreateStack&StackName=by-a-page&TemplateBody=%7B%7D"
    "&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fcloudformation%2Faws4_request"
)


def with_headers(**headers: str) -> Raw:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Raw(method="GET", path="/_understudy/health", headers=named)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_what_a_page_makes_a_browser_send_is_refused(emulator: RunningEmulator, site: str) -> None:
    reply = send(emulator, with_headers(Sec_Fetch_Site=site))
    assert reply.status == 403
    assert f"Sec-Fetch-Site is {site}" in reply.text


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_a_page_of_the_emulator_opens_in_a_browser(emulator: RunningEmulator, site: str) -> None:
    assert send(emulator, with_headers(Sec_Fetch_Site=site)).status == 200


@pytest.mark.parametrize("origin", ["https://example.com", "null", "http://127.0.0.1:1"])
def test_a_request_with_an_origin_is_refused(emulator: RunningEmulator, origin: str) -> None:
    reply = send(emulator, with_headers(Origin=origin))
    assert reply.status == 403
    assert f"the web page {origin}" in reply.text


@pytest.mark.parametrize(
    "host",
    [
        "rebound.example.com", "evil.localhost", "localhost.example.com", "127.0.0.1.nip.io",
        "amazonaws.com.example.com", "0.0.0.0", "[::1]", "127.1", "",  # noqa: S104 - refused
    ],
)  # fmt: skip
def test_a_foreign_host_is_refused(emulator: RunningEmulator, host: str) -> None:
    reply = send(emulator, with_headers(Host=f"{host}:80" if host else ""))
    assert reply.status == 403
    assert "it asks for the host" in reply.text


def test_even_a_good_signature_does_not_open_a_foreign_host(emulator: RunningEmulator) -> None:
    asked = Raw(method="GET", path="/", headers={"Host": "bucket.localhost"})
    assert send(emulator, asked.signed(emulator, "s3")).status == 403


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_query_protocol_is_not_spoken_by_links(emulator: RunningEmulator, method: str) -> None:
    assert send(emulator, Raw(method=method, path=CREATE)).status == 403
    signed = Raw(method=method, path="/?Action=ListUsers&Version=2010-05-08")
    assert send(emulator, signed.signed(emulator, "iam")).status == 403
    assert send(emulator, signed.presigned(emulator, "iam")).status == 403


def test_no_stack_was_made_by_a_link(
    emulator: RunningEmulator, client: Callable[[str], Any]
) -> None:
    send(emulator, Raw(method="GET", path=CREATE))
    names = [s["StackName"] for s in client("cloudformation").describe_stacks()["Stacks"]]
    assert "by-a-page" not in names


@pytest.mark.parametrize(
    "path",
    ["/_ministack/health", "/_ministack/reset", "/_ministack/config", "/_localstack/health"],
)
def test_the_back_ends_own_pages_are_closed(emulator: RunningEmulator, path: str) -> None:
    for method in ("GET", "POST"):
        asked = Raw(method=method, path=path)
        assert send(emulator, asked).status == 404
        assert send(emulator, asked.signed(emulator, "s3")).status == 404


def test_no_answer_may_be_read_by_a_page(
    emulator: RunningEmulator, client: Callable[[str], Any]
) -> None:
    answers = [
        client("s3").list_buckets(),
        client("sqs").list_queues(),
        client("sagemaker").list_models(),
        client("athena").list_work_groups(),
    ]
    for answer in answers:
        names = answer["ResponseMetadata"]["HTTPHeaders"]
        assert not [name for name in names if name.startswith("access-control-")], names
    preflight = send(emulator, Raw(method="OPTIONS", path="/"))
    assert preflight.status == 403
    assert not [name for name in preflight.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:51730", "http://127.0.0.1:5173.example.com", "http://127.0.0.1",
        "http://rebound-127.0.0.1:5173", "http://me@127.0.0.1:5173", "https://127.0.0.1:5173",
        "HTTP://127.0.0.1:5173", "127.0.0.1:5173", "null", "",
    ],
)  # fmt: skip
def test_an_origin_that_only_resembles_the_named_one_is_refused(origin: str) -> None:
    door = FrontDoor(allowed_origins=frozenset({"http://127.0.0.1:5173"}))
    headers = {"host": "127.0.0.1", "origin": origin}
    assert "the web page" in (door.refusal(method="GET", query="", headers=headers) or "")
    assert door.cors_headers(headers) == {}


@pytest.mark.slow
def test_a_page_that_the_command_line_names_may_ask_and_read(tmp_path: Path) -> None:
    origin = "http://127.0.0.1:5173"
    running = RunningEmulator(tmp_path, "--allow-origin", origin)
    try:
        headers = {"Origin": origin, "Sec-Fetch-Site": "same-site"}
        page = send(running, Raw(method="GET", path="/_understudy/health", headers=headers))
        assert page.status == 200
        assert page.headers["access-control-allow-origin"] == origin
        asked = {"Access-Control-Request-Headers": "authorization,x-amz-date"}
        preflight = send(running, Raw(method="OPTIONS", path="/", headers={**headers, **asked}))
        assert preflight.status == 204
        assert preflight.headers["access-control-allow-headers"] == "authorization,x-amz-date"
        other = {"Origin": "http://127.0.0.1:5174"}
        assert send(running, Raw(method="GET", path="/", headers=other)).status == 403
        unsigned = send(running, Raw(method="GET", path="/", headers=headers))
        assert unsigned.headers["x-amzn-errortype"] == "MissingAuthenticationToken"
    finally:
        running.stop()


def test_headers_are_bounded(emulator: RunningEmulator) -> None:
    reply = send(emulator, with_headers(X_Long="x" * MOST_HEADER_BYTES))
    assert reply.status in {403, 431}


def test_connections_are_bounded_and_others_are_served_afterwards(
    emulator: RunningEmulator,
) -> None:
    parts = urlsplit(emulator.endpoint_url)
    held: list[socket.socket] = []
    try:
        for _ in range(1300):
            connection = socket.create_connection((parts.hostname or "", parts.port or 0), 30)
            held.append(connection)
            connection.sendall(b"GET /_understudy/health HTTP/1.1\r\nHo")
        descriptors = len(os.listdir(f"/proc/{emulator.process.pid}/fd"))  # noqa: PTH208 - counted
        assert descriptors < 1100
    finally:
        for connection in held:
            connection.close()
    assert any(send(emulator, HEALTH).status == 200 for _ in range(50))
