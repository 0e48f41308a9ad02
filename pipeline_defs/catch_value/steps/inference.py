"""Serve the model of the landed value of a catch.

The four functions that SageMaker's scikit-learn image calls: ``model_fn``, ``input_fn``,
``predict_fn`` and ``output_fn``. A record bears the raw columns of the catch data; only ``year``
and ``tonnes`` must be there, a text that is absent counts as unknown.

Content types in: ``application/json`` (a record, a list of records, or ``{"instances": [...]}``),
``application/jsonlines``, ``text/csv`` (with a header row, or the model's features in order).
Content types out: ``application/json``, ``application/jsonlines``, ``text/csv``. The answer is the
landed value in US dollars of 2010.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd

UNKNOWN = "unknown"
NAME = "predicted_landed_value"


def model_fn(model_dir: str) -> dict[str, Any]:
    """Load the model and the names of its features."""
    folder = Path(model_dir)
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    return {"model": joblib.load(folder / "model.joblib"), **schema}


def input_fn(body: str | bytes, content_type: str) -> Any:
    """Decode a request into records (dicts), or rows (lists) where a CSV has no header.

    Raises:
        ValueError: the content type is not one of the three, or nothing was sent.
    """
    text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if not text.strip():
        raise ValueError("The request is empty; send at least one record.")
    if kind == "application/json":
        parsed = json.loads(text)
        if isinstance(parsed, dict):
            parsed = parsed.get("instances", [parsed])
        return parsed
    if kind in {"application/jsonlines", "application/x-jsonlines"}:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    if kind == "text/csv":
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
        if "tonnes" in rows[0]:
            return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        return rows
    raise ValueError(
        f"Content type {content_type!r} is not read; allowed are application/json, "
        "application/jsonlines and text/csv."
    )


def frame_of(records: Any, model: dict[str, Any]) -> pd.DataFrame:
    """Arrange records as the model was trained on them.

    Raises:
        TypeError: a record is neither an object nor a row.
        ValueError: a record has no usable year or weight, or a row has too few fields.
    """
    features, numeric = model["features"], model["numeric"]
    rows = []
    for number, record in enumerate(records, start=1):
        if isinstance(record, list):
            if len(record) != len(features):
                raise ValueError(
                    f"Row {number} has {len(record)} fields; without a header it must have "
                    f"{len(features)}: {', '.join(features)}."
                )
            record = dict(zip(features, record, strict=True))  # noqa: PLW2901 - same record, named
        if not isinstance(record, dict):
            raise TypeError(f"Record {number} is {record!r}; a record is an object of columns.")
        missing = [name for name in numeric if record.get(name) in (None, "")]
        if missing:
            raise ValueError(f"Record {number} lacks {', '.join(missing)}, which are required.")
        texts = {n: str(record.get(n) or UNKNOWN).strip() for n in features if n not in numeric}
        rows.append({**{name: float(record[name]) for name in numeric}, **texts})
    frame = pd.DataFrame(rows, columns=features)
    bad = frame[~frame["tonnes"].between(0, np.inf, inclusive="neither")]
    if len(bad):
        raise ValueError(
            f"Record {bad.index[0] + 1} has tonnes={bad['tonnes'].iloc[0]}; it must be positive."
        )
    return frame.astype({n: object for n in features if n not in numeric})


def predict_fn(records: Any, model: dict[str, Any]) -> np.ndarray:
    """Predict the landed value of each record, in US dollars of 2010."""
    frame = records if isinstance(records, pd.DataFrame) else frame_of(records, model)
    price = np.exp(model["model"].predict(frame[model["features"]]))
    value: np.ndarray = price * frame["tonnes"].to_numpy()
    return value


def output_fn(prediction: np.ndarray, accept: str) -> tuple[str, str]:
    """Encode predictions, in the order of the records.

    Raises:
        ValueError: the caller accepts none of the three content types.
    """
    kinds = {kind.split(";")[0].strip().lower() for kind in (accept or "*/*").split(",")}
    values = [float(value) for value in prediction]
    if kinds & {"application/json", "*/*", "application/*"}:
        answer = json.dumps({"predictions": [{NAME: value} for value in values]})
        return answer, "application/json"
    if kinds & {"application/jsonlines", "application/x-jsonlines"}:
        return "".join(json.dumps({NAME: v}) + "\n" for v in values), "application/jsonlines"
    if kinds & {"text/csv", "text/*"}:
        return "".join(f"{value!r}\n" for value in values), "text/csv"
    raise ValueError(
        f"Cannot answer as {accept!r}; allowed are application/json, application/jsonlines "
        "and text/csv."
    )
