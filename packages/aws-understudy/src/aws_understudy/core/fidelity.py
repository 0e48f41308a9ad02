"""How true a resource type is to AWS; each service lists its own in its ``part.py``."""

from __future__ import annotations

from dataclasses import dataclass

REAL = "real"
"""It does what it does on AWS: data is stored, code runs, queries are answered."""
CONTROL_PLANE = "control plane"
"""It can be created, changed, described and deleted, but what AWS runs behind it is not there."""
RECORD_ONLY = "record only"
"""What was given is kept and shown again; no check of AWS's is made and nothing follows."""


@dataclass(frozen=True, kw_only=True)
class Fidelity:
    """One resource type and what stands behind it."""

    type: str
    level: str
    note: str


def real(type_name: str, note: str) -> Fidelity:
    """A type that does what it does on AWS."""
    return Fidelity(type=type_name, level=REAL, note=note)


def control_plane(type_name: str, note: str) -> Fidelity:
    """A type behind which nothing runs."""
    return Fidelity(type=type_name, level=CONTROL_PLANE, note=note)


def record_only(type_name: str, note: str) -> Fidelity:
    """A type that is kept, unchecked."""
    return Fidelity(type=type_name, level=RECORD_ONLY, note=note)
