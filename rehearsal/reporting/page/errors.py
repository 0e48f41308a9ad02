"""Predicted against actual: points for numbers, a table of labels for classes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rehearsal.checks.predictions import evenly
from rehearsal.reporting.page.scale import Tick, scale_of_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rehearsal.reporting.report import PipelineReport, Prediction

SIDE: Final = 300
LEFT, RIGHT, TOP, BOTTOM = 48, 18, 8, 36
MOST_POINTS: Final = 400
MOST_LABELS: Final = 9
REST: Final = "others"
SIDES: Final = (("Model", "predicted"), ("Naive baseline", "baseline"))


@dataclass(frozen=True, kw_only=True)
class Points:
    """Predicted against actual, both axes alike; what is right lies on the diagonal."""

    title: str
    points: list[tuple[float, float]]
    along: list[Tick]
    up: list[Tick]
    diagonal: tuple[float, float, float, float]
    by_powers: bool


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """How often each label was answered where each was right."""

    title: str
    labels: list[str]
    rows: list[tuple[str, list[tuple[int, float]]]]
    """The right label; for each answered one, how often, and as a share of the row."""


def points_of(pipeline: PipelineReport) -> list[Points]:
    """The model's errors beside the baseline's, on the same axes."""
    shown = evenly(pipeline.predictions, at_most=MOST_POINTS)
    if not shown or pipeline.task != "regression":
        return []
    values = [value for item in shown for value in (item.actual, item.predicted, item.baseline)]
    across = scale_of_errors(values, start=LEFT, end=SIDE - RIGHT)
    up = scale_of_errors(values, start=SIDE - BOTTOM, end=TOP)
    return [
        Points(
            title=title,
            points=[(across.place(item.actual), up.place(getattr(item, side))) for item in shown],
            along=across.ticks(),
            up=up.ticks(),
            diagonal=(across.start, up.start, across.end, up.end),
            by_powers=across.powers,
        )
        for title, side in SIDES
    ]


def confusions_of(pipeline: PipelineReport) -> list[Confusion]:
    """The model's answers by the right label, beside the baseline's."""
    if not pipeline.predictions or pipeline.task != "classification":
        return []
    counts = Counter(str(item.actual) for item in pipeline.predictions)
    kept = [label for label, _ in counts.most_common(MOST_LABELS)]
    labels = sorted(kept) + ([REST] if len(counts) > MOST_LABELS else [])
    return [_confusion(title, side, pipeline.predictions, labels) for title, side in SIDES]


def _confusion(
    title: str, side: str, predictions: Sequence[Prediction], labels: list[str]
) -> Confusion:
    def known(label: Any) -> str:
        return str(label) if str(label) in labels else REST

    counts = Counter((known(item.actual), known(getattr(item, side))) for item in predictions)
    if any(REST in pair for pair in counts) and REST not in labels:
        labels = [*labels, REST]
    rows = []
    for actual in labels:
        row = [counts[actual, answered] for answered in labels]
        whole = sum(row) or 1
        rows.append((actual, [(count, round(count / whole, 3)) for count in row]))
    return Confusion(title=title, labels=labels, rows=rows)
