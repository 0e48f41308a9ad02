"""The checks, each a function of the machine; ``CHECKS`` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from doctor.checks.demo import other_demo, port
from doctor.checks.network import npm_registry, package_index
from doctor.checks.programs import git, node, python
from doctor.checks.space import disk, memory, writable
from doctor.finding import Finding
from doctor.machine import Machine

Check = Callable[[Machine], Iterable[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    python,
    git,
    node,
    writable,
    disk,
    memory,
    package_index,
    npm_registry,
    port,
    other_demo,
)
