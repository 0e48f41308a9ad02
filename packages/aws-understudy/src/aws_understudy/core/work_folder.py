"""Claims the folder in which an emulator works: what a killed one left goes, nothing else does."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MARK = ".emulator"
"""The file that makes a folder an emulator's own; it holds the number of its process."""


class WorkFolderError(Exception):
    """The folder is somebody else's; the message says whose, and the way out."""


def claim(folder: Path) -> None:
    """Make the folder, empty, this process' own.

    Raises:
        WorkFolderError: another emulator works there, or it holds what none made.
    """
    mark = folder / _MARK
    if mark.is_file():
        owner = mark.read_text()
        if owner.isdecimal() and _runs(int(owner)):
            raise WorkFolderError(
                f"process {owner} works in {folder}. Stop it, or give another folder with --dir."
            )
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        raise WorkFolderError(
            f"{folder} holds files that are not an emulator's; it would delete them at its end. "
            "Move them, or give another folder with --dir."
        )
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text(str(os.getpid()))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is another user's
    return True
