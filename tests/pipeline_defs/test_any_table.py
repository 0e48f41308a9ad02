"""The scripts know no column: tables of other fields go through all of them."""

from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from tests.pipeline_defs.conftest import learn, load_step, prepare, preprocess
from tests.pipeline_defs.tables import ORDERS, bundled, diabetes, orders, schema_of, without_time

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pipeline_defs.conftest import Learned

inference = load_step("inference")
evaluate = load_step("evaluate")
SMALL = ("--min_samples_leaf", 2)
every_algorithm = pytest.mark.parametrize("algorithm", ["sklearn", "xgboost"])


def records(path: Path) -> list[dict[str, str]]:
    """The rows of a set as they are written."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table(learned: Learned, name: str) -> Path:
    return learned.sets / name / "records.csv"


def ask(learned: Learned, body: str, kind: str = "application/jsonlines") -> list[dict[str, Any]]:
    """What the served code answers."""
    given = inference.predict_fn(
        inference.input_fn(body, kind), inference.model_fn(str(learned.model))
    )
    assert isinstance(given, list), given
    return given


@every_algorithm
@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_a_class_is_learned(tmp_path: Path, name: str, algorithm: str) -> None:
    frame, columns = bundled(name)
    learned = learn(tmp_path, frame, schema_of(columns, algorithm=algorithm), *SMALL)
    assert learned.evaluation["error_ratio"] < 0.4
    assert learned.evaluation["task"] == "classification"
    kind = "binary" if name == "breast_cancer" else "multiclass"
    assert f"{kind}_classification_metrics" in learned.evaluation


@every_algorithm
def test_a_number_is_learned(tmp_path: Path, algorithm: str) -> None:
    frame, columns = diabetes()
    learned = learn(tmp_path, frame, schema_of(columns, algorithm=algorithm))
    assert learned.evaluation["task"] == "regression"
    assert learned.evaluation["baseline_kind"] == "median"
    assert learned.evaluation["error_ratio"] < 0.95


@pytest.mark.parametrize(
    ("kind", "values", "labels"),
    [("boolean", [True, False], {"true", "false"}), ("whole", [1, 0], {"1", "0"})],
)
def test_classes_are_answered_as_texts(
    tmp_path: Path, kind: str, values: list[Any], labels: set[str]
) -> None:
    frame, columns = bundled("breast_cancer")
    frame["target"] = frame["target"].map(dict(zip(["malignant", "benign"], values, strict=True)))
    columns["target"]["type"] = kind
    learned = learn(tmp_path, frame, schema_of(columns, task="classification"))
    answers = ask(learned, (learned.sets / "batch" / "records.jsonl").read_text())
    assert {answer["predicted_target"] for answer in answers} == labels
    assert all(0.5 <= answer["probability"] <= 1 for answer in answers)


@pytest.mark.parametrize("metric", ["error_rate", "log_loss"])
def test_the_gate_compares_the_metric_that_was_chosen(tmp_path: Path, metric: str) -> None:
    frame, columns = bundled("iris")
    evaluation = learn(tmp_path, frame, schema_of(columns, metric=metric), *SMALL).evaluation
    ratio = evaluation["model"][metric] / evaluation["baseline"][metric]
    assert evaluation["error_ratio"] == pytest.approx(ratio)
    assert evaluation["metric"] == metric


@every_algorithm
@pytest.mark.parametrize("scale", ["linear", "log", "log_ratio"])
def test_serving_answers_what_the_evaluation_measured(
    tmp_path: Path, scale: str, algorithm: str
) -> None:
    prediction = {"baseline": "ratio", "ratio_to": "amount", "by": "goods", "scale": scale}
    schema = schema_of(ORDERS, prediction=prediction, algorithm=algorithm)
    learned = learn(tmp_path, orders(), schema)
    test = records(learned.sets / "test" / "records.csv")
    actual = np.array([float(row["price"]) for row in test])
    features = [{name: row[name] for name in schema["features"]} for row in test]
    text = "\n".join([",".join(schema["features"])] + [",".join(f.values()) for f in features])
    for body, kind in (
        ((learned.sets / "batch" / "records.jsonl").read_text(), "application/jsonlines"),
        (json.dumps(features), "application/json"),
        (text, "text/csv"),
    ):
        predicted = np.array([a["predicted_price"] for a in ask(learned, body, kind)])
        error = np.abs(predicted - actual).mean()
        assert error == pytest.approx(learned.evaluation["model"]["mae"], rel=1e-12)


def test_the_ratio_by_category_is_that_of_the_rows_that_were_learned(tmp_path: Path) -> None:
    prediction = {"baseline": "ratio", "ratio_to": "amount", "by": "goods", "scale": "log_ratio"}
    learned = learn(tmp_path, orders(), schema_of(ORDERS, prediction=prediction))
    sums: dict[str, list[float]] = {}
    for row in (row for n in ("train", "validation") for row in records(table(learned, n))):
        totals = sums.setdefault(row["goods"], [0.0, 0.0])
        totals[0] += float(row["price"])
        totals[1] += float(row["amount"])
    errors = []
    for row in records(table(learned, "test")):
        price, amount = sums[row["goods"]]
        errors.append(abs(price / amount * float(row["amount"]) - float(row["price"])))
    assert sum(errors) > 0
    assert learned.evaluation["baseline"]["mae"] == pytest.approx(sum(errors) / len(errors))


@pytest.mark.parametrize("kind", ["mean", "median"])
def test_a_plain_baseline_is_that_of_the_rows_that_were_learned(kind: str) -> None:
    known, asked = pd.DataFrame({"y": [1.0, 2.0, 9.0]}), pd.DataFrame({"y": [0.0, 0.0]})
    given = evaluate.baseline(known, asked, {"target": "y", "baseline": {"kind": kind}})
    assert list(given) == [{"mean": 4.0, "median": 2.0}[kind]] * 2


def test_a_ratio_without_categories_is_the_overall_one() -> None:
    known = pd.DataFrame({"y": [2.0, 10.0], "x": [1.0, 3.0]})
    schema = {"target": "y", "baseline": {"kind": "ratio", "ratio_to": "x", "by": None}}
    assert list(evaluate.baseline(known, pd.DataFrame({"x": [5.0]}), schema)) == [15.0]


def test_errors_of_classes_are_those_of_the_definition() -> None:
    actual, predicted = pd.Series(["a", "a", "b", "b"]), np.array(["a", "b", "b", "b"])
    measured = evaluate.class_errors(actual, predicted, np.array([0.5, 0.5, 1.0, 0.0]))
    assert measured["error_rate"] == 0.25
    assert measured["accuracy"] == 0.75
    assert measured["log_loss"] == pytest.approx((2 * np.log(2) - np.log(1e-15)) / 4)
    assert measured["macro_f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)


@pytest.fixture(scope="module")
def split_by_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("by-day"), orders(), schema_of(ORDERS))


def days(sets: Path, name: str) -> set[str]:
    return {row["day"] for row in records(sets / name / "records.csv")}


def test_the_newest_days_are_the_test(split_by_day: Path) -> None:
    assert max(days(split_by_day, "train")) < min(days(split_by_day, "validation"))
    assert max(days(split_by_day, "validation")) < min(days(split_by_day, "test"))


def test_whole_days_reach_the_share_of_the_test(split_by_day: Path) -> None:
    # 400 rows on 40 days: 15 % are 60 rows, which are 6 days.
    assert len(days(split_by_day, "test")) == 6
    assert json.loads((split_by_day / "report" / "split.json").read_text())["test"] == {
        "rows": 60,
        "range": ["2024-03-04", "2024-03-09"],
    }


def test_a_day_is_no_feature(split_by_day: Path) -> None:
    lines = (split_by_day / "batch" / "records.jsonl").read_text().splitlines()
    assert len(lines) == 60
    assert all(not {"day", "id", "price"} & json.loads(line).keys() for line in lines)


def test_a_batch_record_holds_texts_for_categories_and_null_for_missing_numbers(
    split_by_day: Path,
) -> None:
    lines = (split_by_day / "batch" / "records.jsonl").read_text().splitlines()
    values = {name: {json.loads(line)[name] for line in lines} for name in json.loads(lines[0])}
    assert values["express"] == {"true", "false", "unknown"}
    assert values["depot"] == {"1", "2", "3", "4", "unknown"}
    assert {type(value) for value in values["parcels"]} == {int, type(None)}
    assert {type(value) for value in values["distance"]} == {float, type(None)}


def hashed_set(values: list[str], *, test: float = 0.15, validation: float = 0.15) -> str:
    """The rule of the split, written anew: from the texts of a row's key to its set."""
    digest = hashlib.sha256(("0\x1f" + "\x1f".join(values)).encode("utf-8")).hexdigest()
    share = int(digest[:16], 16) / 2**64
    return "test" if share < test else "validation" if share < test + validation else "train"


@pytest.mark.parametrize("role", ["key", "ignored"])
def test_the_hash_of_a_row_says_its_set(tmp_path: Path, role: str) -> None:
    schema = schema_of({**without_time(ORDERS), "id": {"type": "text", "role": role}})
    sets = prepare(tmp_path, orders(), schema)
    names = ["id"] if role == "key" else schema["features"]
    rows = [
        (name, row)
        for name in ("train", "validation", "test")
        for row in records(sets / name / "records.csv")
    ]
    assert len(rows) == 400
    assert {name for name, _ in rows} == {"train", "validation", "test"}
    wrong = [row for name, row in rows if hashed_set([row[n] for n in names]) != name]
    assert not wrong


def test_a_row_stays_in_its_set_when_others_are_added(tmp_path: Path) -> None:
    schema = schema_of(without_time(ORDERS))
    few = prepare(tmp_path / "few", orders(300), schema)
    many = prepare(tmp_path / "many", orders(600), schema)
    ids = [{row["id"] for row in records(sets / "test" / "records.csv")} for sets in (few, many)]
    assert ids[0] < ids[1]


CODES = {
    "code": {"type": "whole", "role": "category"},
    "sure": {"type": "boolean", "role": "category"},
    "y": {"type": "fraction", "role": "target"},
    "id": {"type": "whole", "role": "key"},
}


@pytest.mark.parametrize(
    ("column", "given", "read"),
    [
        ("code", ["7", "007", " 7 ", "7.0", "7e0", 7, 7.0], "7"),
        ("code", ["", None], "unknown"),
        ("sure", ["true", "TRUE", "True", "1", 1, True], "true"),
        ("sure", ["false", "False", "0", 0, False], "false"),
    ],
)
def test_a_category_is_read_alike_by_the_training_and_by_the_serving(
    tmp_path: Path, column: str, given: list[Any], read: str
) -> None:
    schema = schema_of(CODES)
    rows = [{"code": n % 2, "sure": True, "y": n, "id": n} for n in range(200)]
    for row, value in zip(rows, given * 20, strict=False):
        row[column] = value
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert preprocess(tmp_path, schema).returncode == 0
    learned = {
        int(row["id"]): row[column]
        for name in ("train", "validation", "test")
        for row in records(tmp_path / "out" / name / "records.csv")
    }
    served = [inference.row_of({column: value}, 1, schema)[column] for value in given]
    assert {learned[n] for n in range(20)} == {read}
    assert set(served) == {read}


def test_a_large_key_keeps_its_digits(tmp_path: Path) -> None:
    rows = [{"code": 1, "sure": True, "y": n, "id": 9007199254740993 + n} for n in range(200)]
    sets = prepare(tmp_path, pd.DataFrame(rows), schema_of(CODES))
    (first, *_) = sorted(
        int(row["id"])
        for name in ("train", "validation", "test")
        for row in records(sets / name / "records.csv")
    )
    assert first == 9007199254740993
