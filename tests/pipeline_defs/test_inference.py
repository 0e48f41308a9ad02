from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.pipeline_defs.conftest import load_step

if TYPE_CHECKING:
    from pathlib import Path

inference = load_step("inference")
RECORD = {
    "year": 2009,
    "tonnes": 10.0,
    "common_name": "Marine crabs, nei",
    "fishing_entity": "Fiji",
}


@pytest.fixture(scope="session")
def loaded(model: Path) -> dict[str, Any]:
    return inference.model_fn(str(model))


def answer(loaded: dict[str, Any], body: str, kind: str) -> list[float]:
    answers = inference.predict(inference.decode(body, kind), loaded)
    return [answer["predicted_landed_value"] for answer in answers]


def test_every_content_type_gives_the_same_answer(loaded: dict[str, Any]) -> None:
    expected = answer(loaded, json.dumps(RECORD), "application/json")
    header = "year,tonnes,common_name,fishing_entity"
    rows = {
        "application/jsonlines": json.dumps(RECORD) + "\n",
        "text/csv": f'{header}\n2009,10,"Marine crabs, nei",Fiji\n',
        "application/json": json.dumps({"instances": [RECORD]}),
    }
    assert {kind: answer(loaded, body, kind) for kind, body in rows.items()} == dict.fromkeys(
        rows, expected
    )


def test_a_csv_row_without_header_is_read_in_the_order_of_the_features(
    loaded: dict[str, Any],
) -> None:
    row = ",".join(f'"{RECORD.get(name, "unknown")}"' for name in loaded["schema"]["features"])
    expected = answer(loaded, json.dumps(RECORD), "application/json")
    assert answer(loaded, row, "text/csv; charset=utf-8") == expected


def test_bytes_are_read_as_text() -> None:
    assert inference.input_fn(json.dumps([RECORD]).encode(), "application/json") == [RECORD]


def test_answers_keep_the_order_of_the_records(loaded: dict[str, Any]) -> None:
    light, heavy = {**RECORD, "tonnes": 1}, {**RECORD, "tonnes": 1000}
    first_light, then_heavy = answer(loaded, json.dumps([light, heavy]), "application/json")
    first_heavy, then_light = answer(loaded, json.dumps([heavy, light]), "application/json")
    assert (first_light, then_heavy) == (then_light, first_heavy)
    assert first_light < then_heavy


def test_a_text_never_seen_is_answered(loaded: dict[str, Any]) -> None:
    strange = {**RECORD, "common_name": "Kraken", "gear_type": "by hand"}
    assert answer(loaded, json.dumps(strange), "application/json")[0] > 0


def test_a_number_as_a_text_counts_as_in_the_training(loaded: dict[str, Any]) -> None:
    row = inference.row_of({**RECORD, "gear_type": 0}, 1, loaded["schema"])
    assert row["gear_type"] == "0"


def test_the_answer_is_near_the_price_that_the_data_has(loaded: dict[str, Any]) -> None:
    # 150 dollars a tonne is the price of that species caught by that entity.
    assert answer(loaded, json.dumps(RECORD), "application/json")[0] == pytest.approx(1500, rel=0.3)


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ('{"year": 2009}', "application/json", "Record 1 lacks tonnes"),
        ('{"year": 2009, "tonnes": -1}', "application/json", "must be a finite number above 0"),
        ("[1]", "application/json", "a record is an object"),
        ("2009,1", "text/csv", "Row 1 has 2 fields"),
        ("   ", "application/json", "empty"),
        ("<x/>", "application/xml", "allowed are application/json"),
    ],
)
def test_a_bad_request_says_what_is_wrong(
    loaded: dict[str, Any], body: str, kind: str, message: str
) -> None:
    with pytest.raises(inference.RequestError, match=message):
        answer(loaded, body, kind)


@pytest.mark.parametrize(
    ("accept", "body", "kind"),
    [
        ("*/*", '{"predictions": [{"predicted_landed_value": 2.5}]}', "application/json"),
        ("application/jsonlines", '{"predicted_landed_value": 2.5}\n', "application/jsonlines"),
        ("text/csv", "2.5\n", "text/csv"),
    ],
)
def test_the_answer_is_encoded_as_asked(accept: str, body: str, kind: str) -> None:
    assert inference.output_fn([{"predicted_landed_value": 2.5}], accept) == (body, kind)


def test_an_answer_of_another_kind_is_refused() -> None:
    with pytest.raises(inference.RequestError, match="Cannot answer as 'image/png'"):
        inference.encode([{"answer": 1.0}], "image/png")
