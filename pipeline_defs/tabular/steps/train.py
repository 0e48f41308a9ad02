"""Train the model of a table's target, as ``schema.json`` beside this file describes it.

A stand-alone script in the script mode of SageMaker's scikit-learn and XGBoost images: folders come
from ``SM_CHANNEL_TRAIN``, ``SM_CHANNEL_VALIDATION`` and ``SM_MODEL_DIR``, hyperparameters as
arguments.

A number is learned as it is, as its logarithm (``log``), or as the logarithm of its ratio to
another column (``log_ratio``), such as a price where sums span many orders of magnitude. Gradient
boosting with native categories needs no scaling, and takes a category that it has never seen as
missing. The validation set decides when to stop; the final model is then fitted to both sets with
that many trees.

``inference.py`` is put into the model's ``code/``, so that the model needs no repacking to serve,
and ``schema.json`` beside it, with the classes that a classification knows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OrdinalEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    Schema = dict[str, Any]

# The booster takes at most 255 categories a column; the rarest share one code.
MAX_CATEGORIES = 250
PATIENCE = 40
"""Trees that may be grown without a better answer to the validation set."""


class DataError(Exception):
    """The training data cannot be used; the message says why."""


def read(folder: Path, schema: Schema) -> pd.DataFrame:
    """Read one set that the preprocessing wrote.

    Raises:
        DataError: the set is absent or empty.
    """
    path = folder / "records.csv"
    if not path.is_file():
        raise DataError(f"{path} does not exist; the preprocessing writes it.")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    if frame.empty:
        raise DataError(f"{path} has no rows.")
    # Older releases of pandas do not read every float as it was written; Python does.
    numbers = {name: frame[name].replace("", "nan").astype(float) for name in numbers_of(schema)}
    return frame.assign(**numbers)


def numbers_of(schema: Schema) -> list[str]:
    """The columns that the model takes as numbers, among them the target of a regression."""
    classes = {schema["target"]} if schema["task"] == "classification" else set()
    numbers = [n for n, column in schema["columns"].items() if column["kind"] == "number"]
    return [name for name in numbers if name not in classes]


def features_of(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The columns the model sees: floats, and categories as objects (the encoder's own kind)."""
    kinds = {
        name: float if schema["columns"][name]["kind"] == "number" else object
        for name in schema["features"]
    }
    return frame[schema["features"]].astype(kinds)


def scaled(frame: pd.DataFrame, schema: Schema) -> np.ndarray:
    """What a regression learns: the target, its logarithm, or that of its ratio."""
    values: np.ndarray = frame[schema["target"]].to_numpy(dtype=float)
    if schema["scale"] == "log_ratio":
        values = values / frame[schema["baseline"]["ratio_to"]].to_numpy(dtype=float)
    return values if schema["scale"] == "linear" else np.log(values)


def encoder(schema: Schema) -> ColumnTransformer:
    """Turn a record into numbers: category codes first, a ratio's column as its logarithm last."""
    kinds = {name: schema["columns"][name]["kind"] for name in schema["features"]}
    ratio_to = [schema["baseline"]["ratio_to"]] if schema["scale"] == "log_ratio" else []
    codes = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=np.nan, max_categories=MAX_CATEGORIES
    )
    plain = [name for name, kind in kinds.items() if kind == "number" and name not in ratio_to]
    logarithm = FunctionTransformer(np.log, feature_names_out="one-to-one")
    return ColumnTransformer(
        [
            ("codes", codes, categories_of(schema)),
            ("plain", "passthrough", plain),
            ("log", logarithm, ratio_to),
        ]
    )


def categories_of(schema: Schema) -> list[str]:
    """The features that are categories."""
    return [n for n in schema["features"] if schema["columns"][n]["kind"] == "category"]


def scikit_learn(schema: Schema, arguments: argparse.Namespace, trees: int | None) -> Any:
    """The booster of scikit-learn."""
    classify = schema["task"] == "classification"
    kind = HistGradientBoostingClassifier if classify else HistGradientBoostingRegressor
    return kind(
        max_iter=trees or arguments.max_iter,
        learning_rate=arguments.learning_rate,
        max_leaf_nodes=arguments.max_leaf_nodes,
        min_samples_leaf=arguments.min_samples_leaf,
        categorical_features=list(range(len(categories_of(schema)))),
        early_stopping=trees is None,
        n_iter_no_change=PATIENCE,
        random_state=arguments.random_state,
    )


def xgboost(schema: Schema, arguments: argparse.Namespace, trees: int | None) -> Any:
    """The booster of XGBoost, which grows its trees by the same rules."""
    import xgboost as library  # noqa: PLC0415 - the scikit-learn image has it not

    classify = schema["task"] == "classification"
    categories = len(categories_of(schema))
    return (library.XGBClassifier if classify else library.XGBRegressor)(
        n_estimators=trees or arguments.max_iter,
        learning_rate=arguments.learning_rate,
        grow_policy="lossguide",
        max_depth=0,
        max_leaves=arguments.max_leaf_nodes,
        min_child_weight=arguments.min_samples_leaf,
        tree_method="hist",
        enable_categorical=True,
        feature_types=["c"] * categories + ["q"] * (len(schema["features"]) - categories),
        early_stopping_rounds=PATIENCE if trees is None else None,
        random_state=arguments.random_state,
    )


BOOSTERS = {"sklearn": scikit_learn, "xgboost": xgboost}


def search(
    train: tuple[Any, Any], validation: tuple[Any, Any], schema: Schema, arguments: Any
) -> tuple[int, float]:
    """Grow trees until the validation set is answered no better: their number, and the loss."""
    booster = BOOSTERS[schema["algorithm"]](schema, arguments, None)
    if schema["algorithm"] == "xgboost":
        booster.fit(*train, eval_set=[validation], verbose=False)
        return booster.best_iteration + 1, booster.best_score
    booster.fit(*train, X_val=validation[0], y_val=validation[1])
    # The scores are negated losses: of a regression half the mean squared error.
    return booster.n_iter_, -max(booster.validation_score_)


def learned(frame: pd.DataFrame, schema: Schema, classes: Sequence[str]) -> np.ndarray:
    """What the booster learns of each row: a number, or that of its class."""
    if schema["task"] == "regression":
        return scaled(frame, schema)
    return np.asarray(pd.Categorical(frame[schema["target"]], categories=classes).codes)


def classes_of(frame: pd.DataFrame, schema: Schema) -> list[str]:
    """The classes of a classification, in order; of a regression none."""
    known = schema["task"] == "classification"
    return sorted(frame[schema["target"]].unique()) if known else []


def fit(
    train: pd.DataFrame, validation: pd.DataFrame, schema: Schema, arguments: argparse.Namespace
) -> tuple[Pipeline, list[str]]:
    """Find the number of trees on the validation set, then fit to both sets.

    Returns:
        The model, and the classes that it knows.
    """
    encode, classes = encoder(schema), classes_of(train, schema)
    # A class that the training set has not cannot be answered.
    known = validation[validation[schema["target"]].isin(classes)] if classes else validation
    trees, loss = search(
        (encode.fit_transform(features_of(train, schema)), learned(train, schema, classes)),
        (encode.transform(features_of(known, schema)), learned(known, schema, classes)),
        schema,
        arguments,
    )
    print(f"validation_loss={loss:.6f}; trees={trees};")
    both = pd.concat([train, validation], ignore_index=True)
    booster = BOOSTERS[schema["algorithm"]](schema, arguments, trees)
    model = Pipeline([("encode", encoder(schema)), ("boost", booster)])
    classes = classes_of(both, schema)
    return model.fit(features_of(both, schema), learned(both, schema, classes)), classes


def save(model: Pipeline, schema: Schema, folder: Path) -> None:
    """Write the model, the schema of what it answers, and the code that serves it."""
    (folder / "code").mkdir(parents=True, exist_ok=True)
    joblib.dump(model, folder / "model.joblib")
    (folder / "schema.json").write_text(json.dumps(schema, indent=2), encoding="utf-8")
    shutil.copy(Path(__file__).with_name("inference.py"), folder / "code" / "inference.py")


def served(schema: Schema, classes: list[str]) -> Schema:
    """The schema of a request: with the classes, and what the scale needs of a record."""
    columns = {name: dict(column) for name, column in schema["columns"].items()}
    if schema["scale"] == "log_ratio":
        column = columns[schema["baseline"]["ratio_to"]]
        column |= {"required": True, "above": max(0, column.get("above", 0))}
    return {**schema, "columns": columns, "classes": classes}


def main() -> None:
    """Run the step."""
    channel = "/opt/ml/input/data/"
    parser = argparse.ArgumentParser()
    parser.add_argument("--max_iter", type=int, default=800)
    parser.add_argument("--learning_rate", type=float, default=0.1)
    parser.add_argument("--max_leaf_nodes", type=int, default=63)
    parser.add_argument("--min_samples_leaf", type=int, default=5)
    parser.add_argument("--random_state", type=int, default=0)
    for name, variable, default in (
        ("--train", "SM_CHANNEL_TRAIN", channel + "train"),
        ("--validation", "SM_CHANNEL_VALIDATION", channel + "validation"),
        ("--model-dir", "SM_MODEL_DIR", "/opt/ml/model"),
    ):
        parser.add_argument(name, type=Path, default=Path(os.environ.get(variable, default)))
    arguments = parser.parse_args()
    schema = json.loads(Path(__file__).with_name("schema.json").read_text(encoding="utf-8"))
    train, validation = (read(folder, schema) for folder in (arguments.train, arguments.validation))
    print(f"{len(train)} training rows, {len(validation)} validation rows")
    model, classes = fit(train, validation, schema, arguments)
    save(model, served(schema, classes), arguments.model_dir)


if __name__ == "__main__":
    try:
        main()
    except DataError as error:
        sys.exit(f"train: {error}")
