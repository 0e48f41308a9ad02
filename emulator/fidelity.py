"""How true the emulator is to AWS, resource type by resource type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fidelity:
    """One resource type and what stands behind it."""

    type: str
    level: str
    note: str


FIDELITY: tuple[Fidelity, ...] = ()
