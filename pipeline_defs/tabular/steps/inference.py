"""Serve the model of the landed value of a catch.

The four functions that SageMaker's scikit-learn image calls: ``model_fn``, ``input_fn``,
``predict_fn`` and ``output_fn``. A record bears the model's columns; only ``year`` and ``tonnes``
must be there, a text that is absent counts as unknown. Another column is refused, because a
misspelt name would silently count as unknown.

Content types in: ``application/json`` (a record, a list of records, or ``{"instances": [...]}``),
``application/jsonlines``, ``text/csv`` (with a header row, or the model's features in order).
Content types out: ``application/json``, ``application/jsonlines``, ``text/csv``. The answer is the
landed value in US dollars of 2010.

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
NAME = "predicted_landed_value"
NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
LAST_YEAR = 9999


class RequestError(Exception):
    """A request that cannot be answered; the message names the record and the field."""

    def __init__(self, reason: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(reason)
        self.status = status


def model_fn(model_dir: str) -> dict[str, Any]:
    """Load the model and the names of its features."""
    folder = Path(model_dir)
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    return {"model": joblib.load(folder / "model.joblib"), **schema}


def input_fn(body: str | bytes, content_type: str) -> Any:
    """Decode a request into records (dicts), or rows (lists) where a CSV has no header.

    Returns:
        A list, or the RequestError that says why the request cannot be read.
    """
    try:
        return decode(body, content_type)
    except RequestError as error:
        return error


def predict_fn(records: Any, model: dict[str, Any]) -> Any:
    """Predict the landed value of each record, in US dollars of 2010.

    Returns:
        An array, or the RequestError that says which record cannot be answered, and why.
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
    """Decode a request into records or rows.

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


def csv_records(text: str) -> list[Any]:
    """The records of a CSV with a header row, or the rows of one without.

    Raises:
        RequestError: it is not CSV, or a row has another number of fields than the header.
    """
    try:
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
    except csv.Error as error:
        raise RequestError(f"The request is not CSV: {error}.") from error
    if not rows or "tonnes" not in rows[0]:
        return rows
    header = rows[0]
    refuse_repeated(header, "The header")
    for number, row in enumerate(rows[1:], start=1):
        if len(row) != len(header):
            raise RequestError(
                f"Record {number} has {len(row)} fields, the header {len(header)}: "
                f"{reprlib.repr(header)}."
            )
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


def refuse_repeated(names: list[str], place: str) -> None:
    """Refuse names of which one occurs twice.

    Raises:
        RequestError: it names the first.
    """
    repeated = [name for index, name in enumerate(names) if name in names[:index]]
    if repeated:
        raise RequestError(f"{place} names {reprlib.repr(repeated[0])} twice.")


def frame_of(records: list[Any], model: dict[str, Any]) -> pd.DataFrame:
    """Arrange records as the model was trained on them.

    Raises:
        RequestError: the first record that cannot be used, and why.
    """
    features, numeric = model["features"], model["numeric"]
    rows = [row_of(record, number, model) for number, record in enumerate(records, start=1)]
    frame = pd.DataFrame(rows, columns=features)
    return frame.astype({n: object for n in features if n not in numeric})


def row_of(record: Any, number: int, model: dict[str, Any]) -> dict[str, Any]:
    """The features of one record.

    Raises:
        RequestError: the record lacks a field, or has one that is wrong or not known.
    """
    features, numeric = model["features"], model["numeric"]
    if isinstance(record, list):
        if len(record) != len(features):
            raise RequestError(
                f"Row {number} has {len(record)} fields; without a header it must have "
                f"{len(features)}: {', '.join(features)}."
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
            f"{', '.join(features)}."
        )
    missing = [name for name in numeric if record.get(name) in (None, "")]
    if missing:
        raise RequestError(f"Record {number} lacks {', '.join(missing)}, which are required.")
    return {
        name: number_of(record[name], name, number)
        if name in numeric
        else category_of(record.get(name), name, number)
        for name in features
    }


def number_of(value: Any, name: str, number: int) -> float:
    """The value of a numeric field, given as a number or, as in a CSV, as its text.

    Raises:
        RequestError: it is no finite number, no year, or no positive weight.
    """
    place = f"Record {number} has {name}={reprlib.repr(value)}"
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not numeric and not (isinstance(value, str) and NUMBER.fullmatch(value)):
        raise RequestError(f"{place}; it must be a number.")
    try:
        parsed = float(value)
    except OverflowError:
        parsed = math.inf
    if not math.isfinite(parsed):
        raise RequestError(f"{place}; it must be a finite number.")
    if name == "tonnes" and parsed <= 0:
        raise RequestError(f"{place}; it must be positive.")
    if name == "year" and not (parsed.is_integer() and 1 <= parsed <= LAST_YEAR):
        raise RequestError(f"{place}; it must be a whole year from 1 to {LAST_YEAR}.")
    return parsed


def category_of(value: Any, name: str, number: int) -> str:
    """The value of a text field; a number counts as its text, as it did in the training.

    Raises:
        RequestError: it is neither a text nor a finite number.
    """
    if value is None:
        return UNKNOWN
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not isinstance(value, str) and not (numeric and abs(value) < math.inf):
        raise RequestError(
            f"Record {number} has {name}={reprlib.repr(value)}; it must be a text, or be left out."
        )
    return str(value).strip() or UNKNOWN


def predict(records: list[Any], model: dict[str, Any]) -> np.ndarray:
    """Predict the landed value of each record.

    Raises:
        RequestError: a record cannot be used, or its value is beyond the largest number.
    """
    frame = frame_of(records, model)
    price = np.exp(model["model"].predict(frame[model["features"]]))
    with np.errstate(over="ignore"):
        value: np.ndarray = price * frame["tonnes"].to_numpy()
    beyond = np.flatnonzero(~np.isfinite(value))
    if len(beyond):
        raise RequestError(
            f"Record {beyond[0] + 1} has tonnes={frame['tonnes'].iloc[beyond[0]]}; its value is "
            "beyond the largest number."
        )
    return value


def encode(prediction: Iterable[float], accept: str) -> tuple[str, str]:
    """Encode predictions, in the order of the records.

    Raises:
        RequestError: the caller accepts none of the three content types.
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
    raise RequestError(
        f"Cannot answer as {reprlib.repr(accept)}; allowed are application/json, "
        "application/jsonlines and text/csv.",
        HTTPStatus.NOT_ACCEPTABLE,
    )
