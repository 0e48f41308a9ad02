"""Space: the clone can be written to, and disk and memory are enough."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doctor.finding import good, stop, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doctor.finding import Finding
    from doctor.machine import Machine

GIGABYTE: Final = 10**9
INSTALLED: Final = 1.7 * GIGABYTE
"""What ``make setup`` leaves in .venv and node_modules."""
DEMO: Final = 0.5 * GIGABYTE
"""What a demo leaves in build."""
MEMORY: Final = 1.5 * GIGABYTE
"""What a demo with its emulator, synthesis and jobs takes at most."""


def writable(machine: Machine) -> Iterator[Finding]:
    """The clone can be written to: what is installed and built lies in it."""
    try:
        with tempfile.TemporaryFile(dir=machine.root):
            yield good("clone", f"{machine.root} can be written to")
    except OSError as error:
        yield stop(
            "clone",
            f"{machine.root} cannot be written to ({error.strerror})",
            "see to its permissions, or clone into a folder of your own: what is installed and "
            "built lies in the clone",
        )


def disk(machine: Machine) -> Iterator[Finding]:
    """There is room for what is installed, and for a demo."""
    installed = (machine.root / ".venv" / ".packages").exists()
    needed = DEMO if installed else INSTALLED + DEMO
    free = shutil.disk_usage(machine.root).free
    text = f"{free / GIGABYTE:.1f} GB free, {needed / GIGABYTE:.1f} GB needed"
    if free < needed:
        yield stop("disk", text, "make room: `make clean` deletes what was built")
    else:
        yield good("disk", text)


def memory(_machine: Machine) -> Iterator[Finding]:
    """There is memory for a demo; where the system does not say how much, nothing is said."""
    try:
        available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return
    available = max(available, _available_by_linux())
    text = f"{available / GIGABYTE:.1f} GB free, a demo takes {MEMORY / GIGABYTE:.1f} GB"
    if available < MEMORY:
        yield warning("memory", text, "end other programs, or the demo may be ended by the system")
    else:
        yield good("memory", text)


def _available_by_linux() -> int:
    """What Linux would give to a program, caches included; 0 elsewhere."""
    try:
        with Path("/proc/meminfo").open(encoding="ascii") as file:
            lines = dict(line.split(":", 1) for line in file)
    except OSError:
        return 0
    return int(lines["MemAvailable"].split()[0]) * 1024
