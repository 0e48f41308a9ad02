"""What a rehearsal leaves behind: ``report.json``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline_defs.sdk.spec import Answers
    from rehearsal.run.runner import Outcome


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
class PipelineReport:
    """What one pipeline did."""

    name: str
    answers: Answers | None
    """How a person tells its records apart; for the tables on the console only."""
    steps: list[dict[str, Any]] = field(default_factory=list)
    """Name, status, seconds, reason and metadata of each."""
    metrics: dict[str, Any] = field(default_factory=dict)
    """As the evaluation wrote them."""
    predictions: list[Prediction] = field(default_factory=list)
    """Some of them; the step's text says how many there were."""

    def content(self) -> dict[str, Any]:
        """What stands in the report of a pipeline; a part that was not reached is left out."""
        parts = {"steps": self.steps, "metrics": self.metrics}
        return {
            "pipeline": {name: part for name, part in parts.items() if part},
            "predictions": [asdict(prediction) for prediction in self.predictions],
        }


@dataclass(kw_only=True)
class Report:
    """The whole journey, filled step by step."""

    target: str
    config: str
    data: str
    steps: list[Outcome] = field(default_factory=list)
    queries: list[QueryAnswer] = field(default_factory=list)
    pipelines: list[PipelineReport] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    measurements: dict[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write it as JSON; the first pipeline and what was measured stand at the top level."""
        first = self.pipelines[0].content() if self.pipelines else {}
        content = {
            "target": self.target,
            "config": self.config,
            "data": self.data,
            "steps": [asdict(step) for step in self.steps],
            "queries": [asdict(query) for query in self.queries],
            "pipeline": first.get("pipeline", {}),
            "predictions": first.get("predictions", []),
            "resources": [asdict(resource) for resource in self.resources],
            **self.measurements,
        }
        if others := self.pipelines[1:]:
            content["other_pipelines"] = {other.name: other.content() for other in others}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2, default=str) + "\n")
