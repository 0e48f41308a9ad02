"""Finds the data files of a folder: their kinds, their partitions, and what is left out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import unquote

from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["csv", "json", "parquet"]
SUFFIXES: Final[dict[str, Kind]] = {
    ".csv": "csv",
    ".csv.gz": "csv",
    ".json": "json",
    ".json.gz": "json",
    ".jsonl": "json",
    ".jsonl.gz": "json",
    ".ndjson": "json",
    ".ndjson.gz": "json",
    ".parquet": "parquet",
}
"""What a file's name ends in, and what it is read as; JSON is an object a line."""
NO_VALUE: Final = "__HIVE_DEFAULT_PARTITION__"
"""The folder of the rows whose partition column is empty, as Hive and Spark name it."""


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """A file to read."""

    path: Path
    suffix: str
    """One of ``SUFFIXES``."""
    folders: tuple[str, ...]
    """Those between the given folder and the file, such as ``year=2001``."""

    @property
    def kind(self) -> Kind:
        """The format."""
        return SUFFIXES[self.suffix]

    @property
    def compressed(self) -> bool:
        """Whether it is packed by gzip."""
        return self.suffix.endswith(".gz")

    @property
    def name(self) -> str:
        """Its path inside the given folder."""
        return "/".join([*self.folders, self.path.name])

    @property
    def key(self) -> str:
        """The Parquet file made of it, relative to the folder that holds them all."""
        stem = self.path.name[: -len(self.suffix)]
        return "/".join([*self.folders, f"{stem}.parquet"])

    @property
    def partition(self) -> dict[str, str | None]:
        """The partition columns, each with the text of its value; None where there is none."""
        pairs = (folder.split("=", 1) for folder in self.folders)
        return {column: None if value == NO_VALUE else unquote(value) for column, value in pairs}


@dataclass(frozen=True, kw_only=True)
class DataFolder:
    """What lies in the user's folder: the files to read, and those that are left out."""

    files: Sequence[DataFile]
    left_out: Sequence[Path]
    """Files of other kinds at any depth, hidden ones apart; relative to the folder."""


def data_files(folder: Path, *, partitions: Sequence[str] | None = ()) -> DataFolder:
    """Find the data files that lie directly in a folder, or in the folders of its partitions.

    Hidden files are left alone; files of other kinds (a README, say) are left out by name.

    Args:
        folder: The user's folder.
        partitions: The columns whose values are folders, from the outermost; None to take
            whatever folders ``column=value/`` there are.

    Raises:
        DataError: the folder is missing or holds no data file, a folder in it that is no
            partition holds some, a file is empty or may not be read, or two files would become
            the same Parquet file.
    """
    if not folder.exists():
        raise DataError(f"DATA={folder}: no such folder; give one with CSV, JSON or Parquet files")
    if not folder.is_dir():
        raise DataError(f"DATA={folder}: is a file; give the folder that it lies in")
    entries = sorted(_visible_entries(folder))
    files = [_file(entry, folder) for entry in entries if suffix_of(entry)]
    left_out = [entry.relative_to(folder) for entry in entries if not suffix_of(entry)]
    if not files:
        names = f"; it holds {', '.join(map(str, left_out[:5]))}" if left_out else ""
        raise DataError(f"DATA={folder}: holds no file that ends in {', '.join(SUFFIXES)}{names}")
    _refuse_other_folders(files, folder, partitions)
    for file in files:
        _refuse_empty(file.path)
    _refuse_namesakes(files)
    return DataFolder(files=files, left_out=left_out)


def partitions_of(file: DataFile) -> tuple[str, ...] | None:
    """The partition columns of the folders that a file lies in; None if they are no partitions."""
    pairs = [folder.partition("=") for folder in file.folders]
    if all(column and divider and value for column, divider, value in pairs):
        return tuple(column for column, _, _ in pairs)
    return None


def suffix_of(file: Path) -> str:
    """That of ``SUFFIXES`` which a file's name ends in, in small letters, or nothing."""
    name = file.name.lower()
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def _visible_entries(folder: Path) -> Iterator[Path]:
    """Everything but folders, at any depth; linked folders too, unless they lead in a circle."""
    visited = set()
    for root, folders, names in os.walk(folder, followlinks=True):
        place = Path(root)
        visited.add(place.resolve())
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (place / name).resolve() not in visited
        )
        for path in [place, *(place / name for name in folders)]:
            _refuse_unreadable(path)
        yield from (place / name for name in names if not name.startswith("."))


def _file(path: Path, folder: Path) -> DataFile:
    return DataFile(
        path=path, suffix=suffix_of(path), folders=path.relative_to(folder).parent.parts
    )


def _refuse_unreadable(path: Path) -> None:
    if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
        raise DataError(f"{path}: you may not read it; ask its owner, or copy it")


def _refuse_empty(file: Path) -> None:
    if not file.is_file():
        raise DataError(f"{file}: is no file, or a link to none; remove it or fetch it again")
    _refuse_unreadable(file)
    if file.stat().st_size == 0:
        raise DataError(f"{file}: is empty (0 bytes); remove it or fetch it again")


def _refuse_other_folders(
    files: Sequence[DataFile], folder: Path, partitions: Sequence[str] | None
) -> None:
    """Data that is left out would change the answers."""
    wanted = partitions_of(files[0]) or () if partitions is None else tuple(partitions)
    for file in files:
        if partitions_of(file) == wanted:
            continue
        if wanted:
            places = "".join(f"{column}=…/" for column in wanted)
            raise DataError(
                f"{file.path}: lies in no folder {folder}/{places}, as the others do or as the "
                "data set's partitions say; move it there, or correct partitions in its file "
                "of datasets/"
            )
        columns = ", ".join(f'"{column}"' for column in partitions_of(file) or ())
        raise DataError(
            f"{file.path}: lies in a folder inside DATA={folder}, and only files that lie directly "
            f"in it are read; move it there, or give DATA={file.path.parent}"
            + (f", or set partitions = [{columns}] in the data set's file" if columns else "")
        )


def _refuse_namesakes(files: Sequence[DataFile]) -> None:
    seen: dict[str, DataFile] = {}
    for file in files:
        other = seen.setdefault(file.key, file)
        if other is not file:
            raise DataError(
                f"{other.path.name} and {file.path.name} would both become {file.key}; "
                "rename one, or keep one if they hold the same rows"
            )
