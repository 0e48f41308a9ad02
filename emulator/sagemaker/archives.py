"""Unpacks the archives that jobs and models bring, on every Python that the project supports."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

from emulator.sagemaker.failures import JobFailedError

if TYPE_CHECKING:
    from pathlib import Path


def unpack(packed: bytes, folder: Path, *, uri: str, of: str) -> None:
    """Unpack a gzipped tar archive into a folder, and nothing outside it.

    Args:
        packed: The archive.
        folder: Where its members go.
        uri: How an error message calls the archive.
        of: What the archive should hold, for an error message.

    Raises:
        JobFailedError: it is no such archive, or a member leads out of the folder.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
            if hasattr(tarfile, "data_filter"):
                archive.extractall(folder, filter="data")
            else:  # Python 3.11.0 to 3.11.3
                _refuse_what_leads_out(archive, folder)
                archive.extractall(folder)  # noqa: S202 - every member was looked at
    except (tarfile.TarError, OSError, EOFError) as error:
        raise JobFailedError(f"{uri} is no gzipped tar archive of {of}: {error}") from error


def _refuse_what_leads_out(archive: tarfile.TarFile, folder: Path) -> None:
    root = folder.resolve()
    for member in archive:
        if not (member.isfile() or member.isdir()):
            raise tarfile.ReadError(f"{member.name!r} is neither a file nor a folder")
        if not (root / member.name).resolve().is_relative_to(root):
            raise tarfile.ReadError(f"{member.name!r} leads out of the folder")
