from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.pipeline_defs.conftest import catch_schema, load_step, pack, train
from tests.pipeline_defs.conftest import evaluate as run_evaluate

if TYPE_CHECKING:
    from pathlib import Path

evaluate = load_step("evaluate")


@pytest.fixture(scope="session")
def evaluation(sets: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("evaluation")
    pack(model, folder / "packed")
    done = run_evaluate(sets, folder / "packed", folder / "evaluation")
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "evaluation" / "evaluation.json").read_text())


def test_the_model_brings_the_code_that_serves_it(model: Path) -> None:
    assert (model / "code" / "inference.py").is_file()
    assert (model / "model.joblib").is_file()


def test_training_twice_gives_the_same_model(sets: Path, model: Path, tmp_path: Path) -> None:
    assert train(sets, tmp_path / "again").returncode == 0
    again = (tmp_path / "again" / "model.joblib").read_bytes()
    assert again == (model / "model.joblib").read_bytes()


def test_the_model_is_better_than_a_price_by_species(evaluation: dict) -> None:
    # The price depends on the fishing entity too, which the baseline does not see.
    assert evaluation["error_ratio"] < 0.5


def test_the_ratio_is_the_models_error_over_the_baselines(evaluation: dict) -> None:
    model, naive = evaluation["model"], evaluation["baseline"]
    assert evaluation["error_ratio"] == pytest.approx(model["weighted_ape"] / naive["weighted_ape"])


def test_only_the_test_years_are_measured(evaluation: dict, sets: Path) -> None:
    years = pd.read_csv(sets / "test" / "records.csv")["year"]
    assert evaluation["test_range"] == [years.min(), years.max()]
    assert evaluation["test_rows"] == len(years)


def test_errors_are_those_of_the_definition() -> None:
    measured = evaluate.errors(pd.Series([1.0, 3.0]), np.array([2.0, 5.0]))
    assert measured["mae"] == pytest.approx(1.5)
    assert measured["rmse"] == pytest.approx(np.sqrt(2.5))
    assert measured["weighted_ape"] == pytest.approx(3 / 4)


def test_the_baseline_is_price_by_species_and_the_overall_price_for_a_new_one() -> None:
    known = pd.DataFrame(
        {"common_name": ["a", "a", "b"], "tonnes": [1.0, 3.0, 1.0], "landed_value": [2.0, 6.0, 9.0]}
    )
    asked = pd.DataFrame({"common_name": ["a", "b", "c"], "tonnes": [10.0, 10.0, 10.0]})
    assert list(evaluate.baseline(known, asked, catch_schema())) == pytest.approx(
        [20.0, 90.0, 34.0]
    )


def test_the_baseline_has_seen_no_record_of_the_test_years(evaluation: dict, sets: Path) -> None:
    train, validation, test = (
        pd.read_csv(sets / name / "records.csv") for name in ("train", "validation", "test")
    )
    learned = evaluate.baseline(pd.concat([train, validation]), test, catch_schema())
    cheated = evaluate.baseline(pd.concat([train, validation, test]), test, catch_schema())
    error = evaluate.errors(test["landed_value"], learned)

    assert not np.allclose(learned, cheated)
    assert evaluation["baseline"] == pytest.approx(error)


def test_a_prediction_that_is_no_number_is_refused() -> None:
    with pytest.raises(evaluate.DataError, match="not a finite number"):
        evaluate.errors(pd.Series([1.0]), np.array([np.nan]))


def test_training_names_the_set_that_is_missing(tmp_path: Path) -> None:
    done = train(tmp_path, tmp_path / "model")
    assert done.returncode == 1
    assert "records.csv does not exist" in done.stderr


def test_evaluation_names_the_archive_that_is_missing(sets: Path, tmp_path: Path) -> None:
    done = run_evaluate(sets, tmp_path, tmp_path / "evaluation")
    assert done.returncode == 1
    assert "model.tar.gz does not exist" in done.stderr


def test_evaluation_names_the_record_that_the_model_refuses(model: Path, tmp_path: Path) -> None:
    archive = pack(model, tmp_path / "packed") / "model.tar.gz"
    records = pd.DataFrame([{"year": 2009, "tonnes": -1.0}])
    served, loaded = evaluate.unpack(archive, tmp_path / "scratch")
    with pytest.raises(evaluate.DataError, match="Record 1 has tonnes=-1"):
        evaluate.answers(served, loaded, records)


@pytest.mark.slow
def test_more_species_than_the_booster_takes_are_learned(sets: Path, tmp_path: Path) -> None:
    for name in ("train", "validation"):
        frame = pd.read_csv(sets / name / "records.csv")
        frame["common_name"] = [f"species {row % 400}" for row in range(len(frame))]
        (tmp_path / name).mkdir()
        frame.to_csv(tmp_path / name / "records.csv", index=False)
    assert train(tmp_path, tmp_path / "model").returncode == 0
    assert (tmp_path / "model" / "model.joblib").is_file()
