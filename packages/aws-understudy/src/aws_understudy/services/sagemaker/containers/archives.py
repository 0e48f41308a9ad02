"""Unpacks the archives that jobs and models bring, on every Python that the project supports."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING, Final

from aws_understudy.services.sagemaker.containers.failures import JobFailedError

if TYPE_CHECKING:
    from pathlib import Path

_MEBIBYTE: Final = 1 << 20
_MOST_MEMBERS: Final = 100_000
_ALWAYS_ALLOWED: Final = 256 * _MEBIBYTE
_MOST_RATIO: Final = 100
"""Code and models seldom shrink to a fifth; what grows hundredfold is made to fill a disk."""


def unpack(packed: bytes, folder: Path, *, uri: str, of: str, disk_bytes: int) -> None:
    """Unpack a gzipped tar archive into a folder, and nothing outside it.

    Args:
        packed: The archive.
        folder: Where its members go.
        uri: How an error message calls the archive.
        of: What the archive should hold, for an error message.
        disk_bytes: The size of the container's disk.

    Raises:
        JobFailedError: it is no such archive, it grows too large, or a member leads out of the
            folder.
    """
    most = min(disk_bytes, max(_ALWAYS_ALLOWED, len(packed) * _MOST_RATIO))
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            _extract(archive, folder, most=most)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise JobFailedError(f"{uri} is no gzipped tar archive of {of}: {error}") from error
    except _TooLargeError as error:
        raise JobFailedError(f"{uri} is not unpacked: {error}") from error


class _TooLargeError(Exception):
    """An archive holds more than is unpacked; the message says how much that is."""


def _extract(archive: tarfile.TarFile, folder: Path, *, most: int) -> None:
    size = 0
    # One member after another: an archive that goes on for ever ends at its bound.
    for count, member in enumerate(archive, start=1):
        size += member.size
        if count > _MOST_MEMBERS:
            raise _TooLargeError(f"it holds more than {_MOST_MEMBERS:,} files.")
        if size > most:
            raise _TooLargeError(
                f"its {member.name!r} makes it larger than {most / _MEBIBYTE:,.0f} MiB."
            )
        if hasattr(tarfile, "data_filter"):
            archive.extract(member, folder, filter="data")
        else:  # Python 3.11.0 to 3.11.3
            _refuse_what_leads_out(member, folder)
            archive.extract(member, folder)


def _refuse_what_leads_out(member: tarfile.TarInfo, folder: Path) -> None:
    root = folder.resolve()
    if not (member.isfile() or member.isdir()):
        raise tarfile.ReadError(f"{member.name!r} is neither a file nor a folder")
    if not (root / member.name).resolve().is_relative_to(root):
        raise tarfile.ReadError(f"{member.name!r} leads out of the folder")
