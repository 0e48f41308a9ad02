"""The settings of the SageMaker pipeline, and the instance types that AWS has retired."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

LIFECYCLE = Path(__file__).with_name("lifecycle.toml")


@cache
def _retired_families() -> dict[str, str]:
    with LIFECYCLE.open("rb") as file:
        retired: dict[str, str] = tomllib.load(file)["instance_families"]
    return retired


def _not_retired(instance_type: str) -> str:
    family = instance_type.removeprefix("ml.").partition(".")[0]
    advice = _retired_families().get(family)
    if advice is not None:
        raise ValueError(f"instance family '{family}' is retired: {advice}")
    return instance_type


MlInstanceType = Annotated[
    str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$"), AfterValidator(_not_retired)
]


class MlPipeline(BaseModel):
    """Preprocess, train, evaluate, register, deploy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    deploy: Literal["realtime", "batch"] = "realtime"
    """``realtime`` serves an approved model behind a serverless endpoint; ``batch`` transforms
    the test records and writes the answers where Athena can query them."""
    instance_type: MlInstanceType = "ml.m5.large"
    max_error_ratio: float = Field(default=0.9, gt=0, le=1)
    """A model is registered only if its error is at most this share of the baseline's."""
    serverless_memory_mb: Literal[1024, 2048, 3072, 4096, 5120, 6144] = 2048
    serverless_max_concurrency: int = Field(default=2, ge=1, le=200)
