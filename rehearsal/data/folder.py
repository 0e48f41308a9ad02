"""Finds the data files of a folder, and refuses what is surely not data."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rehearsal.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".csv", ".parquet")


def data_files(folder: Path) -> list[Path]:
    """List the CSV and Parquet files that lie directly in a folder, by name.

    Hidden files and files of other kinds (a README, say) are left alone.

    Raises:
        DataError: the folder is missing or holds no data file, a folder in it holds some, a file
            is empty or may not be read, or two files would become the same Parquet file.
    """
    if not folder.exists():
        raise DataError(f"DATA={folder}: no such folder; give one with CSV or Parquet files")
    if not folder.is_dir():
        raise DataError(f"DATA={folder}: is a file; give the folder that it lies in")
    _refuse_unreadable(folder)
    files = sorted(file for file in folder.iterdir() if _is_data(file))
    _refuse_files_further_down(folder)
    if not files:
        raise DataError(f"DATA={folder}: holds no file that ends in {' or '.join(SUFFIXES)}")
    for file in files:
        _refuse_unreadable(file)
        if file.stat().st_size == 0:
            raise DataError(f"{file}: is empty (0 bytes); remove it or fetch it again")
    _refuse_namesakes(files)
    return files


def _is_data(file: Path) -> bool:
    return file.is_file() and not file.name.startswith(".") and file.suffix.lower() in SUFFIXES


def _refuse_unreadable(path: Path) -> None:
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        raise DataError(f"{path}: you may not read it; ask its owner, or copy it")


def _refuse_files_further_down(folder: Path) -> None:
    """Files that are left out in silence would change the answers."""
    for file in sorted(folder.glob("*/*")):
        if _is_data(file) and not file.parent.name.startswith("."):
            raise DataError(
                f"{file}: lies in a folder inside DATA={folder}, and only files that lie directly "
                f"in it are read; move it there, or give DATA={file.parent}"
            )


def _refuse_namesakes(files: list[Path]) -> None:
    seen: dict[str, Path] = {}
    for file in files:
        other = seen.setdefault(file.stem, file)
        if other is not file:
            raise DataError(
                f"{other.name} and {file.name} would both become {file.stem}.parquet; "
                "rename one, or keep one if they hold the same rows"
            )
