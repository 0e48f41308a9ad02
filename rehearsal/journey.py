"""The journey: what its steps share, and what they learn of each data set and pipeline."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from config.dataset import Dataset
    from config.learning import Learning
    from config.query_file import NamedQuery
    from rehearsal.answer import Answer
    from rehearsal.data.prepare import PreparedData
    from rehearsal.reporting.report import PipelineReport, Report
    from rehearsal.targets.target import Target

FIRST_SHARE = 0.1
SLOWER = 1.3
"""The first wait is a tenth of the target's own, and each one longer than that before."""


@dataclass(kw_only=True)
class PipelineRun:
    """One pipeline on the journey: which it is, and what its steps have found so far."""

    learning: Learning
    report: PipelineReport
    package_arn: str = ""
    """The model package that the pipeline registered."""
    evaluation: dict[str, Any] = field(default_factory=dict)

    @property
    def stack(self) -> str:
        """The name of its stack, without the platform's."""
        return self.learning.pipeline.stack


@dataclass(frozen=True, kw_only=True)
class DeclaredQuery:
    """A file of SQL, and the data set that it belongs to."""

    dataset: Dataset
    query: NamedQuery


@dataclass(kw_only=True)
class Journey:
    """One rehearsal: where it runs, what it takes along, what it has found so far."""

    settings: Settings
    target: Target
    report: Report
    out: Path
    data_folder: Path | None
    """The user's own files; None for the synthetic look-alikes."""
    declared: dict[str, DeclaredQuery] = field(default_factory=dict)
    """The files of SQL, by the name of the query."""
    prepared: dict[str, PreparedData] = field(default_factory=dict)
    """By the name of the data set."""
    answers: dict[str, Answer] = field(default_factory=dict)
    """By the name of the query."""

    def data(self, dataset: str) -> PreparedData:
        """The prepared data of a data set.

        Raises:
            RehearsalError: it has not been prepared yet.
        """
        if dataset not in self.prepared:
            raise RehearsalError(f"the data set {dataset!r} has not been prepared yet")
        return self.prepared[dataset]

    def client(self, service: str) -> Any:
        """A boto3 client of the journey's target."""
        return self.target.client(service)

    def output(self, stack: str, key: str) -> str:
        """The value of a stack's output."""
        return self.target.output(stack, key)

    def wait(self, *, until: Callable[[], bool], seconds: float, event: str) -> None:
        """Look again and again until something is so: at first soon, then less and less often.

        Raises:
            RehearsalError: it was not so in time.
        """
        deadline = time.monotonic() + seconds
        pause = self.target.poll_seconds * FIRST_SHARE
        while not until():
            if time.monotonic() > deadline:
                raise RehearsalError(f"{event} did not come to an end within {seconds:.0f} s")
            time.sleep(pause)
            pause = min(pause * SLOWER, self.target.poll_seconds)
