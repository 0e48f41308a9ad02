from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.pipeline_defs.conftest import catch_schema, catches, load_step, prepare, run_step
from tests.pipeline_defs.conftest import preprocess as run_preprocess

if TYPE_CHECKING:
    from pathlib import Path

preprocess = load_step("preprocess")


def refused(folder: Path, schema: dict[str, Any] | None = None) -> str:
    done = run_preprocess(folder.parent, schema or catch_schema())
    assert done.returncode == 1
    return done.stderr


def test_test_years_come_after_validation_years_and_these_after_training_years(sets: Path) -> None:
    train, validation, test = (
        pd.read_csv(sets / name / "records.csv")["year"] for name in ("train", "validation", "test")
    )
    assert train.max() < validation.min()
    assert validation.max() < test.min()


def test_no_row_is_lost_or_doubled(sets: Path) -> None:
    parts = [pd.read_csv(sets / n / "records.csv") for n in ("train", "validation", "test")]
    together = pd.concat(parts).sort_values("tonnes")["tonnes"].to_numpy()
    assert together == pytest.approx(catches().sort_values("tonnes")["tonnes"].to_numpy())


def test_batch_records_are_the_test_records_without_their_answer(sets: Path) -> None:
    lines = (sets / "batch" / "records.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    test = pd.read_csv(sets / "test" / "records.csv")
    assert [record["tonnes"] for record in records] == pytest.approx(list(test["tonnes"]))
    assert all("landed_value" not in record for record in records)


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """The folder of a job's data."""
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def written(sets: Path) -> list[bytes]:
    return [(sets / name / "records.csv").read_bytes() for name in ("train", "validation", "test")]


def prepared(given: Path, schema: dict[str, Any] | None = None) -> Path:
    done = run_preprocess(given.parent, schema or catch_schema())
    assert done.returncode == 0, done.stderr
    return given.parent / "out"


def test_csv_and_parquet_give_the_same_sets(sets: Path, given: Path) -> None:
    catches().to_csv(given / "catches.csv", index=False)
    assert written(prepared(given)) == written(sets)


def test_json_lines_and_parquet_give_the_same_sets(sets: Path, given: Path) -> None:
    lines = [json.dumps(row) for row in catches().to_dict(orient="records")]
    (given / "catches.jsonl").write_text("\n".join(lines))
    assert written(prepared(given)) == written(sets)


def test_a_folder_that_names_a_column_and_its_value_gives_that_column(given: Path) -> None:
    for entity, part in catches().groupby("fishing_entity"):
        folder = given / f"fishing_entity={entity}%20Isl." / "more"
        folder.mkdir(parents=True)
        part.drop(columns="fishing_entity").to_parquet(folder / "part.parquet")
    train = pd.read_csv(prepared(given) / "train" / "records.csv")
    assert set(train["fishing_entity"]) == {"Fiji Isl.", "Japan Isl."}


def test_the_folder_of_no_value_leaves_the_category_unknown(given: Path) -> None:
    folder = given / "fishing_entity=__HIVE_DEFAULT_PARTITION__"
    folder.mkdir()
    catches().drop(columns="fishing_entity").to_csv(folder / "part.csv", index=False)
    train = pd.read_csv(prepared(given) / "train" / "records.csv")
    assert set(train["fishing_entity"]) == {"unknown"}


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
    assert "unknown" in set(pd.read_csv(out / "train" / "records.csv")["gear_type"])


def test_a_column_that_no_file_needs_to_bring_may_be_absent(sets: Path) -> None:
    assert set(pd.read_csv(sets / "train" / "records.csv")["commercial_group"]) == {"unknown"}


def test_a_column_that_one_file_must_bring_may_be_absent_in_others(given: Path) -> None:
    catches().to_parquet(given / "zone.parquet")
    catches().drop(columns=["common_name", "area_name"]).to_parquet(given / "global.parquet")
    train = pd.read_csv(prepared(given) / "train" / "records.csv")
    assert set(train["area_name"]) == {"Fiji", "unknown"}


def test_a_column_that_no_file_brings_though_one_must_is_named(given: Path) -> None:
    catches().drop(columns="common_name").to_parquet(given / "global.parquet")
    assert "No file has the column(s) common_name, which at least one must" in refused(given)


def test_a_missing_column_is_named_with_what_is_there_and_what_is_required(given: Path) -> None:
    renamed = catches().rename(columns={"fishing_entity": "country"})
    renamed.to_parquet(given / "eez.parquet")
    message = refused(given)
    assert "eez.parquet lacks the column(s) fishing_entity" in message
    assert "country" in message
    assert "Rename" in message


def test_an_empty_folder_is_refused(given: Path) -> None:
    assert "No data file" in refused(given)


def test_a_file_of_another_kind_is_named(given: Path) -> None:
    (given / "notes.docx").write_text("x")
    assert "notes.docx: allowed are .parquet and .csv and .jsonl and .json" in refused(given)


def test_a_truncated_parquet_file_is_named(given: Path) -> None:
    catches().to_parquet(given / "whole.parquet")
    content = (given / "whole.parquet").read_bytes()
    (given / "whole.parquet").unlink()
    (given / "cut.parquet").write_bytes(content[: len(content) // 2])
    assert "cut.parquet cannot be read as parquet" in refused(given)


def test_one_year_alone_cannot_be_split(given: Path) -> None:
    catches(years=1).to_parquet(given / "catches.parquet")
    assert "The time year has 1 value(s) (2000); at least 3 are needed" in refused(given)


def test_too_few_rows_are_counted(given: Path) -> None:
    catches(rows=20).to_parquet(given / "catches.parquet")
    assert "20 usable rows of 20; at least 100" in refused(given)


def test_each_set_has_a_year_even_where_one_year_has_most_rows() -> None:
    rows = pd.Series({2000: 1, 2001: 1, 2002: 998})
    chosen = preprocess.sets_of_times(rows, test=0.15, validation=0.15)
    assert chosen == {"train": [2000], "validation": [2001], "test": [2002]}


def test_without_a_schema_nothing_is_done(tmp_path: Path) -> None:
    done = run_step("preprocess", "--input", tmp_path, "--schema", tmp_path)
    assert f"{tmp_path} holds 0 .json files; exactly one is the schema" in done.stderr
