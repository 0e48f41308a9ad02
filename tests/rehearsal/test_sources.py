"""Promises of the user's folder: each data set takes its own files, and none is left over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config import load
from rehearsal.errors import DataError
from rehearsal.sources import folders_of

if TYPE_CHECKING:
    from pathlib import Path

CATCH = load("dev").dataset("catch")
PORTS = CATCH.model_copy(update={"name": "ports"})


def test_a_single_data_set_takes_the_folder_itself(tmp_path: Path) -> None:
    assert folders_of(tmp_path, [CATCH]) == {"catch": tmp_path}


def test_several_take_the_folders_named_after_them(tmp_path: Path) -> None:
    (tmp_path / "ports").mkdir()
    assert folders_of(tmp_path, [CATCH, PORTS]) == {"ports": tmp_path / "ports"}


def test_without_a_folder_no_data_set_has_files() -> None:
    assert folders_of(None, [CATCH]) == {}


def test_a_folder_of_no_data_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "boats").mkdir()
    with pytest.raises(DataError, match="boats is named after no data set; there are catch, ports"):
        folders_of(tmp_path, [CATCH, PORTS])


def test_files_beside_the_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "catch").mkdir()
    (tmp_path / "loose.csv").write_text("a\n1\n")
    with pytest.raises(DataError, match=r"loose\.csv: lies beside the data sets"):
        folders_of(tmp_path, [CATCH, PORTS])


def test_files_for_nobody_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the settings have no data set"):
        folders_of(tmp_path, [])
