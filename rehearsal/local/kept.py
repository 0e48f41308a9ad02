"""An emulator that an earlier rehearsal left running in a folder, as KEEP=1 asks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rehearsal.errors import RehearsalError
from rehearsal.local.clients import read_page

if TYPE_CHECKING:
    from pathlib import Path


def refuse_where_one_is_kept(folder: Path) -> None:
    """Leave alone what a running emulator works in.

    Args:
        folder: The emulator's own folder, which the next rehearsal would delete.

    Raises:
        RehearsalError: it still serves; with the command that ends it.
    """
    ready = folder / "ready.json"
    try:
        said = json.loads(ready.read_text())
        read_page(f"{said['endpoint_url']}/_capstone/health")
    except (OSError, ValueError, KeyError):
        return  # nobody has been there, or nobody serves any more
    raise RehearsalError(
        f"an emulator that was kept still works in {folder}, at {said['endpoint_url']}; end it "
        f"with: kill {said['pid']}, or give another --out"
    )
