"""A body is read within bounds, and one request never holds up another."""

from __future__ import annotations

import asyncio
import gzip
import threading
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from understudy_support.raw_requests import Raw, send

from aws_understudy.gateway import bodies
from aws_understudy.gateway.bodies import BodyRefused, ClientGone, check_form, read_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy_support.running import RunningEmulator

    from aws_understudy.gateway.asgi import Message


def read(*messages: Message, headers: dict[str, str] | None = None) -> bytes:
    pending = list(messages)

    async def receive() -> Message:
        if pending:
            return pending.pop(0)
        await asyncio.Event().wait()  # the client sends nothing more
        raise AssertionError

    return asyncio.run(read_body(receive, headers or {}, service="glue"))


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_comes_in_parts() -> None:
    assert read(part(b"a", more=True), part(b"b")) == b"ab"


def test_a_client_that_goes_is_no_fault() -> None:
    with pytest.raises(ClientGone):
        read(part(b"a", more=True), {"type": "http.disconnect"})


def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    with pytest.raises(BodyRefused) as caught:
        read(headers={"content-length": str(bodies.MOST_BYTES_ELSEWHERE + 1)})
    assert caught.value.status == 413


def test_a_body_that_grows_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES_ELSEWHERE", 3)
    with pytest.raises(BodyRefused) as caught:
        read(part(b"ab", more=True), part(b"cd", more=True))
    assert caught.value.status == 413


def test_a_body_that_stops_coming_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(BodyRefused) as caught:
        read(part(b"a", more=True))
    assert caught.value.status == 408


def test_a_compressed_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES_ELSEWHERE", 1000)
    bomb = gzip.compress(b" " * 100_000, mtime=0)
    with pytest.raises(BodyRefused) as caught:
        check_form(bomb, {"content-encoding": "gzip"}, service="logs")
    assert caught.value.status == 413
    check_form(gzip.compress(b" " * 900, mtime=0), {"content-encoding": "gzip"}, service="logs")
    with pytest.raises(BodyRefused, match="no gzip"):
        check_form(b"no gzip", {"content-encoding": "gzip"}, service="logs")


def test_an_unsigned_upload_is_refused_before_its_body_is_sent(emulator: RunningEmulator) -> None:
    headers = {"Content-Length": str(1024**3), "Expect": "100-continue"}
    reply = send(emulator, Raw(method="PUT", path="/bucket/key", headers=headers))
    assert reply.status == 403


def test_a_service_that_nobody_has_costs_no_memory_and_holds_up_nobody(
    emulator: RunningEmulator, client: Callable[[str], Any], rss: Callable[[], int]
) -> None:
    before = rss()
    asked = threading.Event()

    def ask() -> None:
        with pytest.raises(ClientError, match="does not implement comprehend"):
            client("comprehend").list_endpoints()
        asked.set()

    stranger = threading.Thread(target=ask)
    stranger.start()
    while not asked.is_set():
        assert send(emulator, Raw(method="GET", path="/_understudy/health")).status == 200
    stranger.join()
    assert rss() - before < 60_000_000


def test_memory_is_flat_over_5000_requests(
    client: Callable[[str], Any], rss: Callable[[], int]
) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="flat")

    def ask(times: int) -> None:
        for _ in range(times // 5):
            s3.put_object(Bucket="flat", Key="same", Body=b"x" * 1000)
            s3.get_object(Bucket="flat", Key="same")["Body"].read()
            s3.list_objects_v2(Bucket="flat")
            client("glue").get_databases()
            client("sts").get_caller_identity()

    ask(1000)  # what is made once is made
    before = rss()
    ask(5000)
    assert rss() - before < 10_000_000
