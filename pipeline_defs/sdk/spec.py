"""What is known of a pipeline without the SageMaker SDK: all that the platform asks of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline_defs.sdk.placeholders import OF_EVERY_PIPELINE, code_uri

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class DefinitionError(Exception):
    """A pipeline, a mode, a region or a substitution that cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Image:
    """A container image of AWS, as the SageMaker SDK looks it up."""

    framework: str
    version: str
    scope: str = "training"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Records of the data set that the model answers: as a table, and for whoever checks them."""

    table: str
    """The table of the batch transform's answers, and the folder of the model bucket below it."""
    description: str
    features: Mapping[str, str]
    """What a record consists of: each column's name to its type in Hive."""
    year: str
    """The feature that splits the records: the test years lie in the future."""
    weight: str
    """The feature that must be above nothing."""
    target: str
    """The column of the data set that is predicted."""
    answer: str
    """What the model calls its prediction of the target."""
    unit: str
    shown: tuple[str, ...]
    """The features that tell a person which record it is."""


@dataclass(frozen=True, kw_only=True)
class PipelineSpec:
    """A pipeline: a folder with ``definition.py``, ``steps/`` and ``rendered/``."""

    folder: Path
    title: str
    """What it does, for the console."""
    model_title: str
    """What its model package group holds, for the console."""
    label: str
    """Tells its stack and its alarms from another pipeline's, such as ``Mnist``; empty for the
    pipeline that was deployed first, whose logical ids stay as they are."""
    modes: tuple[str, ...]
    """The values of ``ml_pipeline.deploy`` that it has a definition for."""
    image: Image
    scripts: tuple[str, ...] = ()
    """Files of ``steps/`` that processing jobs run."""
    training_files: tuple[str, ...] = ()
    """Files of ``steps/`` that the training job gets as an archive."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Parameters whose default is a setting: the name to the field of ``ml_pipeline``."""
    answers: Answers | None = None

    @property
    def name(self) -> str:
        """The name of the folder, such as ``catch_value``."""
        return self.folder.name

    @property
    def slug(self) -> str:
        """The name as part of a physical name, such as ``catch-value``."""
        return self.name.replace("_", "-")

    @property
    def stack_id(self) -> str:
        """The construct id of its stack."""
        return f"MlPipeline{self.label}"

    @property
    def stack(self) -> str:
        """The name of its stack, without the platform's."""
        return f"ml-pipeline-{self.slug}" if self.label else "ml-pipeline"

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Every placeholder that its definitions may hold."""
        return (*OF_EVERY_PIPELINE, *map(code_uri, self.scripts))

    def step_file(self, name: str) -> Path:
        """A file of ``steps/``.

        Raises:
            DefinitionError: it is not there.
        """
        path = self.folder / "steps" / name
        if not path.is_file():
            raise DefinitionError(
                f"Pipeline {self.name} has no file {path}; correct scripts or training_files of "
                "its SPEC, or write the file."
            )
        return path
