"""Turns the signals that end a program into an exception, so that everything is cleaned up."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rehearsal.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
EXIT_INTERRUPTED = 130


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise ``Interrupted`` at the first signal, and ignore further ones: cleaning up is under way.

    Raises:
        Interrupted: a signal came.
    """

    def interrupt(number: int, _frame: FrameType | None) -> None:
        for ending in ENDING:
            signal.signal(ending, signal.SIG_IGN)
        raise Interrupted(signal.Signals(number).name)

    before = {ending: signal.signal(ending, interrupt) for ending in ENDING}
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)
