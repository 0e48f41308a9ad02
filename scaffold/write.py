"""Writes files that are not there yet: all of them, or none."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from config import load
from config.dashboard_file import read_dashboard
from config.query_file import read_queries
from scaffold.errors import ScaffoldError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def refuse_existing(folder: Path, paths: Iterable[str]) -> None:
    """Refuse to overwrite.

    Raises:
        ScaffoldError: it names every file that is there already.
    """
    existing = [path for path in paths if (folder / path).exists()]
    if existing:
        raise ScaffoldError(
            f"{', '.join(existing)}: there already, and nothing is overwritten; choose another "
            "NAME, or remove what you made before"
        )


def check(files: Mapping[str, str], *, name: str) -> None:
    """Read the files as the project does, before they are written where they belong.

    Raises:
        ConfigError: one of them does not hold; nothing has been written then.
    """
    with TemporaryDirectory(prefix="make-new-") as temporary:
        folder = Path(temporary)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        settings = load(str(folder / "config" / f"{name}.toml"))
        for dataset in settings.datasets:
            read_queries(dataset)
            read_dashboard(dataset)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write every file; what is written goes again if one cannot be.

    Raises:
        OSError: a file cannot be written.
    """
    written: list[Path] = []
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                written.append(path)
                file.write(text)
    except BaseException:
        for path in written:
            path.unlink()
        raise
