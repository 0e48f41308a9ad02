"""What a rehearsal leaves behind: ``report.json``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from rehearsal.runner import Outcome


@dataclass(kw_only=True)
class QueryAnswer:
    """How a deployed query or view was answered."""

    name: str
    kind: str
    """``query`` or ``view``."""
    rows: int
    bytes_scanned: int
    milliseconds: int
    """The engine's own time."""
    first_row: list[str | None]
    checked: bool = False
    """Whether it was compared with an independent answer; a query of one's own has none."""


@dataclass(kw_only=True)
class Resource:
    """A deployed resource."""

    stack: str
    logical_id: str
    type: str
    level: str
    """``real``, ``control plane`` or ``record only``; ``aws`` in a real account."""


@dataclass(kw_only=True)
class Prediction:
    """What the model said of a record that the model has never seen."""

    record: dict[str, Any]
    actual: float
    predicted: float


@dataclass(kw_only=True)
class Report:
    """The whole journey, filled step by step."""

    target: str
    config: str
    data: str
    steps: list[Outcome] = field(default_factory=list)
    queries: list[QueryAnswer] = field(default_factory=list)
    pipeline: dict[str, Any] = field(default_factory=dict)
    """``steps`` (name, status, seconds) and ``metrics`` as the evaluation wrote them."""
    predictions: list[Prediction] = field(default_factory=list)
    """Some of them; the step's text says how many there were."""
    resources: list[Resource] = field(default_factory=list)
    measurements: dict[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write it as JSON; what was measured stands at the top level."""
        content = asdict(self)
        content |= content.pop("measurements")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2, default=str) + "\n")
