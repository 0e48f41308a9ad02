"""The journey: what the steps share, and their order."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config import Settings
    from rehearsal.data.prepare import PreparedData
    from rehearsal.environment import Environment
    from rehearsal.report import Report


@dataclass(kw_only=True)
class Journey:
    """One run: where it goes, what it takes along, what it has found so far."""

    settings: Settings
    environment: Environment
    report: Report
    out: Path
    data_folder: Path | None
    """The user's own files; None for the synthetic look-alike."""
    prepared: PreparedData | None = None
    answers: dict[str, list[list[Any]]] = field(default_factory=dict)
    """The rows of each query, by its name."""
    package_arn: str = ""
    """The model package that the pipeline registered."""
    evaluation: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> PreparedData:
        """The prepared data."""
        if self.prepared is None:
            raise RehearsalError("the data has not been prepared yet")
        return self.prepared

    def client(self, service: str) -> Any:
        """A boto3 client of the journey's target."""
        return self.environment.client(service)

    def output(self, stack: str, key: str) -> str:
        """The value of a stack's output."""
        return self.environment.output(stack, key)

    def wait(self, *, until: Callable[[], bool], seconds: float, what: str) -> None:
        """Look again and again until something is so.

        Raises:
            RehearsalError: it was not so in time.
        """
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise RehearsalError(f"{what} did not come to an end within {seconds:.0f} s")
            time.sleep(self.environment.poll_seconds)
