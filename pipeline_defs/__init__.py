"""SageMaker pipelines by kind: a folder each, with a ``SPEC``, its steps and its definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline_defs import tabular
from pipeline_defs.sdk.spec import DefinitionError

if TYPE_CHECKING:
    from pipeline_defs.sdk.spec import PipelineSpec

PIPELINES: Final[tuple[PipelineSpec, ...]] = (tabular.SPEC,)
"""Every kind of pipeline; nothing else names one."""


def spec_of(kind: str) -> PipelineSpec:
    """The kind of pipeline of that name.

    Raises:
        DefinitionError: there is none; the message names those that there are.
    """
    for spec in PIPELINES:
        if spec.name == kind:
            return spec
    kinds = ", ".join(spec.name for spec in PIPELINES)
    raise DefinitionError(f"No pipeline is of kind {kind!r}; set kind to one of: {kinds}.")
