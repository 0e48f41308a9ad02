"""What a sandboxed command may use."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_MACHINE_SHARE: Final = 0.9


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds; the machine's own are in force where they are lower."""

    memory_bytes: int
    disk_bytes: int
    """Of all writable folders together."""
    whose: str
    """Where they come from, for messages: an instance type, a function."""
    processes: int = 4096
    """Threads count, too."""
    open_files: int = 65536
    shared_memory: bool = True
    """Whether there is a /dev/shm, as large as the memory."""

    def on_this_machine(self, folder: Path) -> tuple[int, int]:
        """Bytes of memory, and of disk where the folder lies, that are really allowed."""
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        free = shutil.disk_usage(folder).free
        return (
            min(self.memory_bytes, int(pages * _MACHINE_SHARE)),
            min(self.disk_bytes, int(free * _MACHINE_SHARE)),
        )
