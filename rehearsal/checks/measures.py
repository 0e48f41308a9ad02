"""The errors of predictions, and the predictions of a naive baseline, worked out a second time."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rehearsal.checks.split import Record


def _mae(predicted: Sequence[Any], actual: Sequence[Any]) -> float:
    return fmean(abs(p - a) for p, a in zip(predicted, actual, strict=True))


def _rmse(predicted: Sequence[Any], actual: Sequence[Any]) -> float:
    return math.sqrt(fmean((p - a) ** 2 for p, a in zip(predicted, actual, strict=True)))


def _weighted_ape(predicted: Sequence[Any], actual: Sequence[Any]) -> float:
    return _mae(predicted, actual) / fmean(map(abs, actual))


def _error_rate(predicted: Sequence[Any], actual: Sequence[Any]) -> float:
    return fmean(p != a for p, a in zip(predicted, actual, strict=True))


ERRORS: Final[dict[str, Callable[[Sequence[Any], Sequence[Any]], float]]] = {
    "mae": _mae,
    "rmse": _rmse,
    "weighted_ape": _weighted_ape,
    "error_rate": _error_rate,
}
"""Less is better. Of a class only its label is answered, so its loss cannot be worked out here."""


def baseline_of(
    known: Sequence[Record], asked: Sequence[Record], schema: Mapping[str, Any]
) -> list[Any]:
    """What the naive baseline says of the records that are asked.

    Args:
        known: What it may learn from.
        asked: What it answers.
        schema: The pipeline's, which says what kind of baseline it is.
    """
    target, baseline = schema["target"], schema["baseline"]
    values = [record[target] for record in known]
    if baseline["kind"] == "ratio":
        return _ratios(known, asked, target, baseline)
    constant: Any
    if baseline["kind"] == "majority":
        # Of labels that are equally frequent, the first by name.
        counts = Counter(values)
        constant = min(counts, key=lambda label: (-counts[label], label))
    else:
        constant = fmean(values) if baseline["kind"] == "mean" else median(values)
    return [constant] * len(asked)


def _ratios(
    known: Sequence[Record], asked: Sequence[Record], target: str, baseline: Mapping[str, Any]
) -> list[Any]:
    """A price per unit for each group, such as for each species, times the units."""
    unit, by = baseline["ratio_to"], baseline.get("by")
    overall = _ratio(known, target, unit)
    groups: defaultdict[Any, list[Record]] = defaultdict(list)
    for record in known:
        groups[record[by] if by else None].append(record)
    ratios = {group: _ratio(records, target, unit) for group, records in groups.items()}
    return [
        (ratios.get(record[by] if by else None) or overall or 0.0) * record[unit]
        for record in asked
    ]


def _ratio(records: Sequence[Record], target: str, unit: str) -> float | None:
    """What a unit is worth; None where there is none of it."""
    units = math.fsum(record[unit] for record in records)
    return math.fsum(record[target] for record in records) / units if units else None
