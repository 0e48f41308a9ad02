"""Promises of `make new`: what it refuses, and that nothing is written then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scaffold.command import ROOT, main
from scaffold.write import write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scaffold.making import Scaffold

ROWS = "".join(f"{n},{n % 3},same,,t{n},2001-01-0{1 + n % 9}\n" for n in range(100))
FILE = f"id,kind,constant,nothing,text,day\n{ROWS}"


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("My Houses", "my_houses"),
        ("café", "cafe"),
        ("2024", "data_2024"),
        ("select", "select_data"),
        ("table", "table_data"),
        ("a/../b", "a_b"),
        ("_x", "x"),
        ("价", "data"),
        ("x" * 41, "x" * 40),
        ("--help", "help"),
    ],
)
def test_a_name_that_no_table_can_have_is_refused_with_one_that_it_can(
    scaffold: Scaffold, capsys: pytest.CaptureFixture[str], name: str, suggestion: str
) -> None:
    scaffold.write("a.csv", FILE)
    assert f"use NAME={suggestion}\n" in scaffold.refusal(capsys, f"--name={name}")


@pytest.mark.parametrize("option", ["--name", "--data"])
def test_a_missing_setting_is_named(
    scaffold: Scaffold, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    scaffold.write("a.csv", FILE)
    assert f"{option[2:].upper()} is missing" in scaffold.refusal(capsys, f"{option}=")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("price", "'price' is no column of the files; there are id, kind, constant"),
        ("constant", "has one value only, 'same'"),
        ("nothing", "has no value in any row"),
        ("text", "has another text in every row"),
        ("day", "is a date, and a model predicts numbers or kinds"),
    ],
)
def test_a_target_of_which_nothing_can_be_learned_is_refused_with_columns_that_are_there(
    scaffold: Scaffold, capsys: pytest.CaptureFixture[str], target: str, reason: str
) -> None:
    scaffold.write("a.csv", FILE)
    message = scaffold.refusal(capsys, f"--target={target}")
    assert reason in message
    assert "kind" in message


def test_a_target_without_anything_to_predict_it_from_is_refused(
    scaffold: Scaffold, capsys: pytest.CaptureFixture[str]
) -> None:
    scaffold.write("a.csv", "text,y\n" + "".join(f"t{n},{n}\n" for n in range(100)))
    assert "no other column is a number or a category" in scaffold.refusal(capsys, "--target=y")


@pytest.mark.parametrize(
    "path",
    ["datasets/mine.toml", "config/mine.toml", "queries/mine/mine_overview.sql",
     "queries/mine/reference/mine_by_kind.sql", "dashboards/mine.toml"],
)  # fmt: skip
def test_a_file_that_is_there_is_never_overwritten(
    scaffold: Scaffold, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    scaffold.write("a.csv", FILE)
    existing = scaffold.into / path
    existing.parent.mkdir(parents=True)
    existing.write_text("mine")
    assert f"{path}: there already" in scaffold.refusal(capsys)
    assert existing.read_text() == "mine"


def test_a_second_run_is_refused(scaffold: Scaffold, capsys: pytest.CaptureFixture[str]) -> None:
    scaffold.write("a.csv", FILE)
    scaffold.make()
    message = scaffold.refusal(capsys)
    assert "datasets/mine.toml, config/mine.toml: there already" in message


def test_what_comes_with_the_project_is_not_overwritten(
    scaffold: Scaffold, capsys: pytest.CaptureFixture[str]
) -> None:
    scaffold.write("a.csv", FILE)
    before = (ROOT / "datasets" / "catch.toml").read_bytes()
    assert main(["--name=catch", f"--data={scaffold.data}"]) == 2
    assert "datasets/catch.toml: there already" in capsys.readouterr().err
    assert (ROOT / "datasets" / "catch.toml").read_bytes() == before


def test_an_empty_folder_is_refused(scaffold: Scaffold, capsys: pytest.CaptureFixture[str]) -> None:
    scaffold.data.mkdir()
    assert "holds no file that ends in .csv" in scaffold.refusal(capsys)


def test_a_folder_that_is_not_there_is_refused(
    scaffold: Scaffold, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no such folder" in scaffold.refusal(capsys, "--data=/nowhere/at all")


@pytest.mark.parametrize("data", ["a\0b", "~nobody-of-that-name/x", "x" * 5000])
def test_a_folder_that_none_can_be_is_refused(
    scaffold: Scaffold, capsys: pytest.CaptureFixture[str], data: str
) -> None:
    assert "DATA=" in scaffold.refusal(capsys, f"--data={data}")


def test_a_header_alone_is_refused(scaffold: Scaffold, capsys: pytest.CaptureFixture[str]) -> None:
    scaffold.write("a.csv", "x,y\n")
    assert "a.csv: has a header but no rows" in scaffold.refusal(capsys)


def test_a_partition_with_a_name_that_no_column_can_have_is_refused(
    scaffold: Scaffold, capsys: pytest.CaptureFixture[str]
) -> None:
    scaffold.write("Year=2001/a.csv", "x\n1\n")
    assert "rename them to year=…/" in scaffold.refusal(capsys)


def test_what_was_written_goes_again_where_one_file_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a file, where a folder has to be")
    with pytest.raises(OSError, match="b"):
        write(tmp_path, {"a/x": "1", "b/x": "2"})
    assert not (tmp_path / "a" / "x").exists()
