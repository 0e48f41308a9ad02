"""Waits for what another process does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 60.0


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait until a condition holds; the limit only keeps a broken test from hanging."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        result = condition()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError(f"waited {SECONDS:.0f} s in vain for {what}")
