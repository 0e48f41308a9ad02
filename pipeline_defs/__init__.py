"""SageMaker pipelines: a folder each, with a ``SPEC``, its steps and what was rendered from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline_defs import catch_value

if TYPE_CHECKING:
    from pipeline_defs.sdk.spec import PipelineSpec

PIPELINES: Final[tuple[PipelineSpec, ...]] = (catch_value.SPEC,)
"""Every pipeline of the platform; nothing else names one."""
