"""One thing that would stay when the stacks go, or stand in their way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Leftover:
    """One thing to delete: its kind as a person calls it, its name, and what deletes it."""

    kind: str
    name: str
    delete: Callable[[], object]
    """Deletes it, and returns when nothing that it held is in the way any more."""
