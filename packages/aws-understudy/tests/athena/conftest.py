"""One emulator for all tests of Athena; each test has a database and buckets of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from understudy_support.emulated import Emulated, Session

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulated]:
    with Emulated(tmp_path_factory.mktemp("athena")) as running:
        yield running


@pytest.fixture
def session(emulated: Emulated) -> Session:
    return Session(emulated, emulated.database(), emulated.bucket())
