"""Marks the tests that start something."""

from __future__ import annotations

import pytest

STARTING = {"emulator", "emulated", "own", "running", "session", "trial", "understudy"}
"""Fixtures behind which a process or a server starts."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if STARTING & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
