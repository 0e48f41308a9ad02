"""Data from which nothing can be learned is refused, by a message that names what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from tests.pipeline_defs.conftest import evaluate, pack, prepare, preprocess, train
from tests.pipeline_defs.tables import ORDERS, orders, schema_of, without_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS = 200
TABLE: dict[str, dict[str, Any]] = {
    "id": {"type": "whole", "role": "key"},
    "x": {"type": "fraction", "role": "number"},
    "kind": {"type": "text", "role": "target"},
}
YEARS = {**TABLE, "id": {"type": "whole", "role": "time"}}


def table(**columns: Any) -> pd.DataFrame:
    """Rows of two kinds, of which some columns are given."""
    kinds = np.array(["a", "b"])[np.arange(ROWS) % 2]
    return pd.DataFrame({"id": range(ROWS), "x": np.arange(float(ROWS)), "kind": kinds} | columns)


def refusal(folder: Path, data: pd.DataFrame, schema: dict[str, Any]) -> str:
    """What the preprocessing refuses the data with."""
    (folder / "in").mkdir()
    data.to_parquet(folder / "in" / "rows.parquet")
    done = preprocess(folder, schema)
    assert done.returncode == 1
    return done.stderr


def test_a_target_that_no_file_has_is_named(tmp_path: Path) -> None:
    message = refusal(tmp_path, table().drop(columns="kind"), schema_of(TABLE))
    assert "rows.parquet lacks the column(s) kind; it has id, x" in message


def test_a_target_without_a_value_is_named(tmp_path: Path) -> None:
    data = table(kind=pd.Series([None] * ROWS, dtype="string"))
    message = refusal(tmp_path, data, schema_of(TABLE))
    assert "The target kind has no usable value in 200 rows" in message


def test_a_target_of_one_class_is_named(tmp_path: Path) -> None:
    message = refusal(tmp_path, table(kind="a"), schema_of(TABLE))
    assert "The target kind has one class alone in every usable row, 'a'" in message


def test_a_number_that_is_always_the_same_is_no_target(tmp_path: Path) -> None:
    columns = {**TABLE, "kind": {"type": "fraction", "role": "target"}}
    message = refusal(tmp_path, table(kind=2.5), schema_of(columns))
    assert "The target kind has one value alone in every usable row, 2.5" in message


def test_fewer_than_a_hundred_usable_rows_are_counted_with_what_makes_one(tmp_path: Path) -> None:
    columns = {**TABLE, "x": {**TABLE["x"], "required": True, "minimum": 150}}
    message = refusal(tmp_path, table(), schema_of(columns))
    assert "50 usable rows of 200; at least 100 are needed" in message
    assert "x: a fraction of at least 150" in message


def test_two_values_of_the_time_cannot_be_split(tmp_path: Path) -> None:
    data = table(id=np.arange(ROWS) % 2 + 2000)
    message = refusal(tmp_path, data, schema_of(YEARS))
    assert "The time id has 2 value(s) (2000, 2001); at least 3 are needed" in message


def test_an_empty_set_is_named_with_what_tells_rows_apart(tmp_path: Path) -> None:
    message = refusal(tmp_path, table(id=7), schema_of(TABLE))
    assert "set is empty: all 200 rows fell into others" in message
    assert "told apart by id" in message


def test_a_test_of_classes_that_the_training_has_not_is_refused(tmp_path: Path) -> None:
    kinds = np.where(np.arange(ROWS) < 190, table()["kind"], "c")
    kinds[160:190] = "a"
    data = table(id=np.repeat(np.arange(20), 10), kind=kinds)
    schema = schema_of(YEARS)
    schema["split"] = {**schema["split"], "test": 0.05}
    message = refusal(tmp_path, data, schema)
    assert "The test set has only classes of kind that the training set has not: c" in message


def test_a_training_set_of_one_class_is_refused(tmp_path: Path) -> None:
    data = table(kind=np.where(np.arange(ROWS) < 150, "a", "b"))
    message = refusal(tmp_path, data, schema_of(YEARS))
    assert "The target kind has one class alone in the training set, 'a'" in message


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        ("whole", ["many"] * ROWS, "no whole in its column x, but values such as 'many'"),
        ("fraction", [True] * ROWS, "no fraction in its column x"),
        ("boolean", ["yes"] * ROWS, "no boolean in its column x, but values such as 'yes'"),
    ],
)
def test_a_column_of_another_type_is_named_with_its_file(
    tmp_path: Path, kind: str, values: list[Any], shown: str
) -> None:
    role = "category" if kind == "boolean" else "number"
    schema = schema_of({**TABLE, "x": {"type": kind, "role": role}})
    message = refusal(tmp_path, table(x=values), schema)
    assert "rows.parquet has " + shown in message


def test_a_line_that_is_no_object_is_named(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "rows.jsonl").write_text('{"id": 1}\n[1, 2]\n')
    done = preprocess(tmp_path, schema_of(TABLE))
    assert "rows.jsonl cannot be read as jsonl: line 2 is no JSON object" in done.stderr


def test_a_column_of_the_baseline_that_is_not_described_is_named(tmp_path: Path) -> None:
    schema = schema_of(
        without_time(ORDERS), prediction={"baseline": "ratio", "ratio_to": "amount", "by": "goods"}
    )
    schema["baseline"]["by"] = "colour"
    assert "The schema needs 'colour'" in refusal(tmp_path, orders(), schema)


def out_of_bounds(data: pd.DataFrame) -> None:
    data.loc[:9, "amount"] = 0.0


def without_price(data: pd.DataFrame) -> None:
    data.loc[:9, "price"] = None


def of_no_price(data: pd.DataFrame) -> None:
    data.loc[:9, "price"] = 0.0


@pytest.mark.parametrize("spoil", [out_of_bounds, without_price, of_no_price])
def test_a_row_without_a_required_value_is_left_out(
    tmp_path: Path, spoil: Callable[[pd.DataFrame], None]
) -> None:
    data = orders()
    spoil(data)
    sets = prepare(tmp_path, data, schema_of(ORDERS))
    parts = [pd.read_csv(sets / name / "records.csv") for name in ("train", "validation", "test")]
    ids = set(pd.concat(parts)["id"])
    assert ids == {f"order {number}" for number in range(10, 400)}


def test_a_value_out_of_bounds_that_is_not_required_is_a_missing_one(tmp_path: Path) -> None:
    data = orders()
    data["parcels"] = 0
    sets = prepare(tmp_path, data, schema_of(ORDERS))
    assert pd.read_csv(sets / "train" / "records.csv")["parcels"].isna().all()


def test_a_baseline_without_an_error_is_refused(tmp_path: Path) -> None:
    schema = schema_of(YEARS)
    data = table(kind=np.where((np.arange(ROWS) % 3 == 0) & (np.arange(ROWS) < 150), "b", "a"))
    sets = prepare(tmp_path, data, schema)
    assert train(sets, tmp_path / "model", schema=schema).returncode == 0
    done = evaluate(sets, pack(tmp_path / "model", tmp_path / "packed"), tmp_path / "evaluation")
    assert "The baseline majority makes no error (error_rate) on the test set" in done.stderr
