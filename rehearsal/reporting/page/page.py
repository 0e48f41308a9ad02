"""Write the page: one HTML file that needs nothing else; templates escape what they get."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from config.dashboard_file import read_dashboard
from rehearsal.reporting.page.chart import chart_of
from rehearsal.reporting.page.drawing import drawings_of
from rehearsal.reporting.page.errors import confusions_of, points_of
from rehearsal.reporting.summary import compared, how_checked
from rehearsal.reporting.words import cell, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rehearsal.journey import Journey
    from rehearsal.reporting.page.chart import Chart
    from rehearsal.reporting.report import PipelineReport, QueryAnswer, Report

TEMPLATES: Final = Path(__file__).with_name("templates")
TONES: Final = {"proved": "good", "failed": "bad"}
MOST_ROWS: Final = 30
NEXT_STEPS: Final = """\
make demo KEEP=1             the emulator stays, and tells how aws and boto3 reach it
make new NAME=… DATA=folder  settings, queries and a dashboard for files of your own
make review                  a page to judge the templates by
make deploy                  into your own account (costs money)"""


@dataclass(frozen=True, kw_only=True)
class ShownAnswer:
    """An answer as the page shows it."""

    query: QueryAnswer
    description: str
    scanned: str
    checked: str
    columns: list[tuple[str, bool]]
    """Each name, and whether numbers stand below it."""
    rows: list[list[tuple[str, bool]]]
    charts: list[Chart]


@dataclass(frozen=True, kw_only=True)
class ShownModel:
    """What a pipeline made, as the page shows it."""

    report: PipelineReport
    compared: list[tuple[str, str, str]]
    points: list[Any]
    confusions: list[Any]
    examples: list[tuple[list[str], str, str, str]]


def write_page(journey: Journey) -> str:
    """The page's HTML."""
    report = journey.report
    failed = [step.name for step in report.steps if step.status != "proved"]
    page = _environment().get_template("page.html.j2")
    return page.render(
        platform=journey.settings.name,
        report=report,
        good=not failed,
        verdict="not everything was proved" if failed else "every step proved what it says",
        tones=TONES,
        figures=_figures(report),
        answers=[_shown(journey, query) for query in report.queries],
        models=[_model(pipeline) for pipeline in report.pipelines],
        levels=_levels(report),
        versions=report.measurements.get("versions", {}),
        next_steps=NEXT_STEPS,
        style=Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own
    )


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _figures(report: Report) -> list[tuple[str, str]]:
    proved = sum(step.status == "proved" for step in report.steps)
    figures = [
        (f"{proved} of {len(report.steps)}", "steps proved"),
        (f"{report.seconds:.0f} s", "from files to the end"),
        (str(len(report.resources)), "resources deployed"),
    ]
    if report.queries:
        checked = sum(query.checked or bool(query.expectation) for query in report.queries)
        figures.append((f"{checked} of {len(report.queries)}", "answers checked"))
    for pipeline in report.pipelines:
        if "error_ratio" in pipeline.metrics:
            ratio = pipeline.metrics["error_ratio"]
            figures.append((f"{ratio:.0%}", f"of the baseline's error is left by {pipeline.name}"))
    peak = report.measurements.get("emulator", {}).get("peak_memory_bytes")
    return [*figures, (size(peak), "peak memory of the emulator")] if peak else figures


def _shown(journey: Journey, query: QueryAnswer) -> ShownAnswer:
    answer = journey.answers[query.name]
    numeric = [
        any(isinstance(row[place], float | Decimal) for row in answer.rows)
        for place in range(len(answer.columns))
    ]
    declared = journey.declared.get(query.name)
    return ShownAnswer(
        query=query,
        description=declared.query.description if declared else "",
        scanned=size(query.bytes_scanned),
        checked=how_checked(query),
        columns=list(zip(answer.columns, numeric, strict=True)),
        rows=[
            [(cell(value), number) for value, number in zip(row, numeric, strict=True)]
            for row in answer.rows[:MOST_ROWS]
        ],
        charts=_charts(journey, query.name),
    )


def _charts(journey: Journey, name: str) -> list[Chart]:
    answer, declared = journey.answers[name], journey.declared.get(name)
    dashboard = read_dashboard(declared.dataset) if declared else None
    drawings = drawings_of(
        answer,
        name=name,
        time=declared.dataset.time if declared else None,
        visuals=dashboard.visuals if dashboard else (),
    )
    return [chart for drawing in drawings if (chart := chart_of(answer, drawing)) is not None]


def _model(pipeline: PipelineReport) -> ShownModel:
    return ShownModel(
        report=pipeline,
        compared=compared(pipeline),
        points=points_of(pipeline),
        confusions=confusions_of(pipeline),
        examples=[
            (
                [cell(item.record.get(name)) for name in pipeline.shown],
                cell(item.predicted), cell(item.actual), cell(item.baseline),
            )
            for item in pipeline.some_predictions
        ],
    )  # fmt: skip


def _levels(report: Report) -> Sequence[tuple[str, int, str]]:
    counts = Counter(resource.level for resource in report.resources)
    return [
        (
            level,
            count,
            ", ".join(sorted({r.type for r in report.resources if r.level == level})),
        )
        for level, count in counts.most_common()
    ]
