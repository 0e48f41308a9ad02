"""Prints what the journey found, once it is over: answers, metrics, predictions, fidelity."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table

from rehearsal.reporting.words import cell, measure, measure_name, size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from rehearsal.answer import Answer
    from rehearsal.reporting.report import PipelineReport, QueryAnswer, Report

SHOWN = 6
"""Predictions on the console; the page has more."""
TRUEST = ("real", "aws")
"""Levels of which a type need not be named."""


def print_summary(console: Console, report: Report, answers: Mapping[str, Answer]) -> None:
    """Print the tables for which there is something to say, and what is off."""
    of_pipelines = [
        table(pipeline) for pipeline in report.pipelines for table in (_metrics, _predictions)
    ]
    for table in (_answers(report, answers), *of_pipelines, _fidelity(report)):
        if table.row_count:
            console.print()
            console.print(table)
    for off in report.off:
        console.print(f"Off: {off.part} ({off.why})", markup=False, highlight=False)


def _answers(report: Report, answers: Mapping[str, Answer]) -> Table:
    table = Table("query", "rows", "scanned", "checked", "first row", title="Answers")
    for query in report.queries:
        table.add_row(
            query.name,
            str(query.rows),
            size(query.bytes_scanned),
            how_checked(query),
            _first_row(answers.get(query.name)),
        )
    return table


def how_checked(query: QueryAnswer) -> str:
    """By what an answer was checked; an empty one says so, and why."""
    if not query.rows:
        return f"empty: {query.empty_because}" if query.empty_because else "empty"
    ways = ["as DuckDB"] if query.checked else []
    if query.expectation:
        met = sum(expectation.met for expectation in query.expectation)
        ways.append(f"{met} of {len(query.expectation)} expectations met")
    return ", ".join(ways) or "not compared"


def _first_row(answer: Answer | None) -> str:
    if answer is None or not answer.rows:
        return ""
    pairs = zip(answer.columns, answer.rows[0], strict=True)
    return ", ".join(f"{name} {cell(value)}" for name, value in pairs).replace("[", r"\[")


def _metrics(pipeline: PipelineReport) -> Table:
    table = Table("error", "model", "naive baseline", title=f"Model {pipeline.name}")
    for name, model, baseline in compared(pipeline):
        table.add_row(name, model, baseline)
    return table


def compared(pipeline: PipelineReport) -> list[tuple[str, str, str]]:
    """Each measure's name, the model's figure and the baseline's."""
    model, baseline = (pipeline.metrics.get(side, {}) for side in ("model", "baseline"))
    unit = f", {pipeline.unit}" if pipeline.unit else ""
    return [
        (
            measure_name(name) + (unit if name in {"mae", "rmse"} else ""),
            measure(name, value),
            measure(name, baseline[name]) if name in baseline else "",
        )
        for name, value in model.items()
    ]


def _predictions(pipeline: PipelineReport) -> Table:
    unit = f", {pipeline.unit}" if pipeline.unit else ""
    measures = (f"predicted {pipeline.target}{unit}", f"actual {pipeline.target}{unit}")
    table = Table(*pipeline.shown, *measures, title=f"Predictions of {pipeline.name}")
    for prediction in pipeline.some_predictions[:SHOWN]:
        table.add_row(
            *(cell(prediction.record.get(name)) for name in pipeline.shown),
            cell(prediction.predicted),
            cell(prediction.actual),
        )
    return table


def _fidelity(report: Report) -> Table:
    """How many resources are at each level, and the types that are not the thing itself."""
    table = Table("level", "resources", "types", title="Fidelity")
    by_level = Counter(resource.level for resource in report.resources)
    for level, count in by_level.most_common():
        types = sorted({item.type for item in report.resources if item.level == level})
        names = f"{len(types)} types" if level in TRUEST else ", ".join(types)
        table.add_row(level, str(count), names.replace("AWS::", ""))
    return table
