"""The machine that a container runs on, and the bounds that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aws_understudy.sandbox.limits import Limits
from aws_understudy.services.sagemaker.containers.instance_types import memory_bytes

_GIBIBYTE: Final = 1 << 30
_UNLISTED_MEMORY: Final = 64 * _GIBIBYTE
"""Of an instance type that is not in the tables; the machine's own memory bounds it, too."""
_DEFAULT_VOLUME_GIB: Final = 30


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What a container runs on, as far as it holds here."""

    instance_type: str
    volume_gib: int = _DEFAULT_VOLUME_GIB
    memory: int | None = None
    """Bytes, where it is chosen itself (serverless); else the instance type's."""
    network: bool = True

    def limits(self) -> Limits:
        """The bounds of the container."""
        memory = self.memory or memory_bytes(self.instance_type) or _UNLISTED_MEMORY
        return Limits(
            memory_bytes=memory,
            disk_bytes=self.volume_gib * _GIBIBYTE,
            whose=self.instance_type,
        )
