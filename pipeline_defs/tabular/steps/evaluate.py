"""Evaluate the model on the test years, beside a naive baseline.

A stand-alone script of a SageMaker processing job in the scikit-learn 1.9-0 image. It loads
``model.tar.gz`` and predicts with the model's own ``code/inference.py``: what is measured is what
will be served.

The baseline multiplies the weight of a catch by the price per tonne of its species, learned on
the rows that the model learned from; a species without a price takes the overall one.

``evaluation.json`` holds the errors of both and ``error_ratio``: the model's weighted absolute
percentage error (sum of absolute errors over sum of values) divided by the baseline's. Below 1 the
model is better. Errors are in US dollars of 2010.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

TARGET = "landed_value"
NUMERIC = ("year", "tonnes")


class DataError(Exception):
    """An input of the evaluation is missing or unusable; the message says which."""


def read(path: Path) -> pd.DataFrame:
    """Read one set that the preprocessing wrote.

    Raises:
        DataError: the set is absent or empty.
    """
    if not path.is_file():
        raise DataError(f"{path} does not exist; the preprocessing writes it.")
    header = pd.read_csv(path, nrows=0).columns
    texts = {column: str for column in header if column not in (*NUMERIC, TARGET)}
    frame = pd.read_csv(path, dtype=texts, keep_default_na=False)
    if frame.empty:
        raise DataError(f"{path} has no rows.")
    return frame


def predict(archive: Path, records: pd.DataFrame, scratch: Path) -> np.ndarray:
    """Predict with the served code of the packed model.

    Raises:
        DataError: there is no archive, it has no code/inference.py, or that refuses a record.
    """
    if not archive.is_file():
        raise DataError(f"{archive} does not exist; the training writes it.")
    with tarfile.open(archive) as packed:
        # Python before 3.11.4 has no filter; the archive is the one that the training just wrote.
        packed.extraction_filter = getattr(tarfile, "data_filter", None)
        packed.extractall(scratch)  # noqa: S202 - see above
    spec = importlib.util.spec_from_file_location("inference", scratch / "code" / "inference.py")
    if spec is None or spec.loader is None or not (scratch / "code" / "inference.py").is_file():
        raise DataError(f"{archive} holds no code/inference.py; the training must put it there.")
    served = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(served)
    answer = served.predict_fn(records.to_dict(orient="records"), served.model_fn(str(scratch)))
    if isinstance(answer, Exception):
        raise DataError(f"The model refuses a record of the test set: {answer}")
    predicted: np.ndarray = answer
    return predicted


def baseline(known: pd.DataFrame, records: pd.DataFrame) -> np.ndarray:
    """Price per tonne of the species in the known rows, times the weight."""
    sums = known.groupby("common_name")[[TARGET, "tonnes"]].sum()
    price = sums[TARGET] / sums["tonnes"]
    overall = known[TARGET].sum() / known["tonnes"].sum()
    answer: np.ndarray = (
        records["common_name"].map(price).fillna(overall) * records["tonnes"]
    ).to_numpy()
    return answer


def errors(actual: pd.Series, predicted: np.ndarray) -> dict[str, float]:
    """Measure predictions: absolute, squared, explained and weighted percentage error."""
    if not np.isfinite(predicted).all():
        raise DataError("The model predicted a value that is not a finite number.")
    absolute = mean_absolute_error(actual, predicted)
    squared = mean_squared_error(actual, predicted)
    return {
        "mae": float(absolute),
        "rmse": float(np.sqrt(squared)),
        "r2": float(r2_score(actual, predicted)),
        "weighted_ape": float(absolute / actual.mean()),
    }


def report(model: dict[str, float], naive: dict[str, float], test: pd.DataFrame) -> dict[str, Any]:
    """Arrange the result; ``regression_metrics`` is the form that the model registry displays."""
    shown = {name: {"value": value, "standard_deviation": "NaN"} for name, value in model.items()}
    return {
        "regression_metrics": shown,
        "model": model,
        "baseline": naive,
        "error_ratio": model["weighted_ape"] / naive["weighted_ape"],
        "test_rows": len(test),
        "test_years": [int(test["year"].min()), int(test["year"].max())],
    }


def main() -> None:
    """Run the step."""
    folder = Path("/opt/ml/processing")
    parser = argparse.ArgumentParser()
    for name in ("model", "train", "validation", "test", "evaluation"):
        parser.add_argument(f"--{name}", type=Path, default=folder / name)
    arguments = parser.parse_args()
    known = pd.concat(
        [read(path / "catches.csv") for path in (arguments.train, arguments.validation)]
    )
    test = read(arguments.test / "catches.csv")
    records = test.drop(columns=TARGET)
    scratch = arguments.evaluation.parent / "model-unpacked"
    scratch.mkdir(parents=True, exist_ok=True)
    model = errors(test[TARGET], predict(arguments.model / "model.tar.gz", records, scratch))
    naive = errors(test[TARGET], baseline(known, records))
    result = report(model, naive, test)
    arguments.evaluation.mkdir(parents=True, exist_ok=True)
    (arguments.evaluation / "evaluation.json").write_text(json.dumps(result, indent=2))
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    try:
        main()
    except DataError as error:
        sys.exit(f"evaluate: {error}")
