"""Small data folders, and the settings they are prepared with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.dataset import Column, Dataset, Rename

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
REAL_DATA = ROOT.parent / "shared" / "data" / "sea-around-us"


@pytest.fixture
def dataset() -> Dataset:
    return Dataset(
        name="catch",
        home=ROOT,
        title="Catches",
        columns={
            "year": Column(type="whole", role="time"),
            "fishing_entity": Column(type="text", role="category"),
            "tonnes": Column(type="fraction", role="number"),
        },
        renames=(Rename(files="*EEZ*", columns={"country": "fishing_entity"}),),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes text files, each given by its name without .csv, into a folder."""

    def write(**files: str) -> Path:
        target = tmp_path / "data"
        target.mkdir(exist_ok=True)
        for name, text in files.items():
            (target / f"{name}.csv").write_text(text)
        return target

    return write


@pytest.fixture(scope="session")
def real_data() -> Path:
    if not REAL_DATA.is_dir():
        pytest.skip(f"the real catch data is not at {REAL_DATA} (its licence forbids to ship it)")
    return REAL_DATA
