"""The journey: what its steps share, and what they learn of each pipeline."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from pipeline_defs.sdk.spec import PipelineSpec
    from rehearsal.data.prepare import PreparedData
    from rehearsal.reporting.report import PipelineReport, Report
    from rehearsal.targets.target import Target


@dataclass(kw_only=True)
class PipelineRun:
    """One pipeline on the journey: which it is, and what its steps have found so far."""

    spec: PipelineSpec
    report: PipelineReport
    package_arn: str = ""
    """The model package that the pipeline registered."""
    evaluation: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Journey:
    """One rehearsal: where it runs, what it takes along, what it has found so far."""

    settings: Settings
    target: Target
    report: Report
    out: Path
    data_folder: Path | None
    """The user's own files; None for the synthetic look-alike."""
    prepared: PreparedData | None = None
    answers: dict[str, list[list[Any]]] = field(default_factory=dict)
    """The rows of each query, by its name."""

    @property
    def data(self) -> PreparedData:
        """The prepared data."""
        if self.prepared is None:
            raise RehearsalError("the data has not been prepared yet")
        return self.prepared

    def client(self, service: str) -> Any:
        """A boto3 client of the journey's target."""
        return self.target.client(service)

    def output(self, stack: str, key: str) -> str:
        """The value of a stack's output."""
        return self.target.output(stack, key)

    def wait(self, *, until: Callable[[], bool], seconds: float, event: str) -> None:
        """Look again and again until something is so.

        Raises:
            RehearsalError: it was not so in time.
        """
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise RehearsalError(f"{event} did not come to an end within {seconds:.0f} s")
            time.sleep(self.target.poll_seconds)
