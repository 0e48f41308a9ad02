"""Where a stack's template lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from review.model import Assembly, Stack


def template_path(assembly: Assembly, stack: Stack) -> Path:
    """Return the path of a stack's template file."""
    return assembly.root / stack.file
