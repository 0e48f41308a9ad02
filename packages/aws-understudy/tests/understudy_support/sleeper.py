"""A process that would outlive any test, found by a name of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Sleeper:
    """A process that sleeps for longer than any test."""

    name: str = field(default_factory=lambda: f"sleeper-{uuid.uuid4().hex}")

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-c", f"import time; time.sleep(600)  # {self.name}"]

    @property
    def detached(self) -> str:
        """A script that starts it in a session of its own."""
        return (
            "import subprocess, sys, time\n"
            f"subprocess.Popen({self.command!r}, start_new_session=True, close_fds=True,"
            " stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
            "print('started', flush=True)\n"
        )

    def lives(self) -> bool:
        """Whether it runs, as seen in /proc."""
        return bool(self._processes())

    def end(self) -> None:
        """End it, where what should have ended it did not."""
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _processes(self) -> list[int]:
        entries = [entry for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        return [int(entry.name) for entry in entries if self._sleeps(entry)]

    def _sleeps(self, process: Path) -> bool:
        try:
            arguments = (process / "cmdline").read_text().split("\0")
        except OSError:
            return False  # it has ended
        return arguments[:1] != [""] and self.command[1:] == arguments[1:3]
