"""What jobs and model servers run containers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aws_understudy.core.service import Context
    from aws_understudy.services.sagemaker.containers.containers import Containers
    from aws_understudy.services.sagemaker.containers.logs import LogShipper
    from aws_understudy.services.sagemaker.containers.objects import Objects


@dataclass(frozen=True, kw_only=True)
class Tools:
    """What it takes to run a container."""

    context: Context
    containers: Containers
    objects: Objects
    ship: Callable[[str, str, Path], LogShipper]
    """Makes a shipper: log group below /aws/sagemaker, stream, file."""
