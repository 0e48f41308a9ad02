"""Waits for what AWS does after its answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE_SECONDS = 5
TRIES = 240
"""Twenty minutes in all."""


def wait_until(condition: Callable[[], bool], *, problem: str) -> None:
    """Ask for a condition until it holds.

    Args:
        condition: asks AWS.
        problem: the sentence that is true as long as it does not hold.

    Raises:
        RehearsalError: it does not hold after twenty minutes.
    """
    for _ in range(TRIES):
        if condition():
            return
        time.sleep(PAUSE_SECONDS)
    minutes = TRIES * PAUSE_SECONDS // 60
    raise RehearsalError(
        f"after {minutes} minutes {problem}; see to it in the console, and give the command again: "
        "it goes on from here"
    )
