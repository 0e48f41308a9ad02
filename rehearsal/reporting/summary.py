"""Prints what the journey found, once it is over: answers, metrics, predictions, fidelity."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from rich.console import Console

    from rehearsal.reporting.report import PipelineReport, Report

METRICS = {
    "weighted_ape": "weighted absolute error",
    "mae": "mean absolute error, US$",
    "rmse": "root mean squared error, US$",
    "r2": "R²",
}


def print_summary(console: Console, report: Report) -> None:
    """Print the tables for which there is something to say."""
    of_pipelines = [
        table(pipeline) for pipeline in report.pipelines for table in (_metrics, _predictions)
    ]
    for table in (_answers(report), *of_pipelines, _fidelity(report)):
        if table.row_count:
            console.print()
            console.print(table)


def _answers(report: Report) -> Table:
    table = Table("query", "rows", "bytes scanned", "as DuckDB", "first row", title="Answers")
    for query in report.queries:
        table.add_row(
            query.name,
            str(query.rows),
            f"{query.bytes_scanned:,}",
            "yes" if query.checked else "not compared",
            " | ".join("NULL" if value is None else value for value in query.first_row),
        )
    return table


def _metrics(pipeline: PipelineReport) -> Table:
    table = Table("error on the test years", "model", "naive baseline", title="Model")
    if pipeline.metrics:
        model, baseline = pipeline.metrics["model"], pipeline.metrics["baseline"]
        for key, words in METRICS.items():
            table.add_row(words, _number(model[key]), _number(baseline[key]))
    return table


def _predictions(pipeline: PipelineReport) -> Table:
    answers = pipeline.answers
    if answers is None:
        return Table()
    measures = (answers.weight, f"predicted {answers.unit}", f"actual {answers.unit}")
    table = Table(*answers.shown, *measures, title="Predictions")
    for prediction in pipeline.predictions:
        table.add_row(
            *(str(prediction.record.get(name) or "") for name in answers.shown),
            _number(prediction.record[answers.weight]),
            _number(prediction.predicted),
            _number(prediction.actual),
        )
    return table


def _fidelity(report: Report) -> Table:
    table = Table("resource type", "level", "resources", title="Fidelity")
    counts = Counter((resource.type, resource.level) for resource in report.resources)
    for (kind, level), count in sorted(counts.items()):
        table.add_row(kind, level, str(count))
    return table


def _number(value: float) -> str:
    # Three digits say enough of a small number, and none of a small catch is shown as nothing.
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004 - see above
