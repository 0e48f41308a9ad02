"""Finds and ends the processes that the emulator started, so that none outlives it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections import defaultdict
from pathlib import Path


def descendants(root: int) -> list[int]:
    """Every living process under ``root``, children before grandchildren."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for child, parent in _parents().items():
        children[parent].append(child)
    processes: list[int] = []
    pending = [root]
    while pending:
        pending = [child for parent in pending for child in children[parent]]
        processes.extend(pending)
    return processes


def kill_descendants(root: int) -> None:
    """Send SIGKILL to every process under ``root``; one that is gone already is no fault."""
    for process in descendants(root):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _parents() -> dict[int, int]:
    if Path("/proc/self/stat").exists():
        return _parents_from_proc()
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    pairs = (line.split() for line in listing.stdout.splitlines())
    return {int(process): int(parent) for process, parent in pairs}


def _parents_from_proc() -> dict[int, int]:
    parents = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        with contextlib.suppress(OSError):
            # The name in parentheses may hold spaces; the parent is the second field after it.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(fields[1])
    return parents
