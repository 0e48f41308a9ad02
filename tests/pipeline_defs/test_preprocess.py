from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.pipeline_defs.conftest import catches, load_step, prepare, run_step

if TYPE_CHECKING:
    from pathlib import Path

preprocess = load_step("preprocess")


def refused(folder: Path) -> str:
    done = run_step("preprocess", "--input", folder, "--output", folder / "out")
    assert done.returncode == 1
    return done.stderr


def test_test_years_come_after_validation_years_and_these_after_training_years(sets: Path) -> None:
    train, validation, test = (
        pd.read_csv(sets / name / "catches.csv")["year"] for name in ("train", "validation", "test")
    )
    assert train.max() < validation.min()
    assert validation.max() < test.min()


def test_no_row_is_lost_or_doubled(sets: Path) -> None:
    parts = [pd.read_csv(sets / n / "catches.csv") for n in ("train", "validation", "test")]
    together = pd.concat(parts).sort_values("tonnes")["tonnes"].to_numpy()
    assert together == pytest.approx(catches().sort_values("tonnes")["tonnes"].to_numpy())


def test_batch_records_are_the_test_records_without_their_answer(sets: Path) -> None:
    lines = (sets / "batch" / "catches.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    test = pd.read_csv(sets / "test" / "catches.csv")
    assert [record["tonnes"] for record in records] == pytest.approx(list(test["tonnes"]))
    assert all("landed_value" not in record for record in records)


def test_csv_and_parquet_give_the_same_sets(sets: Path, tmp_path: Path) -> None:
    catches().to_csv(tmp_path / "catches.csv", index=False)
    done = run_step("preprocess", "--input", tmp_path, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    for name in ("train", "validation", "test"):
        mine = pd.read_csv(tmp_path / "out" / name / "catches.csv")
        pd.testing.assert_frame_equal(mine, pd.read_csv(sets / name / "catches.csv"))


def test_rows_without_a_positive_weight_and_value_are_left_out(tmp_path: Path) -> None:
    data = catches()
    data.loc[0, "tonnes"] = 0
    data.loc[1, "landed_value"] = None
    data.loc[2, "landed_value"] = -5
    out = prepare(tmp_path, data)
    report = json.loads((out / "report" / "split.json").read_text())
    assert sum(part["rows"] for part in report.values()) == len(data) - 3


def test_a_missing_text_is_called_unknown(tmp_path: Path) -> None:
    data = catches()
    data["gear_type"] = data["gear_type"].where(data.index % 2 == 0)
    out = prepare(tmp_path, data)
    assert "unknown" in set(pd.read_csv(out / "train" / "catches.csv")["gear_type"])


def test_an_optional_column_may_be_absent(tmp_path: Path) -> None:
    out = prepare(tmp_path, catches().drop(columns="common_name"))
    assert set(pd.read_csv(out / "train" / "catches.csv")["common_name"]) == {"unknown"}


def test_a_missing_column_is_named_with_what_is_there_and_what_is_required(tmp_path: Path) -> None:
    renamed = catches().rename(columns={"fishing_entity": "country"})
    renamed.to_parquet(tmp_path / "eez.parquet")
    message = refused(tmp_path)
    assert "eez.parquet lacks the column(s) fishing_entity" in message
    assert "country" in message
    assert "Rename" in message


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "No data file" in refused(tmp_path)


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.docx").write_text("x")
    assert "notes.docx: allowed are .parquet and .csv" in refused(tmp_path)


def test_a_truncated_parquet_file_is_named(tmp_path: Path) -> None:
    catches().to_parquet(tmp_path / "whole.parquet")
    content = (tmp_path / "whole.parquet").read_bytes()
    (tmp_path / "whole.parquet").unlink()
    (tmp_path / "cut.parquet").write_bytes(content[: len(content) // 2])
    assert "cut.parquet cannot be read as parquet" in refused(tmp_path)


def test_one_year_alone_cannot_be_split(tmp_path: Path) -> None:
    catches(years=1).to_parquet(tmp_path / "catches.parquet")
    assert "holds 1 year(s) (2000); at least 3 are needed" in refused(tmp_path)


def test_too_few_rows_are_counted(tmp_path: Path) -> None:
    catches(rows=20).to_parquet(tmp_path / "catches.parquet")
    assert "20 usable rows of 20; at least 100" in refused(tmp_path)


def test_each_set_has_a_year_even_where_one_year_has_most_rows() -> None:
    rows = pd.Series({2000: 1, 2001: 1, 2002: 998})
    chosen = preprocess.split_years(rows, test=0.15, validation=0.15)
    assert chosen == {"train": [2000], "validation": [2001], "test": [2002]}


def test_a_share_out_of_range_is_refused(tmp_path: Path) -> None:
    done = run_step("preprocess", "--input", tmp_path, "--test-fraction", 1.5)
    assert done.returncode == 1
    assert "--test-fraction is 1.5" in done.stderr
