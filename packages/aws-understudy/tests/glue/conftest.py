"""One emulator for all tests of the crawler; each test has a database and buckets of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from understudy_support.emulated import Emulated

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulated]:
    with Emulated(tmp_path_factory.mktemp("crawler")) as running:
        yield running


@pytest.fixture
def bucket(emulated: Emulated) -> str:
    return emulated.bucket()


@pytest.fixture
def database(emulated: Emulated) -> str:
    return emulated.database()
