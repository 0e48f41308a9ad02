"""Promises of the checks: a platform that answers wrongly does not pass."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from config import load
from config.query_file import read_queries
from rehearsal.answer import Answer
from rehearsal.checks.emptiness import likely_reason
from rehearsal.checks.expectations import examine
from rehearsal.checks.measures import baseline_of
from rehearsal.checks.predictions import check_error, check_predictions, evenly, pair
from rehearsal.checks.split import split_records
from rehearsal.data.prepare import PreparedData, PreparedFile
from rehearsal.errors import RehearsalError
from rehearsal.journey import DeclaredQuery, Journey
from rehearsal.reporting.report import QueryAnswer, Report
from rehearsal.steps.answers import check_answers
from rehearsal.steps.queries import DeployedQuery

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = load("dev")
CATCH = SETTINGS.dataset("catch")
LEARNING = SETTINGS.learning(SETTINGS.pipelines["catch_value"])
CATCHES: dict[str, list[Any]] = {
    "year": [2001, 2001, 2002, 2002],
    "fishing_entity": ["Fiji"] * 4,
    "area_name": ["Fiji", None, "Fiji", None],
    "common_name": ["Albacore"] * 4,
    "tonnes": [1.0, 2.0, 0.0, 4.0],
    "landed_value": [10.0, 20.0, 30.0, 40.0],
}


def prepared(table: dict[str, list[Any]], file: Path) -> PreparedData:
    pq.write_table(pa.table(table), file)
    columns = tuple(table)
    one = PreparedFile(
        source=file,
        kind="parquet",
        compressed=False,
        headers=columns,
        renames={},
        partition={},
        parquet=file,
        key=file.name,
        rows=len(table[columns[0]]),
        columns=columns,
    )
    return PreparedData(files=(one,), columns=columns, partitions=(), undeclared=(), left_out=())


def answer(*rows: list[Any], columns: tuple[str, ...] = ("year", "country", "value")) -> Answer:
    return Answer(
        execution_id="1",
        output_location="s3://results/1.csv",
        bytes_scanned=1,
        milliseconds=1,
        columns=list(columns),
        rows=list(rows),
    )


@pytest.fixture
def journey(tmp_path: Path) -> Journey:
    answers = {
        "value_eez_catch": answer([2001, "Fiji", Decimal(10)], [2002, "Fiji", Decimal(30)]),
        "value_open_seas_catch": answer([2001, "Fiji", Decimal(20)], [2002, "Fiji", Decimal(40)]),
        "value_eez_and_open_seas_catch": answer(
            [2001, "Fiji", Decimal(30)], [2002, "Fiji", Decimal(70)]
        ),
        "of_my_own": answer([1], columns=("number",)),
    }
    report = Report(target="local", config="dev", data="synthetic")
    report.queries = [
        QueryAnswer(
            name=name,
            dataset="catch",
            kind="query",
            rows=len(given.rows),
            bytes_scanned=1,
            milliseconds=1,
            columns=given.columns,
            first_row=[],
        )
        for name, given in answers.items()
    ]
    return Journey(
        settings=SETTINGS,
        target=cast("Any", None),  # the check asks nobody
        report=report,
        out=tmp_path,
        data_folder=None,
        declared={q.name: DeclaredQuery(dataset=CATCH, query=q) for q in read_queries(CATCH)},
        prepared={"catch": prepared(CATCHES, tmp_path / "catches.parquet")},
        answers=answers,
    )


def check(journey: Journey) -> str:
    return check_answers(journey, lambda _text: None)


def test_right_answers_pass_and_those_without_a_reference_are_named(journey: Journey) -> None:
    assert check(journey) == (
        "3 answers equal DuckDB's on the files as given; without a reference: of_my_own"
    )


def test_only_what_was_compared_is_called_checked(journey: Journey) -> None:
    assert not any(query.checked for query in journey.report.queries)
    check(journey)
    assert [query.name for query in journey.report.queries if not query.checked] == ["of_my_own"]


def test_a_wrong_answer_is_named_with_its_row(journey: Journey) -> None:
    journey.answers["value_eez_catch"].rows[1][2] = Decimal(31)
    with pytest.raises(RehearsalError, match="value_eez_catch: Athena and DuckDB differ: row 2"):
        check(journey)


def test_zone_and_open_seas_must_add_up_to_both(journey: Journey) -> None:
    journey.answers["value_eez_and_open_seas_catch"].rows[0][2] = Decimal(29)
    with pytest.raises(RehearsalError, match="value_eez_and_open_seas_catch: Athena and DuckDB"):
        check(journey)


def test_a_missing_row_is_a_wrong_answer(journey: Journey) -> None:
    del journey.answers["value_open_seas_catch"].rows[0]
    with pytest.raises(RehearsalError, match="1 rows instead of 2"):
        check(journey)


def test_no_answer_with_a_reference_or_an_expectation_is_no_proof(journey: Journey) -> None:
    journey.report.queries = journey.report.queries[-1:]
    with pytest.raises(RehearsalError, match="has an expectation or a reference"):
        check(journey)


ROWS = answer([1, "a"], [1, None], [2, "a"], columns=("id", "word"))


@pytest.mark.parametrize(
    ("expectation", "met", "found"),
    [
        ("rows > 2", True, "3 rows"),
        ("rows > 3", False, "3 rows"),
        ("rows = 3", True, "3 rows"),
        ("rows = 2", False, "3 rows"),
        ("unique(id)", False, "1 of 3 rows repeated"),
        ("unique(ID, word)", True, "all 3 rows"),
        ("not_null(id)", True, "all 3 rows"),
        ("not_null(id, word)", False, "1 of 3 rows without a value"),
    ],
)
def test_an_answer_is_held_to_what_is_expected_of_it(
    expectation: str,
    met: bool,  # noqa: FBT001 - a parameter of a test
    found: str,
) -> None:
    (result,) = examine(ROWS, [expectation])
    assert (result.met, result.found) == (met, found)


def test_an_expectation_of_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(RehearsalError, match=r"'unique\(size\)' names the column 'size'"):
        examine(ROWS, ["unique(size)"])


def test_an_empty_answer_is_explained_by_the_file_that_is_missing(tmp_path: Path) -> None:
    everywhere = prepared({**CATCHES, "area_name": ["Fiji"] * 4}, tmp_path / "a.parquet")
    reason = likely_reason("SELECT 1 WHERE area_name IS NULL", CATCH, everywhere)
    assert "which only a file without that column brings" in reason


def test_an_empty_answer_is_explained_by_a_column_without_values(tmp_path: Path) -> None:
    nowhere = prepared({**CATCHES, "common_name": [None] * 4}, tmp_path / "a.parquet")
    reason = likely_reason("SELECT 1 WHERE common_name LIKE 'A%'", CATCH, nowhere)
    assert reason == "no file that was given brings a value of common_name"


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
        check_predictions(predicted, expected=2, positive=True)


def test_a_number_below_nothing_is_refused_only_where_the_scale_forbids_it() -> None:
    check_predictions([1.0, -1.0], expected=2, positive=False)

    with pytest.raises(RehearsalError, match=r"no positive number, such as -1\.0"):
        check_predictions([1.0, -1.0], expected=2, positive=True)


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(RehearsalError, match=r"1\.5 is no probability"):
        check_predictions(["a", "b"], expected=2, positive=False, probabilities=[0.5, 1.5])


def test_one_label_for_all_is_allowed_where_its_probability_differs() -> None:
    check_predictions(["a", "a"], expected=2, positive=False, probabilities=[0.5, 0.6])
    with pytest.raises(RehearsalError, match="ignores its input"):
        check_predictions(["a", "a"], expected=2, positive=False, probabilities=[0.5, 0.5])


@pytest.mark.parametrize(
    ("metric", "reported"),
    [("weighted_ape", 0.5), ("mae", 1.0), ("rmse", 1.0)],
)
def test_the_error_must_be_the_one_that_was_reported(metric: str, reported: float) -> None:
    predicted, actual = [1.0, 3.0], [2.0, 2.0]
    error = check_error(predicted, actual, metric=metric, reported=reported, complete=True)
    assert error == reported
    with pytest.raises(RehearsalError, match="it is not the model that was measured"):
        check_error(predicted, actual, metric=metric, reported=reported + 0.01, complete=True)


def test_the_error_of_classes_is_the_share_of_wrong_ones() -> None:
    assert check_error(["a", "b"], ["a", "a"], metric="error_rate", reported=0.5, complete=True)


def test_the_error_of_some_records_may_be_a_little_off() -> None:
    predicted, actual = [1.0, 3.0], [2.0, 2.0]
    check_error(predicted, actual, metric="weighted_ape", reported=0.4, complete=False)
    with pytest.raises(RehearsalError):
        check_error(predicted, actual, metric="weighted_ape", reported=0.2, complete=False)


KINDS = {"year": "number", "tonnes": "number", "common_name": "category"}


def test_predictions_find_their_records_in_any_order() -> None:
    light = {"year": 2001, "tonnes": 1 / 3, "common_name": None}
    heavy = {"year": 2001, "tonnes": 2.0, "common_name": "Albacore"}
    as_text = {"year": 2001, "tonnes": 0.3333333333333, "common_name": "unknown"}
    paired = pair([{**heavy, "says": 20}, {**as_text, "says": 10}], [light, heavy], features=KINDS)
    assert [(record, given["says"]) for record, given in paired] == [(heavy, 20), (light, 10)]


def test_an_answer_to_a_record_that_was_not_asked_is_refused() -> None:
    with pytest.raises(RehearsalError, match="answers and records differ"):
        pair([{"year": 2001, "tonnes": 1.0}], [{"year": 2002, "tonnes": 1.0}], features=KINDS)


def test_the_test_is_of_the_newest_usable_rows(tmp_path: Path) -> None:
    years = [*range(2000, 2010)] * 2
    table: dict[str, list[Any]] = {
        "year": years,
        "tonnes": [1.0] * 20,
        "landed_value": [*[5.0] * 19, 0.0],
    }
    data = prepared(table, tmp_path / "a.parquet")
    split = split_records([file.parquet for file in data.files], LEARNING)
    # The newest year has one usable row of nineteen, which is less than the share of the test.
    assert sorted(record["year"] for record in split.test) == [2008, 2008, 2009]
    assert len(split.known) == 16


def test_a_category_that_a_record_lacks_has_a_name(tmp_path: Path) -> None:
    numbers = [1.0] * 3
    table: dict[str, list[Any]] = {"year": [1, 2, 3], "tonnes": numbers, "landed_value": numbers}
    data = prepared(table, tmp_path / "a.parquet")
    split = split_records([file.parquet for file in data.files], LEARNING)
    assert {record["common_name"] for record in split.test} == {"unknown"}


def test_the_baseline_is_a_price_for_each_species_and_else_the_price_of_all() -> None:
    known = [
        {"common_name": "Tuna", "tonnes": 1.0, "landed_value": 10.0},
        {"common_name": "Shark", "tonnes": 3.0, "landed_value": 6.0},
    ]
    asked = [{"common_name": name, "tonnes": 2.0} for name in ("Tuna", "Shark", "Eel")]
    assert baseline_of(known, asked, LEARNING.schema()) == [20.0, 4.0, 8.0]


def test_records_are_taken_evenly() -> None:
    assert evenly(range(10), at_most=4) == [0, 3, 6, 9]


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
