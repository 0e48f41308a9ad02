"""Serve the model of a table's target.

The four functions that SageMaker's scikit-learn and XGBoost images call: ``model_fn``,
``input_fn``, ``predict_fn`` and ``output_fn``. The model's ``schema.json`` says what a record may
bear: a column that it requires must be there and in its bounds, a category that is absent counts as
unknown, a number that is absent as missing. Another column is refused, because a misspelt name
would silently count as unknown.

Content types in: ``application/json`` (a record, a list of records, or ``{"instances": [...]}``),
``application/jsonlines``, ``text/csv`` (with a header row, which is known by the name of a feature
in it, or the model's features in order).
Content types out: ``application/json``, ``application/jsonlines``, ``text/csv``. The answer is a
number, or a class and its probability.

A bad request is answered with status 400, 406 or 415 and ``{"error": reason}``. It must not be
raised: the image turns every exception of the four functions into a bare 500 (error_wrapper in
_functions.py of aws/sagemaker-containers, which wraps even UnsupportedFormatError). The error
travels as a value instead, and ``output_fn`` returns it as a WSGI application: the image passes
what is no tuple to Flask (Transformer.transform in _transformer.py), and Flask takes a view's
value that is a WSGI application as the response ("About Responses" in Flask's quickstart).
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import reprlib
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

UNKNOWN = "unknown"
"""What a category is called that a record lacks."""
PROBABILITY = "probability"
NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
WHOLE = re.compile(r"\s*[+-]?\d+\s*", re.ASCII)
SHOWN = 12
TRUTHS = {
    "true": "true",
    "1": "true",
    "1.0": "true",
    "false": "false",
    "0": "false",
    "0.0": "false",
}
BOUNDS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "above": ("above", lambda value, bound: value > bound),
    "minimum": ("of at least", lambda value, bound: value >= bound),
    "maximum": ("of at most", lambda value, bound: value <= bound),
}


class RequestError(Exception):
    """A request that cannot be answered; the message names the record and the field."""

    def __init__(self, reason: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(reason)
        self.status = status


class Table(list[list[str]]):
    """The rows of a CSV, of which the first may be a header."""


def model_fn(model_dir: str) -> dict[str, Any]:
    """Load the model and the schema of what it answers."""
    folder = Path(model_dir)
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    return {"model": joblib.load(folder / "model.joblib"), "schema": schema}


def input_fn(body: str | bytes, content_type: str) -> Any:
    """Decode a request into records (dicts), or a CSV into a Table.

    Returns:
        A list, or the RequestError that says why the request cannot be read.
    """
    try:
        return decode(body, content_type)
    except RequestError as error:
        return error


def predict_fn(records: Any, model: dict[str, Any]) -> Any:
    """Answer each record.

    Returns:
        A list of answers, or the RequestError that says which record cannot be answered, and why.
    """
    if isinstance(records, RequestError):
        return records
    try:
        return predict(records, model)
    except RequestError as error:
        return error


def output_fn(prediction: Any, accept: str) -> tuple[str, str] | WsgiApplication:
    """Encode predictions, in the order of the records; an error becomes its error answer."""
    if isinstance(prediction, RequestError):
        return refusal(prediction)
    try:
        return encode(prediction, accept)
    except RequestError as error:
        return refusal(error)


def refusal(error: RequestError) -> WsgiApplication:
    """The error answer to a bad request, as a WSGI application."""
    body = json.dumps({"error": str(error)}).encode()
    status = f"{error.status.value} {error.status.phrase}"
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]

    def application(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response(status, headers)
        return [body]

    return application


def decode(body: str | bytes, content_type: str) -> list[Any]:
    """Decode a request into records, or a CSV into a Table.

    Raises:
        RequestError: the content type is not one of the three, or the body is not of that type.
    """
    kind, _, parameters = (part.strip().lower() for part in content_type.partition(";"))
    if "charset=" in parameters and not re.search(r'charset="?utf-?8\b', parameters):
        raise RequestError(
            f"Content type {reprlib.repr(content_type)} has a charset that is not read; send "
            "UTF-8.",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )
    readers = {
        "application/json": json_records,
        "application/jsonlines": jsonlines_records,
        "application/x-jsonlines": jsonlines_records,
        "text/csv": csv_records,
    }
    if kind not in readers:
        raise RequestError(
            f"Content type {reprlib.repr(content_type)} is not read; allowed are "
            "application/json, application/jsonlines and text/csv.",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )
    text = text_of(body)
    records = readers[kind](text) if text.strip() else []
    if not records:
        raise RequestError("The request is empty; send at least one record.")
    return records


def text_of(body: str | bytes) -> str:
    """The request as text; the image has already read JSON and CSV, bad bytes being U+FFFD.

    Raises:
        RequestError: the request is not UTF-8.
    """
    text = body.decode("utf-8-sig", errors="replace") if isinstance(body, bytes) else body
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        raise RequestError(f"The request is not UTF-8, first in its line {line}; encode it so.")
    return text.removeprefix("\ufeff")


def parsed_json(text: str, place: str) -> Any:
    """Parse JSON, in which a name may occur once.

    Raises:
        RequestError: it is not JSON, nested too deeply, or names a field twice.
    """

    def fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        refuse_repeated([name for name, _ in pairs], place)
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=fields)
    except ValueError as error:
        raise RequestError(f"{place} is not JSON: {error}.") from error
    except RecursionError as error:
        raise RequestError(f"{place} is nested too deeply; a record is flat.") from error


def json_records(text: str) -> list[Any]:
    """The records of a JSON text: a record, a list of them, or an object of instances.

    Raises:
        RequestError: it is none of the three.
    """
    parsed = parsed_json(text, "The request")
    if isinstance(parsed, dict) and "instances" not in parsed:
        return [parsed]
    if isinstance(parsed, dict):
        others = sorted(set(parsed) - {"instances"})
        if others:
            raise RequestError(f"Beside instances there is {reprlib.repr(others)}; leave it out.")
        parsed = parsed["instances"]
        if not isinstance(parsed, list):
            raise RequestError(f"instances is {reprlib.repr(parsed)}; it must be a list.")
    if not isinstance(parsed, list):
        raise RequestError(
            f"The request is {reprlib.repr(parsed)}; send a record, a list of records or "
            '{"instances": [...]}.'
        )
    return parsed


def jsonlines_records(text: str) -> list[Any]:
    """The records of JSON lines; an empty line is none."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1)]
    return [parsed_json(line, f"Line {number}") for number, line in lines if line.strip()]


def csv_records(text: str) -> Table:
    """The rows of a CSV.

    Raises:
        RequestError: it is not CSV.
    """
    try:
        return Table(row for row in csv.reader(io.StringIO(text)) if row)
    except csv.Error as error:
        raise RequestError(f"The request is not CSV: {error}.") from error


def records_of(table: Table, features: list[str]) -> list[Any]:
    """The records of a table with a header, or its rows if it has none.

    Raises:
        RequestError: it has a header alone, or a row has another number of fields than that.
    """
    header, *rows = table
    if not set(header) & set(features):
        return list(table)
    refuse_repeated(header, "The header")
    if not rows:
        raise RequestError("The request is empty below its header; send at least one record.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise RequestError(
                f"Record {number} has {len(row)} fields, the header {len(header)}: "
                f"{reprlib.repr(header)}."
            )
    return [dict(zip(header, row, strict=True)) for row in rows]


def refuse_repeated(names: list[str], place: str) -> None:
    """Refuse names of which one occurs twice.

    Raises:
        RequestError: it names the first.
    """
    repeated = [name for index, name in enumerate(names) if name in names[:index]]
    if repeated:
        raise RequestError(f"{place} names {reprlib.repr(repeated[0])} twice.")


def listed(names: list[str]) -> str:
    """Some names, however many there are."""
    more = f" and {len(names) - SHOWN} more" if names[SHOWN:] else ""
    return ", ".join(names[:SHOWN]) + more


def frame_of(records: list[Any], model: dict[str, Any]) -> pd.DataFrame:
    """Arrange records as the model was trained on them.

    Raises:
        RequestError: the first record that cannot be used, and why.
    """
    schema = model["schema"]
    features = schema["features"]
    if isinstance(records, Table):
        records = records_of(records, features)
    rows = [row_of(record, number, schema) for number, record in enumerate(records, start=1)]
    kinds = {
        name: float if schema["columns"][name]["kind"] == "number" else object for name in features
    }
    return pd.DataFrame(rows, columns=features).astype(kinds)


def row_of(record: Any, number: int, schema: dict[str, Any]) -> dict[str, Any]:
    """The features of one record.

    Raises:
        RequestError: the record lacks a field, or has one that is wrong or not known.
    """
    features, columns = schema["features"], schema["columns"]
    if isinstance(record, list):
        if len(record) != len(features):
            raise RequestError(
                f"Row {number} has {len(record)} fields; without a header it must have "
                f"{len(features)}: {listed(features)}."
            )
        record = dict(zip(features, record, strict=True))
    if not isinstance(record, dict):
        raise RequestError(
            f"Record {number} is {reprlib.repr(record)}; a record is an object of columns."
        )
    unknown = sorted(set(record) - set(features))
    if unknown:
        raise RequestError(
            f"Record {number} has {reprlib.repr(unknown[0])}, which is not known; allowed are "
            f"{listed(features)}."
        )
    missing = [n for n in features if columns[n]["required"] and is_missing(record.get(n))]
    if missing:
        raise RequestError(f"Record {number} lacks {listed(missing)}, which must be there.")
    return {name: value_of(record.get(name), columns[name], name, number) for name in features}


def is_missing(value: Any) -> bool:
    """Whether a field holds nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def value_of(value: Any, column: dict[str, Any], name: str, number: int) -> float | str:
    """The value of a field, as the training had it.

    Raises:
        RequestError: it is not of the column's type, or out of its bounds.
    """
    category = column["kind"] == "category"
    if is_missing(value):
        return UNKNOWN if category else math.nan
    kind = column["type"]
    if category and kind != "whole":
        text = text_of_truth(value) if kind == "boolean" else text_of_category(value)
        if text is not None:
            return text
    elif category and value == UNKNOWN:
        return UNKNOWN
    else:
        parsed = number_of(value, whole=kind == "whole")
        if parsed is not None and in_bounds(parsed, column):
            return str(parsed) if category else float(parsed)
    raise RequestError(f"Record {number} has {name}={reprlib.repr(value)}; it must be "
                       f"{allowed(column)}.")  # fmt: skip


def allowed(column: dict[str, Any]) -> str:
    """What a field must be, in words."""
    kind = {
        "whole": "a whole number",
        "fraction": "a finite number",
        "boolean": "true or false",
        "text": "a text",
    }[column["type"]]
    bounds = [f"{word} {column[key]:g}" for key, (word, _) in BOUNDS.items() if key in column]
    optional = [] if column["required"] else [", or be left out"]
    return " ".join([kind, " and ".join(bounds)]).strip() + "".join(optional)


def in_bounds(value: float, column: dict[str, Any]) -> bool:
    """Whether a number keeps to the bounds of its column."""
    return all(within(value, column[key]) for key, (_, within) in BOUNDS.items() if key in column)


def number_of(value: Any, *, whole: bool) -> float | None:
    """A finite number, given as one or, as in a CSV, as its text; else None."""
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not numeric and not (isinstance(value, str) and NUMBER.fullmatch(value)):
        return None
    try:
        parsed = float(value)
    except OverflowError:
        return None
    if not math.isfinite(parsed):
        return None
    if not whole:
        return parsed
    if isinstance(value, int) or (isinstance(value, str) and WHOLE.fullmatch(value)):
        return int(value)
    return int(parsed) if parsed.is_integer() else None


def text_of_truth(value: Any) -> str | None:
    """A truth as the training had it, given as one, as 0 or 1, or as a text; else None."""
    plain = isinstance(value, (bool, int, float, str))
    text = str(value).strip().lower()
    return TRUTHS.get(text, UNKNOWN if text == UNKNOWN else None) if plain else None


def text_of_category(value: Any) -> str | None:
    """A text; a number counts as its text, as it did in the training; else None."""
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not isinstance(value, str) and not (numeric and abs(value) < math.inf):
        return None
    return str(value).strip()


def predict(records: list[Any], model: dict[str, Any]) -> list[dict[str, Any]]:
    """Answer each record: a number, or a class and its probability.

    Raises:
        RequestError: a record cannot be used, or its answer is beyond the largest number.
    """
    schema = model["schema"]
    frame = frame_of(records, model)
    if schema["task"] == "regression":
        return [{schema["answer"]: float(value)} for value in numbers(frame, model)]
    table = chances(frame, model)
    best = table.argmax(axis=1)
    return [
        {schema["answer"]: schema["classes"][column], PROBABILITY: float(row[column])}
        for row, column in zip(table, best, strict=True)
    ]


def chances(frame: pd.DataFrame, model: dict[str, Any]) -> np.ndarray:
    """The probability of each class, a column each, for each record."""
    table: np.ndarray = model["model"].predict_proba(frame)
    return table


def numbers(frame: pd.DataFrame, model: dict[str, Any]) -> np.ndarray:
    """The predicted number for each record.

    Raises:
        RequestError: a number is beyond the largest.
    """
    schema = model["schema"]
    values: np.ndarray = np.asarray(model["model"].predict(frame), dtype=float)
    factor, name = np.ones(len(frame)), schema["features"][0]
    if schema["scale"] == "log_ratio":
        name = schema["baseline"]["ratio_to"]
        factor = frame[name].to_numpy()
    with np.errstate(over="ignore"):
        if schema["scale"] != "linear":
            values = np.exp(values)
        values = values * factor
    beyond = np.flatnonzero(~np.isfinite(values))
    if len(beyond):
        raise RequestError(
            f"Record {beyond[0] + 1} has {name}={frame[name].iloc[beyond[0]]}; its answer is "
            "beyond the largest number."
        )
    return values


def encode(prediction: list[dict[str, Any]], accept: str) -> tuple[str, str]:
    """Encode answers, in the order of the records.

    Raises:
        RequestError: the caller accepts none of the three content types.
    """
    kinds = {kind.split(";")[0].strip().lower() for kind in (accept or "*/*").split(",")}
    if kinds & {"application/json", "*/*", "application/*"}:
        return json.dumps({"predictions": prediction}), "application/json"
    if kinds & {"application/jsonlines", "application/x-jsonlines"}:
        lines = [json.dumps(answer) + "\n" for answer in prediction]
        return "".join(lines), "application/jsonlines"
    if kinds & {"text/csv", "text/*"}:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(answer.values() for answer in prediction)
        return text.getvalue(), "text/csv"
    raise RequestError(
        f"Cannot answer as {reprlib.repr(accept)}; allowed are application/json, "
        "application/jsonlines and text/csv.",
        HTTPStatus.NOT_ACCEPTABLE,
    )
