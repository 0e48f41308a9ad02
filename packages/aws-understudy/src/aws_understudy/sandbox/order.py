"""What the launcher reads and leaves, as JSON: its order, and how the command ended."""

from __future__ import annotations

import typing


class Order(typing.TypedDict):
    """One command and all that holds for it."""

    level: str
    """``namespaces``, ``landlock`` or ``process group``."""
    parent: int
    """The process with which all ends."""
    command: list[str]
    folder: str
    """The working folder, as the command sees it; empty for the launcher's own."""
    unset: list[str]
    """Variables of the launcher's environment that the command does not get."""
    set: dict[str, str]
    writable: list[list[str]]
    """Pairs: the folder, and where the command sees it (only with namespaces)."""
    readable: list[list[str]]
    tmp_bytes: int
    """The size of a /tmp in memory; 0 where a folder is given for it."""
    shm_bytes: int
    """The size of /dev/shm; 0 for none."""
    stage: str
    """An empty folder, on which the new root is mounted."""
    network: bool
    memory_bytes: int
    processes: int
    disk_bytes: int
    """Of the writable folders together, and of each file."""
    open_files: int
    nice: int
    """The priority of the command; the watcher's may be higher."""
    grace_seconds: float
    """How long the command has between the request to end and its end."""
    report: str
    """The file in which the launcher leaves how it went."""


class Ending(typing.TypedDict):
    """How the command ended; ``limit`` names the limit that ended it, else it is empty."""

    status: int
    """As the system call wait tells it."""
    peak_bytes: int
    limit: str
    amount: int
    """What it used of what is limited, in bytes or in processes and threads."""
