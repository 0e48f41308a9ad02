"""Pairs predictions with actual values where the records have travelled without a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError
from rehearsal.held_out import FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NUMBERS = {"year", "tonnes"}
ABSENT = "unknown"
"""What the pipeline writes for a text that is not there."""


def pair(
    predicted: Sequence[tuple[Mapping[str, Any], float]],
    actual: Sequence[tuple[Mapping[str, Any], float]],
) -> list[tuple[Mapping[str, Any], float, float]]:
    """Find the actual value of each predicted record: record, predicted, actual.

    Records that are alike in every feature get the same prediction, so that it does not matter
    which of them is which.

    Raises:
        RehearsalError: a record is on one side only.
    """
    ours, theirs = sorted(predicted, key=_key), sorted(actual, key=_key)
    if len(ours) != len(theirs):
        raise RehearsalError(f"{len(theirs)} records to answer, but {len(ours)} answers")
    for one, other in zip(ours, theirs, strict=True):
        if _key(one) != _key(other):
            raise RehearsalError(f"answers and records differ at {_key(one)} and {_key(other)}")
    return [
        (record, prediction, value)
        for (record, prediction), (_, value) in zip(ours, theirs, strict=True)
    ]


def _key(valued: tuple[Mapping[str, Any], float]) -> tuple[str, ...]:
    record, _ = valued
    # Ten digits: a number may have been written and read with fewer than it had.
    return tuple(
        f"{record[name]:.9e}" if name in NUMBERS else str(record.get(name) or ABSENT).strip()
        for name in FEATURES
    )
