"""What is known of a kind of pipeline without the SageMaker SDK: all that the platform asks of it.

A kind knows no data. What one pipeline of a kind is called and what it learns is settings.
"""

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
class PipelineSpec:
    """A kind of pipeline: a folder with ``definition.py``, ``steps/`` and ``rendered/``."""

    folder: Path
    title: str
    """What it does, for the console; ``{target}`` and ``{dataset}`` in it are filled in."""
    model_title: str
    """What its model package group holds, for the console; filled in likewise."""
    modes: tuple[str, ...]
    """The values of a pipeline's setting ``deploy`` that it has a definition for."""
    images: Mapping[str, Image]
    """The image of every job, by the pipeline's setting ``algorithm``."""
    scripts: tuple[str, ...] = ()
    """Files of ``steps/`` that processing jobs run."""
    training_files: tuple[str, ...] = ()
    """Files of ``steps/`` that the training job gets as an archive."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Parameters whose default is a setting: the name to the field of a pipeline's settings."""
    learns: bool = False
    """Whether a ``schema.json`` tells it what its data consists of and what it is to predict."""

    @property
    def name(self) -> str:
        """The name of the folder, such as ``tabular``."""
        return self.folder.name

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Every placeholder that its definitions may hold."""
        return (*OF_EVERY_PIPELINE, *map(code_uri, self.scripts))

    def image(self, algorithm: str) -> Image:
        """The image of its jobs for an algorithm.

        Raises:
            DefinitionError: it has none for that.
        """
        if algorithm not in self.images:
            raise DefinitionError(
                f"Pipelines of kind {self.name} have no algorithm {algorithm!r}; set algorithm to "
                f"one of: {', '.join(self.images)}."
            )
        return self.images[algorithm]

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
