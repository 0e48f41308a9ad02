"""Sandboxes of every level that this system allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from understudy_support.sleeper import Sleeper
from understudy_support.trial import Trial

from aws_understudy.sandbox.level import Level
from aws_understudy.sandbox.sandboxes import Sandboxes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=list(Level))
def trial(request: pytest.FixtureRequest, tmp_path: Path) -> Trial:
    sandboxes = Sandboxes.strongest(tmp_path / "sandboxes", at_most=request.param)
    if sandboxes.level is not request.param:
        pytest.skip(f"this system has no sandbox of the level {request.param!r}")
    return Trial(sandboxes, tmp_path)


@pytest.fixture
def sleeper() -> Iterator[Sleeper]:
    sleeper = Sleeper()
    yield sleeper
    sleeper.end()
