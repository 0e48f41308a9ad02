"""Train the model of the landed value of a catch.

A stand-alone script in the script mode of SageMaker's scikit-learn image: folders come from
``SM_CHANNEL_TRAIN``, ``SM_CHANNEL_VALIDATION`` and ``SM_MODEL_DIR``, hyperparameters as arguments.

The model learns the logarithm of the price per tonne, for prices span twelve orders of magnitude;
the prediction is that price times the weight. Gradient boosting with native categories needs no
scaling, and takes a category that it has never seen as missing. The validation years decide when
to stop; the final model is then fitted to training and validation years with that many trees.

``inference.py`` is put into the model's ``code/``, so that the model needs no repacking to serve.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OrdinalEncoder

TARGET = "landed_value"
NUMERIC = ("year", "tonnes")
# The booster takes at most 255 categories a column; the rarest share one code.
MAX_CATEGORIES = 250


class DataError(Exception):
    """The training data cannot be used; the message says why."""


def read(folder: Path) -> pd.DataFrame:
    """Read one set that the preprocessing wrote.

    Raises:
        DataError: the set is absent or empty.
    """
    path = folder / "catches.csv"
    if not path.is_file():
        raise DataError(f"{path} does not exist; the preprocessing writes it.")
    text = {
        column: str for column in pd.read_csv(path, nrows=0) if column not in (*NUMERIC, TARGET)
    }
    frame = pd.read_csv(path, dtype=text, keep_default_na=False)
    if frame.empty:
        raise DataError(f"{path} has no rows.")
    return frame


def features_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns the model sees, texts as objects (the encoder's own kind)."""
    features = frame.drop(columns=TARGET)
    texts = [column for column in features if column not in NUMERIC]
    return features.astype(dict.fromkeys(texts, object))


def log_price(frame: pd.DataFrame) -> np.ndarray:
    """The target: natural logarithm of US dollars (2010) per tonne."""
    price: np.ndarray = np.log(frame[TARGET].to_numpy() / frame["tonnes"].to_numpy())
    return price


def encoder(texts: list[str]) -> ColumnTransformer:
    """Turn a record into numbers: category codes first, then year and log weight."""
    codes = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=np.nan, max_categories=MAX_CATEGORIES
    )
    logarithm = FunctionTransformer(np.log, feature_names_out="one-to-one")
    return ColumnTransformer(
        [("codes", codes, texts), ("year", "passthrough", ["year"]), ("log", logarithm, ["tonnes"])]
    )


def booster(arguments: argparse.Namespace, *, texts: int, trees: int | None) -> Any:
    """The regressor; ``trees`` fixes their number, else the validation set stops the growth."""
    return HistGradientBoostingRegressor(
        max_iter=trees or arguments.max_iter,
        learning_rate=arguments.learning_rate,
        max_leaf_nodes=arguments.max_leaf_nodes,
        min_samples_leaf=arguments.min_samples_leaf,
        categorical_features=list(range(texts)),
        early_stopping=trees is None,
        n_iter_no_change=40,
        random_state=arguments.random_state,
    )


def fit(train: pd.DataFrame, validation: pd.DataFrame, arguments: argparse.Namespace) -> Pipeline:
    """Find the number of trees on the validation set, then fit to both sets."""
    texts = [column for column in features_of(train) if column not in NUMERIC]
    encode = encoder(texts)
    search = booster(arguments, texts=len(texts), trees=None)
    search.fit(
        encode.fit_transform(features_of(train)),
        log_price(train),
        X_val=encode.transform(features_of(validation)),
        y_val=log_price(validation),
    )
    trees = search.n_iter_
    # The scores are negated losses: half the mean squared error of the log price.
    print(f"validation_loss={-max(search.validation_score_):.6f}; trees={trees};")
    both = pd.concat([train, validation], ignore_index=True)
    regressor = booster(arguments, texts=len(texts), trees=trees)
    model = Pipeline([("encode", encoder(texts)), ("regress", regressor)])
    return model.fit(features_of(both), log_price(both))


def save(model: Pipeline, features: list[str], folder: Path) -> None:
    """Write the model, the names of its features, and the code that serves it."""
    (folder / "code").mkdir(parents=True, exist_ok=True)
    joblib.dump(model, folder / "model.joblib")
    schema = {"features": features, "numeric": list(NUMERIC), "target": TARGET}
    (folder / "schema.json").write_text(json.dumps(schema, indent=2), encoding="utf-8")
    shutil.copy(Path(__file__).with_name("inference.py"), folder / "code" / "inference.py")


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
    train, validation = read(arguments.train), read(arguments.validation)
    print(f"{len(train)} training rows, {len(validation)} validation rows")
    model = fit(train, validation, arguments)
    save(model, list(features_of(train).columns), arguments.model_dir)


if __name__ == "__main__":
    try:
        main()
    except DataError as error:
        sys.exit(f"train: {error}")
