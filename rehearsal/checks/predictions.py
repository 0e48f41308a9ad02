"""Predictions of records that the model has not seen, held against their actual values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rehearsal.checks.measures import ERRORS
from rehearsal.checks.split import ABSENT
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SAME, SIMILAR = 1e-4, 0.5
"""How far an error may be from the evaluation's: over all its records, and over some of them."""


def evenly(records: Sequence[Any], *, at_most: int) -> list[Any]:
    """Take records evenly over all of them, the same each time."""
    return list(records[:: max(1, math.ceil(len(records) / at_most))])


def pair(
    answers: Sequence[Mapping[str, Any]],
    records: Sequence[Mapping[str, Any]],
    *,
    features: Mapping[str, str],
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Find the record of each answer: a record as it was given, and the answer to it.

    The records have travelled without a number. Those that are alike in every feature get the
    same prediction, so that it does not matter which of them is which.

    Args:
        answers: Records as the platform hands them back, each with what it answers.
        records: Records as they were given.
        features: What a record consists of, and how the model takes each: number or category.

    Raises:
        RehearsalError: a record is on one side only.
    """

    def key(record: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(_comparable(record.get(name), kind) for name, kind in features.items())

    given, answered = sorted(records, key=key), sorted(answers, key=key)
    if len(answered) != len(given):
        raise RehearsalError(f"{len(given)} records to answer, but {len(answered)} answers")
    for answer, record in zip(answered, given, strict=True):
        if key(answer) != key(record):
            raise RehearsalError(f"answers and records differ at {key(answer)} and {key(record)}")
    return list(zip(given, answered, strict=True))


def _comparable(value: Any, kind: str) -> str:
    if kind == "category":
        return str(value if value is not None else "").strip() or ABSENT
    # Ten digits: a number may have been written and read with fewer than it had.
    return "" if value is None else f"{float(value):.9e}"


def check_predictions(
    predicted: Sequence[Any], *, expected: int, positive: bool, probabilities: Sequence[float] = ()
) -> None:
    """Refuse answers that no working model gives.

    Args:
        predicted: Numbers, or labels.
        expected: How many records were asked about.
        positive: Whether the model can only say numbers above nothing.
        probabilities: Of the labels.

    Raises:
        RehearsalError: too few, not finite, not positive, no probability, or all the same.
    """
    if len(predicted) != expected:
        raise RehearsalError(f"{expected} records were sent, but {len(predicted)} came back")
    numbers = [value for value in predicted if isinstance(value, float)]
    impossible = [
        value for value in numbers if not math.isfinite(value) or (positive and value <= 0)
    ]
    if impossible:
        kind = "positive" if positive else "finite"
        raise RehearsalError(
            f"{len(impossible)} predictions are no {kind} number, such as {impossible[0]}"
        )
    unlikely = [value for value in probabilities if not 0 <= value <= 1]
    if unlikely:
        raise RehearsalError(f"{unlikely[0]} is no probability; it must lie between 0 and 1")
    if expected > 1 and len({*zip(predicted, probabilities or predicted, strict=True)}) == 1:
        raise RehearsalError(f"every prediction is {predicted[0]}: the model ignores its input")


def check_error(
    predicted: Sequence[Any],
    actual: Sequence[Any],
    *,
    metric: str,
    reported: float,
    complete: bool,
) -> float:
    """Work the error out, and compare it with the evaluation's.

    Args:
        predicted: The predictions.
        actual: The actual values, in the same order.
        metric: Which error.
        reported: The evaluation's own figure.
        complete: Whether these are all the records of the evaluation.

    Raises:
        RehearsalError: it is another model that answers.
    """
    error = ERRORS[metric](predicted, actual)
    close = math.isclose(error, reported, rel_tol=SAME if complete else SIMILAR, abs_tol=1e-12)
    if not close:
        raise RehearsalError(
            f"the {metric} over {len(predicted)} records is {error:.6g}, but the evaluation "
            f"reported {reported:.6g}: it is not the model that was measured"
        )
    return error
