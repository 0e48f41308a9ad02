"""One job: its state and its kind."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aws_understudy.services.sagemaker.inputs import now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_understudy.services.sagemaker.containers.tools import Tools


@dataclass(kw_only=True)
class Job:
    """One job; ``request`` is that of its Create call."""

    name: str
    arn: str
    request: dict[str, Any]
    folder: Path
    status: str = "InProgress"
    created: float = field(default_factory=now)
    started: float | None = None
    ended: float | None = None
    reason: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    """What the Describe call shows beside the request, such as ``ModelArtifacts``."""
    peak_rss_bytes: int = 0
    note: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """What differs between processing, training and transform jobs."""

    word: str
    """As in the API's names: ``Processing``."""
    check: Callable[[dict[str, Any], Tools], str]
    """Refuses a request that cannot be run here; returns a note on how it is run."""
    run: Callable[[Job, Tools], None]

    @property
    def noun(self) -> str:
        """As in ARNs: ``processing-job``."""
        return f"{self.word.lower()}-job"
