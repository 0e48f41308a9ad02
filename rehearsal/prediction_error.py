"""The error of predictions, and whether it is the one that the evaluation reported."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME, SIMILAR = 1e-4, 0.5
"""How far it may be from the evaluation's: over all its records, and over some of them."""


def check_predictions(predicted: Sequence[float], *, expected: int) -> None:
    """Refuse answers that no working model gives.

    Raises:
        RehearsalError: too few, not finite, not positive, or all the same.
    """
    if len(predicted) != expected:
        raise RehearsalError(f"{expected} records were sent, but {len(predicted)} came back")
    bad = [value for value in predicted if not math.isfinite(value) or value <= 0]
    if bad:
        raise RehearsalError(f"{len(bad)} predictions are no value of a catch, such as {bad[0]}")
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
