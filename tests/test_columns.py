"""A column's name is written in its data set's own files, and nowhere else."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from config.loader import load_dataset
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DATASETS = sorted(path.stem for path in (ROOT / "datasets").glob("*.toml"))
PROSE_AND_PROOFS = ("tests/", "docs/", "packages/", "README.md", "CHANGELOG.md")
"""What may speak of the example: documents, and tests, which have it as their material."""
ELSEWHERE = {"id", "name", "number", "text", "type", "year"}
"""Names of columns that are words of every program."""


def own_files(name: str) -> tuple[str, ...]:
    return (f"datasets/{name}.", f"queries/{name}/", f"dashboards/{name}.toml")


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    return [ROOT / name for name in listed if name and not name.startswith(PROSE_AND_PROOFS)]


@pytest.mark.parametrize("name", DATASETS)
def test_a_column_is_named_by_its_data_sets_own_files_only(name: str) -> None:
    dataset = load_dataset(ROOT / "datasets" / f"{name}.toml")
    old_names = {old for rename in dataset.renames for old in rename.columns}
    columns = (dataset.columns.keys() | old_names) - ELSEWHERE
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(columns)))})\b")
    files = [
        path
        for path in tracked_files()
        if path.is_file() and not str(path.relative_to(ROOT)).startswith(own_files(name))
    ]

    second_places = [
        f"{path.relative_to(ROOT)} names {match[0]}"
        for path in files
        if (match := pattern.search(path.read_text(encoding="utf-8", errors="replace")))
    ]

    assert columns
    assert len(files) > 100  # an empty list would prove nothing
    assert second_places == []
