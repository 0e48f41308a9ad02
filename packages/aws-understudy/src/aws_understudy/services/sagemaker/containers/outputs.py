"""Reads what a container left, which nobody can trust: no link is followed, no device is opened."""

from __future__ import annotations

import os
import stat
import tarfile
from typing import TYPE_CHECKING, BinaryIO, Final

from aws_understudy.services.sagemaker.containers.failures import JobFailedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KINDS: Final = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def files_below(folder: Path, *, root: Path) -> list[Path]:
    """Every file below a folder, in the order of their paths; an absent folder holds none.

    Args:
        folder: where to look.
        root: the folder of the container, in which the other lies.

    Raises:
        JobFailedError: a link, a device, a pipe or a socket lies there, or the folder is one.
    """
    return sorted(_files(folder, root)) if _is_there(folder, root) else []


def pack(folder: Path, archive: Path, *, root: Path) -> bool:
    """Write the content of a folder as a gzipped tar archive; links stay links.

    Returns:
        Whether there was anything.

    Raises:
        JobFailedError: the folder is a link, or a device, a pipe or a socket lies in it.
    """
    entries = sorted(folder.iterdir()) if _is_there(folder, root) else []
    with tarfile.open(archive, mode="w:gz") as packed:
        for entry in entries:
            packed.add(entry, arcname=entry.name, filter=lambda member: _packable(member, folder))
    return bool(entries)


def tail_of(path: Path, *, root: Path, most: int) -> str:
    """The last bytes of a file that a container may have written, as text; else nothing."""
    try:
        if not _is_there(path.parent, root) or not stat.S_ISREG(path.lstat().st_mode):
            return ""
        with open_left(path) as file:
            file.seek(max(0, path.lstat().st_size - most))
            return file.read(most).decode(errors="replace")
    except (OSError, JobFailedError):
        return ""


def open_left(path: Path) -> BinaryIO:
    """Open a file that a container left; a link in its place is an OSError."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _is_there(folder: Path, root: Path) -> bool:
    """Whether a folder is there; the container may have replaced any part of its path."""
    place = root
    for name in folder.relative_to(root).parts:
        place /= name
        try:
            mode = place.lstat().st_mode
        except FileNotFoundError:
            return False
        if not stat.S_ISDIR(mode):
            raise _refused(place, root, mode)
    return True


def _files(folder: Path, root: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            yield from _files(path, root)
        elif stat.S_ISREG(mode):
            yield path
        else:
            raise _refused(path, root, mode)


def _packable(member: tarfile.TarInfo, folder: Path) -> tarfile.TarInfo:
    if not (member.isfile() or member.isdir() or member.issym() or member.islnk()):
        path = folder / member.name
        raise _refused(path, folder, path.lstat().st_mode)
    return member


def _refused(path: Path, root: Path, mode: int) -> JobFailedError:
    kind = _KINDS.get(stat.S_IFMT(mode), "no folder")
    return JobFailedError(
        f"The output {path.relative_to(root)} is {kind}; only files and folders are taken. "
        "Write the content itself there."
    )
