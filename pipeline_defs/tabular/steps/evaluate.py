"""Evaluate the model on the test set, beside a naive baseline.

A stand-alone script of a SageMaker processing job in the scikit-learn or the XGBoost image. It
loads ``model.tar.gz`` and predicts with the model's own ``code/inference.py``: what is measured is
what will be served. What the data consists of is told by the model's ``schema.json``.

The baseline has seen the rows that the model learned from. For a number it answers their mean or
their median, or multiplies a column by the target's ratio to it, by category where one is given: a
category without a ratio takes the overall one. For a class it answers the one that occurs most
often, with the shares of all classes as their probabilities.

``evaluation.json`` holds the errors of both and ``error_ratio``: the model's error by the metric of
the schema, divided by the baseline's. Below 1 the model is better.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn import metrics

Schema = dict[str, Any]

LEAST_CHANCE = 1e-15
"""What a chance of nothing counts as, for its logarithm is endless."""


class DataError(Exception):
    """An input of the evaluation is missing or unusable; the message says which."""


def read(path: Path, schema: Schema) -> pd.DataFrame:
    """Read one set that the preprocessing wrote; classes and categories are texts.

    Raises:
        DataError: the set is absent or empty.
    """
    if not path.is_file():
        raise DataError(f"{path} does not exist; the preprocessing writes it.")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    if frame.empty:
        raise DataError(f"{path} has no rows.")
    classes = {schema["target"]} if schema["task"] == "classification" else set()
    columns = schema["columns"].items()
    numbers = [name for name, column in columns if column["kind"] == "number"]
    # Older releases of pandas do not read every float as it was written; Python does.
    return frame.assign(
        **{
            name: frame[name].replace("", "nan").astype(float)
            for name in numbers
            if name not in classes
        }
    )


def unpack(archive: Path, scratch: Path) -> tuple[Any, dict[str, Any]]:
    """Unpack the model: the module that serves it, and what that has loaded.

    Raises:
        DataError: there is no archive, or it has no code/inference.py.
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
    return served, served.model_fn(str(scratch))


def answers(served: Any, model: dict[str, Any], frame: pd.DataFrame) -> list[dict[str, Any]]:
    """What the served code answers to each row.

    Raises:
        DataError: it refuses a row.
    """
    given: Any = served.predict_fn(records_of(frame), model)
    if isinstance(given, Exception):
        raise DataError(f"The model refuses a record of the test set: {given}")
    return list(given)


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as a request has them."""
    records: list[dict[str, Any]] = (
        frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
    )
    return records


def ratio(known: pd.DataFrame, asked: pd.DataFrame, schema: Schema) -> np.ndarray:
    """A column times the target's ratio to it in the known rows, by category if one is given.

    Raises:
        DataError: the known rows have no such ratio.
    """
    target, to, by = (schema["target"], *(schema["baseline"][key] for key in ("ratio_to", "by")))
    if known[to].sum() == 0:
        raise DataError(f"{to} adds up to 0, so {target} has no ratio to it; choose another one.")
    overall = known[target].sum() / known[to].sum()
    if by is None:
        return np.asarray(overall * asked[to], dtype=float)
    sums = known.groupby(by)[[target, to]].sum()
    ratios = sums[target] / sums[to].where(sums[to] != 0)
    return np.asarray(asked[by].map(ratios).fillna(overall) * asked[to], dtype=float)


def baseline(known: pd.DataFrame, asked: pd.DataFrame, schema: Schema) -> np.ndarray:
    """The baseline's numbers."""
    kind = schema["baseline"]["kind"]
    if kind == "ratio":
        return ratio(known, asked, schema)
    values = known[schema["target"]]
    return np.full(len(asked), values.mean() if kind == "mean" else values.median())


def errors(actual: pd.Series, predicted: np.ndarray) -> dict[str, Any]:
    """Measure numbers: absolute, squared, explained and weighted percentage error."""
    if not np.isfinite(predicted).all():
        raise DataError("The model predicted a value that is not a finite number.")
    absolute = metrics.mean_absolute_error(actual, predicted)
    size = actual.abs().mean()
    return finite(
        {
            "mae": absolute,
            "rmse": np.sqrt(metrics.mean_squared_error(actual, predicted)),
            "r2": metrics.r2_score(actual, predicted) if len(actual) > 1 else math.nan,
            "weighted_ape": absolute / size if size else math.nan,
        }
    )


def class_errors(actual: pd.Series, predicted: np.ndarray, chances: np.ndarray) -> dict[str, Any]:
    """Measure classes.

    Args:
        actual: the class of each row.
        predicted: the answered class of each.
        chances: the answered probability of each row's actual class.
    """
    right = float((actual.to_numpy() == predicted).mean())
    f1 = metrics.f1_score(actual, predicted, average="macro", zero_division=0)
    loss = -np.log(np.clip(chances, LEAST_CHANCE, 1)).mean()
    return finite({"error_rate": 1 - right, "accuracy": right, "log_loss": loss, "macro_f1": f1})


def chances_of(actual: pd.Series, classes: list[str], table: np.ndarray) -> np.ndarray:
    """Each row's entry for its actual class, in a table of a column for each class; else 0."""
    columns = pd.Categorical(actual, categories=classes).codes
    picked: np.ndarray = table[np.arange(len(actual)), columns]
    return np.where(columns < 0, 0, picked)


def finite(measured: dict[str, Any]) -> dict[str, float | None]:
    """Plain numbers; None stands for what cannot be measured, as JSON has no other word for it."""
    return {n: float(value) if math.isfinite(value) else None for n, value in measured.items()}


def shown(values: dict[str, Any]) -> dict[str, Any]:
    """Metrics in the form that the model registry displays."""
    return {
        name: {"value": value, "standard_deviation": "NaN"}
        for name, value in values.items()
        if value is not None
    }


def class_report(actual: pd.Series, predicted: np.ndarray, known: list[str]) -> dict[str, Any]:
    """What the registry displays of a classification.

    Of two classes the second in order is the positive one; of more, each counts by its rows. See
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-model-quality-metrics.html
    """
    classes = sorted({*known, *actual})
    binary = len(classes) == 2  # noqa: PLR2004 - that is what the word means
    matrix = metrics.confusion_matrix(actual, predicted, labels=classes).tolist()
    averaged = {"average": "binary", "pos_label": classes[1]} if binary else {"average": "weighted"}
    found = metrics.precision_recall_fscore_support(actual, predicted, zero_division=0, **averaged)
    names = [name if binary else f"weighted_{name}" for name in ("precision", "recall", "f1")]
    accuracy = {"accuracy": metrics.accuracy_score(actual, predicted)}
    measured = {**accuracy, **dict(zip(names, found[:3], strict=True))}
    lines = {
        a: dict(zip(classes, row, strict=True)) for a, row in zip(classes, matrix, strict=True)
    }
    kind = "binary" if binary else "multiclass"
    return {
        f"{kind}_classification_metrics": {
            "confusion_matrix": lines,
            **shown({name: float(value) for name, value in measured.items()}),
        }
    }


def regression(
    served: Any, model: dict[str, Any], known: pd.DataFrame, test: pd.DataFrame
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Measure a model that answers numbers.

    Returns:
        Its errors, the baseline's, and what the registry displays.
    """
    schema = model["schema"]
    actual = test[schema["target"]]
    given = answers(served, model, test[schema["features"]])
    numbers = np.array([answer[schema["answer"]] for answer in given])
    measured = errors(actual, numbers)
    return (
        measured,
        errors(actual, baseline(known, test, schema)),
        {"regression_metrics": shown(measured)},
    )


def classification(
    served: Any, model: dict[str, Any], known: pd.DataFrame, test: pd.DataFrame
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Measure a model that answers classes.

    Returns:
        Its errors, the baseline's, and what the registry displays.
    """
    schema = model["schema"]
    actual, classes = test[schema["target"]], schema["classes"]
    features = test[schema["features"]]
    given = answers(served, model, features)
    predicted = np.array([answer[schema["answer"]] for answer in given], dtype=object)
    table = served.chances(served.frame_of(records_of(features), model), model)
    shares = known[schema["target"]].value_counts(normalize=True).reindex(classes).to_numpy()
    majority = np.full(len(test), classes[int(shares.argmax())], dtype=object)
    naive = np.tile(shares, (len(test), 1))
    return (
        class_errors(actual, predicted, chances_of(actual, classes, table)),
        class_errors(actual, majority, chances_of(actual, classes, naive)),
        class_report(actual, predicted, classes),
    )


def report(
    schema: Schema, model: dict[str, Any], naive: dict[str, Any], test: pd.DataFrame
) -> dict[str, Any]:
    """Arrange the result.

    Raises:
        DataError: the metric cannot be measured, or the baseline makes no error.
    """
    metric, time = schema["metric"], schema["time"]
    if model[metric] is None or naive[metric] is None:
        raise DataError(f"The metric {metric} cannot be measured on this test set; choose another.")
    if naive[metric] == 0:
        raise DataError(
            f"The baseline {schema['baseline']['kind']} makes no error ({metric}) on the test set, "
            "so no model can be better; choose another target, or bring more data."
        )
    return {
        "task": schema["task"],
        "metric": metric,
        "unit": schema["unit"],
        "baseline_kind": schema["baseline"]["kind"],
        "model": model,
        "baseline": naive,
        "error_ratio": model[metric] / naive[metric],
        "test_rows": len(test),
        "test_range": range_of(test[time], schema["columns"][time]["type"]) if time else None,
    }


def range_of(times: pd.Series, kind: str) -> list[Any]:
    """The first and the last of the times: whole numbers, or texts as ISO 8601 writes them."""
    ends = [times.min(), times.max()]
    return [int(end) for end in ends] if kind == "whole" else ends


def main() -> None:
    """Run the step."""
    folder = Path("/opt/ml/processing")
    parser = argparse.ArgumentParser()
    for name in ("model", "train", "validation", "test", "evaluation"):
        parser.add_argument(f"--{name}", type=Path, default=folder / name)
    arguments = parser.parse_args()
    scratch = arguments.evaluation.parent / "model-unpacked"
    scratch.mkdir(parents=True, exist_ok=True)
    served, model = unpack(arguments.model / "model.tar.gz", scratch)
    schema = model["schema"]
    sets = [
        read(path / "records.csv", schema)
        for path in (arguments.train, arguments.validation, arguments.test)
    ]
    measure = classification if schema["task"] == "classification" else regression
    errors_of_model, naive, display = measure(served, model, pd.concat(sets[:2]), sets[2])
    result = {**report(schema, errors_of_model, naive, sets[2]), **display}
    arguments.evaluation.mkdir(parents=True, exist_ok=True)
    (arguments.evaluation / "evaluation.json").write_text(json.dumps(result, indent=2))
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    try:
        main()
    except DataError as error:
        sys.exit(f"evaluate: {error}")
