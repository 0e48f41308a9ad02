"""What a rehearsal leaves behind: ``report.json``, whose form ``report.schema.json`` describes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from rehearsal.checks.expectations import Expectation
    from rehearsal.run.runner import Outcome


@dataclass(kw_only=True)
class Off:
    """A part of the platform that the settings leave out on purpose."""

    part: str
    why: str


@dataclass(kw_only=True)
class DatasetReport:
    """The files that one data set was given."""

    name: str
    title: str
    source: str
    """The user's folder, or ``synthetic``."""
    files: list[str]
    rows: int
    columns: list[str]
    empty_columns: list[str] = field(default_factory=list)
    """Declared columns without a value in any file."""


@dataclass(kw_only=True)
class QueryAnswer:
    """How a deployed query or view was answered."""

    name: str
    dataset: str | None
    """None for a query that the settings do not know."""
    kind: str
    """``query`` or ``view``."""
    rows: int
    bytes_scanned: int
    milliseconds: int
    """The engine's own time."""
    columns: list[str]
    first_row: list[str | None]
    expectation: list[Expectation] = field(default_factory=list)
    checked: bool = False
    """Whether it was compared with an independent answer; a query of one's own has none."""
    empty_because: str = ""
    """Of an answer without rows: the likely reason."""


@dataclass(kw_only=True)
class Resource:
    """A deployed resource."""

    stack: str
    logical_id: str
    type: str
    level: str
    """``real``, ``control plane`` or ``record only``; ``aws`` in a real account."""


@dataclass(kw_only=True)
class Executed:
    """A step of a pipeline that ran."""

    step: str
    type: str
    """As SageMaker names it, such as ``Training``; empty where it does not tell."""
    status: str
    seconds: float
    level: str


@dataclass(kw_only=True)
class Prediction:
    """What the model said of a record that the model has never seen."""

    record: dict[str, Any]
    actual: Any
    """A number, or a label; ``predicted`` and ``baseline`` too."""
    predicted: Any
    baseline: Any = None
    probability: float | None = None


@dataclass(kw_only=True)
class PipelineReport:
    """What one pipeline did."""

    name: str
    dataset: str
    task: str
    target: str
    unit: str
    shown: tuple[str, ...]
    """The features that tell a person which record it is."""
    executed: list[Executed] = field(default_factory=list)
    metrics: dict[str, Any] = field(default_factory=dict)
    """As the evaluation wrote them."""
    predictions: list[Prediction] = field(default_factory=list)
    """All that were checked."""
    examples: int = 12
    """How many of them stand in the report."""

    @property
    def some_predictions(self) -> list[Prediction]:
        """A few predictions, evenly over all of them."""
        step = max(1, len(self.predictions) // self.examples)
        return self.predictions[::step][: self.examples]

    def content(self) -> dict[str, Any]:
        """What stands in the report of a pipeline."""
        return {
            "name": self.name,
            "dataset": self.dataset,
            "task": self.task,
            "target": self.target,
            "unit": self.unit,
            "executed": [asdict(step) for step in self.executed],
            "metrics": self.metrics,
            "pictures": [],
        }


@dataclass(kw_only=True)
class Report:
    """The whole journey, filled step by step."""

    target: str
    config: str
    data: str
    off: list[Off] = field(default_factory=list)
    steps: list[Outcome] = field(default_factory=list)
    datasets: list[DatasetReport] = field(default_factory=list)
    queries: list[QueryAnswer] = field(default_factory=list)
    pipelines: list[PipelineReport] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    capabilities: list[dict[str, str]] = field(default_factory=list)
    measurements: dict[str, Any] = field(default_factory=dict)
    """Peak memory and versions, as the target tells them."""
    seconds: float = 0.0
    """From the first step to the last."""

    def content(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return {
            "target": self.target,
            "config": self.config,
            "data": self.data,
            "off": [asdict(off) for off in self.off],
            "steps": [asdict(step) for step in self.steps],
            "datasets": [asdict(dataset) for dataset in self.datasets],
            "queries": [asdict(query) for query in self.queries],
            "pipelines": [pipeline.content() for pipeline in self.pipelines],
            "predictions": [
                {"pipeline": pipeline.name, **asdict(prediction)}
                for pipeline in self.pipelines
                for prediction in pipeline.some_predictions
            ],
            "resources": [asdict(resource) for resource in self.resources],
            "capabilities": self.capabilities,
            "figures": {"seconds": round(self.seconds, 3), **self.measurements},
        }

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.content(), indent=2, default=str) + "\n")
