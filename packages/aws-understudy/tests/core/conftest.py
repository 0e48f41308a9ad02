"""One running emulator for all tests of its core."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from understudy_support.raw_requests import Raw, send
from understudy_support.running import RunningEmulator, Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    running = RunningEmulator(tmp_path_factory.mktemp("emulator"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def client(emulator: RunningEmulator) -> Callable[[str], Any]:
    @cache
    def get(name: str) -> Any:
        return emulator.client(name)

    return get


@pytest.fixture
def rss(emulator: RunningEmulator) -> Callable[[], int]:
    """The memory that the emulator holds, in bytes."""

    def ask() -> int:
        asked = Raw(method="GET", path="/_understudy/health")
        held: int = json.loads(send(emulator, asked).text)["rss_bytes"]
        return held

    return ask


@pytest.fixture
def stack(client: Callable[[str], Any]) -> Iterator[Stack]:
    made = Stack(client("cloudformation"))
    yield made
    if made.exists:
        assert made.delete() == "DELETE_COMPLETE", made.failures()
