"""What a request may hold follows from the schema, whatever the table."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.pipeline_defs.conftest import load_step
from tests.pipeline_defs.tables import ORDERS, schema_of

inference = load_step("inference")
COLUMNS: dict[str, dict[str, Any]] = {
    **ORDERS,
    "goods": {**ORDERS["goods"], "required": True},
    "parcels": {**ORDERS["parcels"], "maximum": 8},
}
SCHEMA = schema_of(COLUMNS)
GOOD: dict[str, Any] = {"goods": "nuts", "amount": 2.5}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("parcels", 0, "parcels=0; it must be a whole number of at least 1 and of at most 8"),
        ("parcels", 9, "parcels=9; it must be a whole number"),
        ("parcels", 2.5, "parcels=2.5; it must be a whole number"),
        ("parcels", "2,5", "parcels='2,5'; it must be a whole number"),
        ("amount", 0, "amount=0; it must be a finite number above 0"),
        ("amount", True, "amount=True; it must be a finite number"),
        ("amount", None, "lacks amount, which must be there"),
        ("goods", " ", "lacks goods, which must be there"),
        ("distance", math.inf, "distance=inf; it must be a finite number, or be left out"),
        ("depot", "north", "depot='north'; it must be a whole number, or be left out"),
        ("depot", 1.5, "depot=1.5; it must be a whole number"),
        ("express", "yes", "express='yes'; it must be true or false, or be left out"),
        ("express", 2, "express=2; it must be true or false"),
        ("goods", False, "goods=False; it must be a text"),
        ("price", 3.0, "has 'price', which is not known; allowed are goods, depot"),
        ("day", "2024-01-30", "has 'day', which is not known"),
    ],
)
def test_a_field_that_the_schema_forbids_is_refused(field: str, value: Any, words: str) -> None:
    with pytest.raises(inference.RequestError) as refused:
        inference.row_of({**GOOD, field: value}, 3, SCHEMA)
    assert f"Record 3 {'has ' if '=' in words else ''}{words}" in str(refused.value)


def test_what_is_left_out_is_unknown_or_missing() -> None:
    row = inference.row_of({**GOOD, "depot": None, "express": ""}, 1, SCHEMA)
    assert (row["depot"], row["express"]) == ("unknown", "unknown")
    assert math.isnan(row["parcels"])
    assert math.isnan(row["distance"])


def test_what_a_batch_record_calls_unknown_is_answered() -> None:
    row = inference.row_of({**GOOD, "depot": "unknown", "express": "unknown"}, 1, SCHEMA)
    assert (row["depot"], row["express"]) == ("unknown", "unknown")


def test_the_names_of_many_columns_are_cut_short() -> None:
    columns = {f"column_{n}": {"type": "fraction", "role": "number"} for n in range(500)}
    schema = schema_of({**columns, "y": {"type": "fraction", "role": "target"}})
    with pytest.raises(inference.RequestError, match="column_11 and 488 more") as refused:
        inference.row_of({"z": 1}, 1, schema)
    assert len(str(refused.value)) < 500


def test_a_header_is_known_by_a_name_of_a_feature() -> None:
    table = inference.csv_records("amount,goods\n1.5,nuts\n")
    assert inference.records_of(table, SCHEMA["features"]) == [{"amount": "1.5", "goods": "nuts"}]


def test_a_class_is_written_into_csv_with_its_probability() -> None:
    answers = [{"predicted_kind": "a, b", "probability": 0.75}]
    assert inference.encode(answers, "text/csv") == ('"a, b",0.75\n', "text/csv")


def test_the_column_of_a_ratio_must_be_there_and_above_nothing() -> None:
    train = load_step("train")
    prediction = {"baseline": "ratio", "ratio_to": "distance", "scale": "log_ratio"}
    schema = train.served(schema_of(COLUMNS, prediction=prediction), [])
    with pytest.raises(inference.RequestError, match="lacks distance"):
        inference.row_of(GOOD, 1, schema)
    with pytest.raises(inference.RequestError, match=r"distance=0; it must be .* above 0"):
        inference.row_of({**GOOD, "distance": 0}, 1, schema)
