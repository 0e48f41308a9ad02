"""Every SPEC fits the platform: what it names is there, and no two are in each other's way."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, get_args

import pytest

from config.sections.ml import Pipeline
from pipeline_defs import PIPELINES

if TYPE_CHECKING:
    from pipeline_defs.sdk.spec import PipelineSpec

every_kind = pytest.mark.parametrize("spec", PIPELINES, ids=lambda spec: spec.name)


def test_no_two_kinds_share_a_name() -> None:
    assert len({spec.name for spec in PIPELINES}) == len(PIPELINES)


@every_kind
def test_its_modes_are_those_of_the_setting_and_are_rendered(spec: PipelineSpec) -> None:
    assert set(spec.modes) <= set(get_args(Pipeline.model_fields["deploy"].annotation))
    rendered = {path.stem for path in (spec.folder / "rendered").glob("*.json")}
    assert rendered == {*spec.modes, "images", "manifest"}


@every_kind
def test_its_algorithms_are_those_of_the_setting(spec: PipelineSpec) -> None:
    assert set(spec.images) <= set(get_args(Pipeline.model_fields["algorithm"].annotation))


@every_kind
def test_its_parameters_are_settings_and_its_files_are_there(spec: PipelineSpec) -> None:
    assert set(spec.parameters.values()) <= Pipeline.model_fields.keys()
    files = [spec.step_file(name) for name in (*spec.scripts, *spec.training_files)]
    assert {file.parent for file in files} <= {spec.folder / "steps"}


@every_kind
def test_its_titles_ask_for_nothing_but_target_and_data_set(spec: PipelineSpec) -> None:
    texts = (spec.title, spec.model_title)
    fields = {field for text in texts for _, field, *_ in Formatter().parse(text) if field}
    assert fields <= {"target", "dataset"}
