"""Reads how much memory a process has used at most."""

from __future__ import annotations

from pathlib import Path


def peak_rss_bytes(pid: int) -> int:
    """The high-water mark of a living process' resident memory; 0 where /proc does not say.

    ``wait4`` would tell it after the end, but counts the parent's memory at the fork as well:
    a child of a large emulator would seem large.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
