"""Measures what the processes of a sandbox use."""

from __future__ import annotations

import os
import stat


def processes_here() -> list[int]:
    """Every process of this PID namespace but the first."""
    return [int(name) for name in os.listdir("/proc") if name.isdecimal() and name != "1"]


def descendants(root: int) -> list[int]:
    """Every living process under one; none where the system has no /proc."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        if name.isdecimal():
            children.setdefault(_parent(name), []).append(int(name))
    processes, pending = [], [root]
    while pending:
        pending = [child for parent in pending for child in children.get(parent, ())]
        processes += pending
    return processes


def memory_and_threads(processes: list[int]) -> tuple[int, int]:
    """Bytes in memory, counting shared ones for each process, and the number of threads."""
    size = threads = 0
    for process in processes:
        for line in _lines(f"/proc/{process}/status"):
            if line.startswith("VmRSS:"):
                size += int(line.split()[1]) * 1024
            elif line.startswith("Threads:"):
                threads += int(line.split()[1])
    return size, threads


def own_memory(processes: list[int]) -> int:
    """Bytes that are the processes' own, shared ones counted once; slower."""
    size = 0
    for process in processes:
        lines = _lines(f"/proc/{process}/smaps_rollup")
        for line in lines:
            if line.startswith(("Pss_Anon:", "Pss_Shmem:")):
                size += int(line.split()[1]) * 1024
        if not lines:  # it hides: count all it holds
            size += memory_and_threads([process])[0]
    return size


def memory_files() -> int:
    """Bytes of files in /dev/shm, which are memory, too."""
    try:
        filesystem = os.statvfs("/dev/shm")  # noqa: S108 - it is only measured
    except OSError:
        return 0
    return (filesystem.f_blocks - filesystem.f_bfree) * filesystem.f_frsize


def disk(folders: list[str], apart: frozenset[str]) -> int:
    """Bytes that the folders and the file at standard output take, holes included.

    Args:
        folders: what to count.
        apart: folders within that are somebody else's.
    """
    output = os.fstat(1)
    size = output.st_blocks * 512 if stat.S_ISREG(output.st_mode) else 0
    pending = list(folders)
    while pending:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    size += max(status.st_blocks * 512, status.st_size)
                    if entry.is_dir(follow_symlinks=False) and entry.path not in apart:
                        pending.append(entry.path)
        except OSError:
            continue  # it is gone already
    return size


def _parent(process: str) -> int:
    for line in _lines(f"/proc/{process}/stat"):
        # The name in parentheses may hold spaces; the parent is the second field after it.
        return int(line.rpartition(")")[2].split()[1])
    return 0


def _lines(path: str) -> list[str]:
    try:
        with open(path, errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []  # it has ended
