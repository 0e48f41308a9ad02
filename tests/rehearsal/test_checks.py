"""Promises of the checks: a platform that answers wrongly does not pass."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pipeline_defs.catch_value import SPEC

from config import load
from rehearsal.checks.predictions import check_error, check_predictions, held_out_records, pair
from rehearsal.data.prepare import PreparedData, PreparedFile
from rehearsal.errors import RehearsalError
from rehearsal.journey import Journey
from rehearsal.reporting.report import QueryAnswer, Report
from rehearsal.steps.answers import check_answers
from rehearsal.steps.queries import DeployedQuery

if TYPE_CHECKING:
    from pathlib import Path

assert SPEC.answers is not None
ANSWERS = SPEC.answers
CATCHES = {
    "year": [2001, 2001, 2002, 2002],
    "fishing_entity": ["Fiji"] * 4,
    "area_name": ["Fiji", None, "Fiji", None],
    "common_name": ["Albacore"] * 4,
    "tonnes": [1.0, 2.0, 0.0, 4.0],
    "landed_value": [10.0, 20.0, 30.0, 40.0],
}


@pytest.fixture
def catches(tmp_path: Path) -> Path:
    pq.write_table(pa.table(CATCHES), tmp_path / "catches.parquet")
    return tmp_path / "catches.parquet"


@pytest.fixture
def journey(catches: Path, tmp_path: Path) -> Journey:
    file = PreparedFile(source=catches, renames={}, parquet=catches, rows=4, columns=tuple(CATCHES))
    answers: dict[str, list[list[Any]]] = {
        "value_eez_catch": [[2001, "Fiji", Decimal(10)], [2002, "Fiji", Decimal(30)]],
        "value_open_seas_catch": [[2001, "Fiji", Decimal(20)], [2002, "Fiji", Decimal(40)]],
        "value_eez_and_open_seas_catch": [
            [2001, "Fiji", Decimal(30)],
            [2002, "Fiji", Decimal(70)],
        ],
        "of_my_own": [[1]],
    }
    report = Report(target="local", config="dev", data="synthetic")
    report.queries = [
        QueryAnswer(name=name, kind="query", rows=2, bytes_scanned=1, milliseconds=1, first_row=[])
        for name in answers
    ]
    return Journey(
        settings=load("dev"),
        target=cast("Any", None),  # the check asks nobody
        report=report,
        out=tmp_path,
        data_folder=None,
        prepared=PreparedData(files=(file,), columns=tuple(CATCHES), left_out=()),
        answers=answers,
    )


def check(journey: Journey) -> str:
    return check_answers(journey, lambda _text: None)


def test_right_answers_pass_and_those_without_a_reference_are_named(journey: Journey) -> None:
    assert check(journey) == (
        "3 answers equal DuckDB's on the files as given; without a reference: of_my_own; "
        "zone + open seas = both, in 2 years"
    )


def test_only_what_was_compared_is_called_checked(journey: Journey) -> None:
    assert not any(query.checked for query in journey.report.queries)
    check(journey)
    assert [query.name for query in journey.report.queries if not query.checked] == ["of_my_own"]


def test_a_wrong_answer_is_named_with_its_row(journey: Journey) -> None:
    journey.answers["value_eez_catch"][1][2] = Decimal(31)
    with pytest.raises(RehearsalError, match="value_eez_catch: Athena and DuckDB differ: row 2"):
        check(journey)


def test_a_missing_row_is_a_wrong_answer(journey: Journey) -> None:
    del journey.answers["value_open_seas_catch"][0]
    with pytest.raises(RehearsalError, match="1 rows instead of 2"):
        check(journey)


def test_no_answer_with_a_reference_is_no_proof(journey: Journey) -> None:
    journey.answers = {"of_my_own": [[1]]}
    with pytest.raises(RehearsalError, match="none of the deployed queries has a reference"):
        check(journey)


@pytest.mark.parametrize(
    ("predicted", "message"),
    [
        ([1.0], "2 records were sent, but 1 came back"),
        ([1.0, float("nan")], "are no positive number"),
        ([1.0, -1.0], "are no positive number"),
        ([1.0, 1.0], "the model ignores its input"),
    ],
)
def test_predictions_of_no_working_model_are_refused(predicted: list[float], message: str) -> None:
    with pytest.raises(RehearsalError, match=message):
        check_predictions(predicted, expected=2)


def test_the_error_must_be_the_one_that_was_reported() -> None:
    predicted, actual = [1.0, 3.0], [2.0, 2.0]
    assert check_error(predicted, actual, reported=0.5, complete=True) == 0.5
    with pytest.raises(RehearsalError, match="it is not the model that was measured"):
        check_error(predicted, actual, reported=0.51, complete=True)


def test_the_error_of_some_records_may_be_a_little_off() -> None:
    check_error([1.0, 3.0], [2.0, 2.0], reported=0.4, complete=False)
    with pytest.raises(RehearsalError):
        check_error([1.0, 3.0], [2.0, 2.0], reported=0.2, complete=False)


def test_predictions_find_their_records_in_any_order() -> None:
    light = {"year": 2001, "tonnes": 1 / 3, "common_name": None}
    heavy = {"year": 2001, "tonnes": 2.0, "common_name": "Albacore"}
    as_text = {"year": 2001, "tonnes": 0.3333333333333, "common_name": "unknown"}
    paired = pair(
        [(heavy, 20.0), (as_text, 10.0)],
        [(light, 11.0), (heavy, 22.0)],
        features=ANSWERS.features,
    )
    assert sorted((predicted, actual) for _, predicted, actual in paired) == [
        (10.0, 11.0),
        (20.0, 22.0),
    ]


def test_an_answer_to_a_record_that_was_not_asked_is_refused() -> None:
    answered, asked = {"year": 2001, "tonnes": 1.0}, {"year": 2002, "tonnes": 1.0}
    with pytest.raises(RehearsalError, match="answers and records differ"):
        pair([(answered, 1.0)], [(asked, 1.0)], features=ANSWERS.features)


def test_held_out_records_are_the_usable_rows_of_the_test_years(catches: Path) -> None:
    records, actual, complete = held_out_records(
        [catches], answers=ANSWERS, years=(2002, 2002), at_most=10
    )
    assert actual == [40.0]
    assert complete
    assert records[0]["tonnes"] == 4.0
    assert "landed_value" not in records[0]


def test_fewer_records_than_there_are_is_not_called_complete(catches: Path) -> None:
    records, _, complete = held_out_records(
        [catches], answers=ANSWERS, years=(2001, 2002), at_most=2
    )
    assert (len(records), complete) == (2, False)


@pytest.mark.parametrize(
    ("sql", "view"),
    [
        ("CREATE OR REPLACE VIEW challenge AS SELECT 1", "challenge"),
        ('-- a word\ncreate view "Mine" as select 1', "mine"),
        ("/* CREATE VIEW x AS */ SELECT 1", None),
        ("SELECT 'CREATE VIEW x'", None),
    ],
)
def test_a_view_is_known_by_its_statement(sql: str, view: str | None) -> None:
    assert DeployedQuery(name="any", sql=sql).view == view
