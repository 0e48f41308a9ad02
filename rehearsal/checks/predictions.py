"""Predictions of records that the model has not seen, held against their actual values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline_defs.sdk.spec import Answers

ABSENT = "unknown"
"""What a pipeline writes for a text that is not there."""
SAME, SIMILAR = 1e-4, 0.5
"""How far an error may be from the evaluation's: over all its records, and over some of them."""


def held_out_records(
    files: Sequence[Path], *, answers: Answers, years: Sequence[int], at_most: int
) -> tuple[list[dict[str, Any]], list[float], bool]:
    """Take rows of the test years, evenly over all of them, the same each time.

    Args:
        files: The prepared Parquet files.
        answers: Which columns a record has, and which is predicted.
        years: First and last year of the test.
        at_most: How many records to take.

    Returns:
        The records without the value, their actual values, and whether these are all.
    """
    wanted = (*answers.features, answers.target)
    tables = [_select(pq.ParquetFile(file).read(), wanted) for file in files]
    table = pa.concat_tables(tables, promote_options="permissive")
    # A pipeline leaves the others out as well; an endpoint refuses a weight of nothing.
    usable = table.filter(
        (pc.field(answers.year) >= years[0])
        & (pc.field(answers.year) <= years[1])
        & (pc.field(answers.weight) > 0)
        & (pc.field(answers.target) > 0)
    )
    step = max(1, math.ceil(usable.num_rows / at_most))
    taken = usable.take(list(range(0, usable.num_rows, step)))
    rows = taken.drop_columns([answers.target]).to_pylist()
    return rows, taken.column(answers.target).to_pylist(), step == 1


def _select(table: pa.Table, wanted: Sequence[str]) -> pa.Table:
    return table.select([name for name in wanted if name in table.column_names])


def pair(
    predicted: Sequence[tuple[Mapping[str, Any], float]],
    actual: Sequence[tuple[Mapping[str, Any], float]],
    *,
    features: Mapping[str, str],
) -> list[tuple[Mapping[str, Any], float, float]]:
    """Find the actual value of each predicted record: record, predicted, actual.

    The records have travelled without a number. Those that are alike in every feature get the
    same prediction, so that it does not matter which of them is which.

    Args:
        predicted: Records as the platform hands them back, each with its prediction.
        actual: Records as they were given, each with its value.
        features: What a record consists of, and each one's type in Hive.

    Raises:
        RehearsalError: a record is on one side only.
    """

    def key(valued: tuple[Mapping[str, Any], float]) -> tuple[str, ...]:
        record, _ = valued
        # Ten digits: a number may have been written and read with fewer than it had.
        return tuple(
            str(record.get(name) or ABSENT).strip() if kind == "string" else f"{record[name]:.9e}"
            for name, kind in features.items()
        )

    answers, records = sorted(predicted, key=key), sorted(actual, key=key)
    if len(answers) != len(records):
        raise RehearsalError(f"{len(records)} records to answer, but {len(answers)} answers")
    for answer, record in zip(answers, records, strict=True):
        if key(answer) != key(record):
            raise RehearsalError(f"answers and records differ at {key(answer)} and {key(record)}")
    return [
        (record, prediction, value)
        for (record, prediction), (_, value) in zip(answers, records, strict=True)
    ]


def check_predictions(predicted: Sequence[float], *, expected: int) -> None:
    """Refuse answers that no working model gives.

    Raises:
        RehearsalError: too few, not finite, not positive, or all the same.
    """
    if len(predicted) != expected:
        raise RehearsalError(f"{expected} records were sent, but {len(predicted)} came back")
    impossible = [value for value in predicted if not math.isfinite(value) or value <= 0]
    if impossible:
        raise RehearsalError(
            f"{len(impossible)} predictions are no positive number, such as {impossible[0]}"
        )
    if expected > 1 and len(set(predicted)) == 1:
        raise RehearsalError(f"every prediction is {predicted[0]}: the model ignores its input")


def check_error(
    predicted: Sequence[float], actual: Sequence[float], *, reported: float, complete: bool
) -> float:
    """Weigh the absolute errors by value, as the evaluation does, and compare.

    Args:
        predicted: The predictions.
        actual: The actual values, in the same order.
        reported: The evaluation's own figure.
        complete: Whether these are all the records of the evaluation.

    Raises:
        RehearsalError: it is another model that answers.
    """
    error = sum(abs(p - a) for p, a in zip(predicted, actual, strict=True)) / sum(actual)
    if not math.isclose(error, reported, rel_tol=SAME if complete else SIMILAR):
        raise RehearsalError(
            f"the error over {len(predicted)} records is {error:.4%}, but the evaluation reported "
            f"{reported:.4%}: it is not the model that was measured"
        )
    return error
