"""SageMaker pipelines: each a table ``[pipelines.NAME]``."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from config.sections.section import Section, pascal_case

RETIRED_FAMILIES: Final = {
    "p2": "use g6",
    "p3": "closed on 2025-12-20; use g6 for small jobs, p5 for large ones",
    "p3dn": "closed on 2025-12-20; use p5",
    "g3": "use g6",
    "g3s": "use g6",
    "g4ad": "no longer offered; use g6",
    "eia1": "Elastic Inference ended; use inf2, g6 or a serverless endpoint",
    "eia2": "Elastic Inference ended; use inf2, g6 or a serverless endpoint",
}
"""Families of instances that AWS has closed or ended, and what to use instead."""

LOCAL_STORAGE: Final = re.compile(
    r"ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|p4de|p5|p5e|p5en|p6\S*|g5|g6|g6e|gr6|trn\d\w*|i\d\w*)\."
)
"""Types with disks of their own, which cannot be encrypted with a customer's key: SageMaker
refuses VolumeKmsKeyId for them (ResourceConfig in its API)."""


def _not_retired(instance_type: str) -> str:
    family = instance_type.removeprefix("ml.").partition(".")[0]
    advice = RETIRED_FAMILIES.get(family)
    if advice is not None:
        raise ValueError(f"instance family '{family}' is retired: {advice}")
    return instance_type


MlInstanceType = Annotated[
    str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$"), AfterValidator(_not_retired)
]
Task = Literal["regression", "classification"]
Baseline = Literal["mean", "median", "majority", "ratio"]
Scale = Literal["linear", "log", "log_ratio"]
Metric = Literal["mae", "rmse", "weighted_ape", "error_rate", "log_loss"]
"""Errors, so that less is better; what each one is stands in docs/pipelines.md."""


class Pipeline(Section):
    """Preprocess, train, evaluate, register, deploy: one model over one data set."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")
    """The last part of the table's head."""
    kind: str = Field(default="tabular", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    """The folder of ``pipeline_defs/`` that is deployed."""
    dataset: str
    """One that the configuration lists."""
    deploy: Literal["realtime", "batch"] = "realtime"
    """``realtime`` serves an approved model behind a serverless endpoint; ``batch`` transforms
    the test records and writes the answers where Athena can query them."""
    instance_type: MlInstanceType = "ml.m5.large"
    """Of every job."""
    algorithm: Literal["sklearn", "xgboost"] = "sklearn"
    """The library that trains, both by gradient boosting, and its image."""
    target: str | None = None
    """The column to predict; by default the data set's own target."""
    task: Task | None = None
    """By default what the target's type says: numbers are regressed, others classified."""
    baseline: Baseline | None = None
    """What a model has to beat; by default the data set's, else median or majority."""
    scale: Scale | None = None
    """What is learned of a number: it, its logarithm, or that of its ratio to another column."""
    metric: Metric | None = None
    """What the gate compares; by default ``mae`` for numbers and ``error_rate`` for classes."""
    max_error_ratio: float = Field(default=0.9, gt=0, le=1)
    """A model is registered only if its error is at most this share of the baseline's."""
    serverless_memory_mb: Literal[1024, 2048, 3072, 4096, 5120, 6144] = 2048
    serverless_max_concurrency: int = Field(default=2, ge=1, le=200)

    @property
    def slug(self) -> str:
        """The name as part of a physical name, such as ``catch-value``."""
        return self.name.replace("_", "-")

    @property
    def stack(self) -> str:
        """The name of its stack, without the platform's."""
        return f"ml-pipeline-{self.slug}"

    @property
    def label(self) -> str:
        """The name as part of a construct's id, such as ``CatchValue``."""
        return pascal_case(self.name)
