"""Tables of other fields than the catch's, with the schemas that the settings make of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn import datasets

from config.dataset import Column, Dataset, Prediction
from config.learning import learning_of
from config.sections.ml import Pipeline


def schema_of(
    columns: dict[str, dict[str, Any]], *, prediction: dict[str, Any] | None = None, **settings: Any
) -> dict[str, Any]:
    """The schema of a table with these columns, by the settings of its pipeline."""
    dataset = Dataset(
        name="table",
        home=Path(),
        title="A table",
        columns={name: Column(**column) for name, column in columns.items()},
        prediction=Prediction(**(prediction or {})),
    )
    return learning_of(Pipeline(name="test", dataset="table", **settings), dataset).schema()


def bundled(name: str) -> tuple[pd.DataFrame, dict[str, dict[str, Any]]]:
    """A data set of scikit-learn and its columns; every feature is a number, ``target`` is text."""
    loaded = getattr(datasets, f"load_{name}")()
    names = [str(feature).replace(" ", "_").replace("/", "_") for feature in loaded.feature_names]
    names = [feature.replace("(", "").replace(")", "") for feature in names]
    frame = pd.DataFrame(loaded.data, columns=names)
    frame["target"] = [str(loaded.target_names[number]) for number in loaded.target]
    columns = {feature: {"type": "fraction", "role": "number"} for feature in names}
    return frame, {**columns, "target": {"type": "text", "role": "target"}}


def diabetes() -> tuple[pd.DataFrame, dict[str, dict[str, Any]]]:
    """Measurements of patients and the progress of their illness a year later, a number."""
    loaded = datasets.load_diabetes(scaled=False)
    frame = pd.DataFrame(loaded.data, columns=loaded.feature_names)
    frame["progress"] = loaded.target
    frame["sex"] = frame["sex"].astype(int)
    columns = {name: {"type": "fraction", "role": "number"} for name in loaded.feature_names}
    columns["sex"] = {"type": "whole", "role": "category"}
    return frame, {**columns, "progress": {"type": "whole", "role": "target"}}


def orders(rows: int = 400) -> pd.DataFrame:
    """Invented orders with every type of column, of which each value may be missing but the last.

    The price is a sum by the kind of goods, so that it is known by it and the amount.
    """
    random = np.random.default_rng(3)
    goods = random.choice(["bolts", "nuts", "unknown"], rows)
    amount = np.exp(random.normal(3, 2, rows))
    rate = pd.Series(goods).map({"bolts": 2.0, "nuts": 30.0, "unknown": 400.0}).to_numpy()
    frame = pd.DataFrame(
        {
            "id": [f"order {number}" for number in range(rows)],
            "day": pd.date_range("2024-01-30", periods=40).astype(str)[np.arange(rows) % 40],
            "goods": goods,
            "depot": random.integers(1, 5, rows),
            "express": random.choice([True, False], rows),
            "parcels": random.integers(1, 9, rows),
            "distance": random.random(rows) * 1e-9,
            "amount": amount,
            "price": rate * amount,
        }
    )
    gaps = frame[["goods", "depot", "express", "parcels", "distance"]].astype(object)
    frame[gaps.columns] = gaps.mask(random.random(gaps.shape) < 0.1, None)
    return frame


ORDERS: dict[str, dict[str, Any]] = {
    "id": {"type": "text", "role": "key"},
    "day": {"type": "date", "role": "time"},
    "goods": {"type": "text", "role": "category"},
    "depot": {"type": "whole", "role": "category"},
    "express": {"type": "boolean", "role": "category"},
    "parcels": {"type": "whole", "role": "number", "minimum": 1},
    "distance": {"type": "fraction", "role": "number"},
    "amount": {"type": "fraction", "role": "number", "above": 0, "required": True},
    "price": {"type": "fraction", "role": "target", "above": 0},
}


def without_time(columns: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The columns, of which none orders the rows in time."""
    ignored = {n: {**c, "role": "ignored"} for n, c in columns.items() if c["role"] == "time"}
    return {**columns, **ignored}
