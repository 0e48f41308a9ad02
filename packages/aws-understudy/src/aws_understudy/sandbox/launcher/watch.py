"""Watches the command: passes signals on, ends it at its limits, and ends what it left."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from aws_understudy.sandbox.launcher import usage
from aws_understudy.sandbox.launcher.signals import Signals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aws_understudy.sandbox.order import Ending, Order

SIGNALS = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
_AT_ONCE = signal.SIGQUIT
_SHORTEST, _LONGEST, _IDLE = 0.02, 0.1, 0.5
"""Seconds between two looks: at a command that grows, and at most; at one that rests."""
_BYTES_A_SECOND = 8 << 30
"""How fast memory can be taken; the less is left, the sooner it is looked at again."""
_DISK_SHARE = 20
"""The disk is looked at again after this many times as long as it took."""
_DISK_SECONDS = 0.5


class Watch:
    """One command from its start to the end of all that it started."""

    def __init__(self, order: Order, *, first: bool) -> None:
        """Take over the signals.

        Args:
            order: what holds for the command.
            first: whether this is the first process of a PID namespace.
        """
        self._order = order
        self._first = first
        self._launcher = os.getppid()
        self._signals = Signals(SIGNALS)
        self._main = 0
        self._status: int | None = None
        self._peak = self._used = 0
        self._pause = _SHORTEST
        self._limit, self._amount = "", 0
        self._kill_at = self._disk_at = 0.0
        places = order["writable"]
        self._folders = [inside if first else source for source, inside in places]
        self._apart = frozenset(inside for _, inside in order["readable"])

    def until_end(self, main: int) -> Ending:
        """Wait for the command's end."""
        self._main = main
        while self._status is None:
            self._heed(self._signals.wait(self._pause))
            if not self._first and os.getppid() != self._launcher:
                self._end_all()  # where no signal tells of it
            self._reap()
            if self._status is None:
                self._pause = self._measure()
        self._measure_disk()
        self._end_all()
        return {
            "status": self._status,
            "peak_bytes": self._peak,
            "limit": self._limit,
            "amount": self._amount,
        }

    def _heed(self, numbers: bytes) -> None:
        for number in numbers:
            if number == _AT_ONCE:
                self._end_all()
            elif number != signal.SIGCHLD:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._main, number)
                self._kill_at = self._kill_at or time.monotonic() + self._order["grace_seconds"]
        if self._kill_at and time.monotonic() > self._kill_at:
            self._end_all()

    def _reap(self) -> None:
        while True:
            try:
                process, status, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if process == 0:
                return
            if process == self._main:
                self._status = status
            kilobytes = used.ru_maxrss if os.uname().sysname == "Linux" else used.ru_maxrss // 1024
            self._peak = max(self._peak, kilobytes * 1024)

    def _measure(self) -> float:
        """Look at what is used; the result is when to look again."""
        most = self._order["memory_bytes"]
        processes = self._processes()
        if len(processes) > self._order["processes"]:
            self._exceeded("processes", len(processes))
        used, threads = usage.memory_and_threads(processes)
        files = usage.memory_files() if self._order["shm_bytes"] else 0
        if used + files > most:
            used = usage.own_memory(processes)
        self._peak = max(self._peak, used + files)
        if used + files > most:
            self._exceeded("memory", used + files)
        elif threads > self._order["processes"]:
            self._exceeded("processes", threads)
        elif time.monotonic() >= self._disk_at:
            self._measure_disk()
        rests, self._used = used + files == self._used, used + files
        if rests:
            return min(_IDLE, self._pause * 2)
        return min(_LONGEST, max(_SHORTEST, (most - used - files) / _BYTES_A_SECOND))

    def _measure_disk(self) -> None:
        began = time.monotonic()
        used = usage.disk(self._folders, self._apart)
        ended = time.monotonic()
        self._disk_at = ended + max(_DISK_SECONDS, (ended - began) * _DISK_SHARE)
        if used > self._order["disk_bytes"]:
            self._exceeded("disk", used)

    def _exceeded(self, limit: str, amount: int) -> None:
        if not self._limit:
            self._limit, self._amount = limit, amount
        self._end_all()

    def _processes(self) -> list[int]:
        return usage.processes_here() if self._first else usage.descendants(os.getpid())

    def _end_all(self) -> None:
        if self._first:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
            return
        if not self._main:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._main, signal.SIGKILL)
        # Those that left the group come to this process when their parents end. They are held
        # before they are ended, so that none starts another meanwhile.
        while left := self._processes():
            for number in (signal.SIGSTOP, signal.SIGKILL):
                for process in left:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(process, number)
            self._reap()
            time.sleep(0.001)
