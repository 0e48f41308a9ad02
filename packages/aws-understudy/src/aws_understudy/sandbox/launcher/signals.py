"""Signals as bytes to wait for, on every system."""

from __future__ import annotations

import os
import select
import signal


class Signals:
    """Collects signals from now on; they interrupt nothing."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        self._read, write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(write, False)
        for number in numbers:
            signal.signal(number, _nothing)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)

    def wait(self, seconds: float, also: int = -1) -> bytes:
        """The signals since the last call; waits for one, or for the descriptor ``also``."""
        watched = [self._read] if also < 0 else [self._read, also]
        ready, _, _ = select.select(watched, [], [], max(0.0, seconds))
        return os.read(self._read, 512) if self._read in ready else b""


def _nothing(_number: int, _frame: object) -> None:
    pass
