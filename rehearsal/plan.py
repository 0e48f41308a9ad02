"""The order of the journey."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rehearsal.journey import PipelineRun
from rehearsal.reporting.report import PipelineReport
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
    from collections.abc import Callable, Sequence

    from pipeline_defs.sdk.spec import PipelineSpec
    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say


def plan(journey: Journey, pipelines: Sequence[PipelineSpec]) -> list[Step]:
    """List the steps: the data first, so that a mistake in it costs a second and not a minute."""
    return [
        Step(name="prepare the data", run=partial(prepare_data, journey)),
        *journey.target.set_up_steps(),
        Step(name="upload", run=partial(upload, journey)),
        Step(name="crawl", run=partial(crawl, journey)),
        Step(name="queries and views", run=partial(run_queries, journey)),
        Step(name="check the answers", run=partial(check_answers, journey)),
        Step(name="workgroup", run=partial(check_workgroup, journey)),
        *(step for spec in pipelines for step in _pipeline_steps(journey, spec)),
        Step(name="fidelity", run=partial(grade, journey)),
        Step(name="memory", run=partial(measure, journey)),
        *journey.target.tear_down_steps(),
    ]


def _pipeline_steps(journey: Journey, spec: PipelineSpec) -> list[Step]:
    """From the run of a pipeline to what serves its model; checks need answers that are known."""
    report = PipelineReport(name=spec.name, answers=spec.answers)
    journey.report.pipelines.append(report)
    run = PipelineRun(spec=spec, report=report)

    def step(name: str, do: Callable[[Journey, PipelineRun, Say], str]) -> Step:
        suffix = f" of {spec.name}" if spec.label else ""
        return Step(name=name + suffix, run=partial(do, journey, run))

    steps = [step("pipeline", run_pipeline)]
    if spec.answers:
        steps.append(step("model against baseline", check_evaluation))
    steps.append(step("approve the model", approve))
    if journey.settings.ml_pipeline.deploy == "batch":
        steps.append(step("model", wait_for_model))
        return [*steps, step("predictions", read_predictions)] if spec.answers else steps
    steps.append(step("endpoint", wait_for_endpoint))
    return [*steps, step("predictions", predict)] if spec.answers else steps
