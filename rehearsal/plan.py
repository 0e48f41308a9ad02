"""The order of the journey."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rehearsal.journey import PipelineRun
from rehearsal.reporting.report import Off, PipelineReport
from rehearsal.run.runner import Step
from rehearsal.steps.answers import check_answers
from rehearsal.steps.crawl import crawl
from rehearsal.steps.data import prepare_data, upload
from rehearsal.steps.deployment import approve, wait_for_endpoint, wait_for_model
from rehearsal.steps.pipeline import check_evaluation, run_pipeline
from rehearsal.steps.platform import grade, measure
from rehearsal.steps.predictions import predict, read_predictions
from rehearsal.steps.queries import run_queries
from rehearsal.steps.workgroup import check_workgroup

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from config.dataset import Dataset
    from config.learning import Learning
    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say


def plan(journey: Journey) -> list[Step]:
    """List the steps: the data first, so that a mistake in it costs a second and not a minute."""
    settings = journey.settings
    return [
        *_for_datasets(journey, "prepare the data", prepare_data),
        *journey.target.set_up_steps(),
        *_for_datasets(journey, "upload", upload),
        *(_sql_steps(journey) if settings.has_sql else []),
        *(
            step
            for pipeline in settings.pipelines.values()
            for step in _pipeline_steps(journey, settings.learning(pipeline))
        ),
        Step(name="fidelity", run=partial(grade, journey)),
        Step(name="memory", run=partial(measure, journey)),
        *journey.target.tear_down_steps(),
    ]


def parts_off(settings: Settings) -> list[Off]:
    """What the settings leave out on purpose, so that no step speaks of it."""
    parts = []
    if not settings.datasets:
        parts.append(Off(part="data sets", why="datasets = []"))
    if not settings.has_sql:
        parts.append(Off(part="catalog, crawler and queries", why='query.kind = "off"'))
    if not settings.pipelines:
        parts.append(Off(part="models", why="pipelines = {}"))
    return parts


def _for_datasets(
    journey: Journey, name: str, do: Callable[[Journey, Dataset, Say], str]
) -> list[Step]:
    datasets = journey.settings.datasets
    return [
        Step(
            name=name if len(datasets) == 1 else f"{name} of {dataset.name}",
            run=partial(do, journey, dataset),
        )
        for dataset in datasets
    ]


def _sql_steps(journey: Journey) -> list[Step]:
    return [
        Step(name="crawl", run=partial(crawl, journey)),
        Step(name="queries and views", run=partial(run_queries, journey)),
        Step(name="check the answers", run=partial(check_answers, journey)),
        Step(name="workgroup", run=partial(check_workgroup, journey)),
    ]


def _pipeline_steps(journey: Journey, learning: Learning) -> list[Step]:
    """From the run of a pipeline to what serves its model."""
    run = PipelineRun(learning=learning, report=report_of(learning))
    journey.report.pipelines.append(run.report)
    several = len(journey.settings.pipelines) > 1

    def step(name: str, do: Callable[[Journey, PipelineRun, Say], str]) -> Step:
        suffix = f" of {learning.pipeline.name}" if several else ""
        return Step(name=name + suffix, run=partial(do, journey, run))

    batch = learning.pipeline.deploy == "batch"
    return [
        step("pipeline", run_pipeline),
        step("model against baseline", check_evaluation),
        step("approve the model", approve),
        step("model", wait_for_model) if batch else step("endpoint", wait_for_endpoint),
        step("predictions", read_predictions if batch else predict),
    ]


def report_of(learning: Learning) -> PipelineReport:
    """An empty report of a pipeline, which knows what it is to learn."""
    shown = learning.dataset.prediction.shown or tuple(learning.features)[:4]
    return PipelineReport(
        name=learning.pipeline.name,
        dataset=learning.dataset.name,
        task=learning.task,
        target=learning.target,
        unit=learning.schema()["unit"],
        shown=shown,
    )
