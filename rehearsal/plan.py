"""The order of the journey."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rehearsal.runner import Step
from rehearsal.steps.approval import approve, wait_for_endpoint
from rehearsal.steps.batch import read_predictions, wait_for_model
from rehearsal.steps.check_answers import check_answers
from rehearsal.steps.crawl import crawl
from rehearsal.steps.data import prepare_data, upload
from rehearsal.steps.evaluation import check_evaluation
from rehearsal.steps.fidelity import grade
from rehearsal.steps.measure import measure
from rehearsal.steps.pipeline import run_pipeline
from rehearsal.steps.predictions import predict
from rehearsal.steps.queries import run_queries
from rehearsal.steps.workgroup import check_workgroup

if TYPE_CHECKING:
    from rehearsal.journey import Journey


def plan(journey: Journey) -> list[Step]:
    """List the steps: the data first, so that a mistake in it costs a second and not a minute."""
    return [
        Step(name="prepare the data", run=partial(prepare_data, journey)),
        *journey.environment.set_up_steps(),
        Step(name="upload", run=partial(upload, journey)),
        Step(name="crawl", run=partial(crawl, journey)),
        Step(name="queries and views", run=partial(run_queries, journey)),
        Step(name="check the answers", run=partial(check_answers, journey)),
        Step(name="workgroup", run=partial(check_workgroup, journey)),
        Step(name="pipeline", run=partial(run_pipeline, journey)),
        Step(name="model against baseline", run=partial(check_evaluation, journey)),
        Step(name="approve the model", run=partial(approve, journey)),
        *_deployment(journey),
        Step(name="fidelity", run=partial(grade, journey)),
        Step(name="memory", run=partial(measure, journey)),
        *journey.environment.tear_down_steps(),
    ]


def _deployment(journey: Journey) -> list[Step]:
    if journey.settings.ml_pipeline.deploy == "batch":
        return [
            Step(name="model", run=partial(wait_for_model, journey)),
            Step(name="predictions", run=partial(read_predictions, journey)),
        ]
    return [
        Step(name="endpoint", run=partial(wait_for_endpoint, journey)),
        Step(name="predictions", run=partial(predict, journey)),
    ]
