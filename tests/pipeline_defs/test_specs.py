"""Every SPEC fits the platform: what it names is there, and no two are in each other's way."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from config.sections import MlPipeline
from pipeline_defs import PIPELINES

if TYPE_CHECKING:
    from pipeline_defs.sdk.spec import PipelineSpec

every_pipeline = pytest.mark.parametrize("spec", PIPELINES, ids=lambda spec: spec.name)


def test_no_two_pipelines_share_a_stack_or_a_table() -> None:
    tables = [spec.answers.table for spec in PIPELINES if spec.answers]
    assert len({spec.stack_id for spec in PIPELINES}) == len(PIPELINES)
    assert len({spec.stack for spec in PIPELINES}) == len(PIPELINES)
    assert len(set(tables)) == len(tables)


@every_pipeline
def test_its_modes_are_those_of_the_setting_and_are_rendered(spec: PipelineSpec) -> None:
    assert set(spec.modes) <= set(get_args(MlPipeline.model_fields["deploy"].annotation))
    rendered = {path.stem for path in (spec.folder / "rendered").glob("*.json")}
    assert rendered == {*spec.modes, "images", "manifest"}


@every_pipeline
def test_its_parameters_are_settings_and_its_files_are_there(spec: PipelineSpec) -> None:
    assert set(spec.parameters.values()) <= MlPipeline.model_fields.keys()
    files = [spec.step_file(name) for name in (*spec.scripts, *spec.training_files)]
    assert {file.parent for file in files} <= {spec.folder / "steps"}


@every_pipeline
def test_what_is_said_of_its_answers_is_said_of_its_features(spec: PipelineSpec) -> None:
    answers = spec.answers
    assert answers is None or {answers.year, answers.weight, *answers.shown} <= {*answers.features}
    assert answers is None or answers.target not in answers.features
