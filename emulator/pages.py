"""What the emulator says about itself under ``/_capstone/``: its health, and its fidelity."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emulator.fidelity import FIDELITY
from emulator.service import AwsResponse

if TYPE_CHECKING:
    from collections.abc import Callable


def own_pages() -> dict[str, Callable[[], AwsResponse]]:
    """Each page by its name after ``/_capstone/``."""
    return {"health": _health, "fidelity": _fidelity}


def _health() -> AwsResponse:
    return _json({"status": "ok", "rss_bytes": resident_bytes()})


def _fidelity() -> AwsResponse:
    return _json([asdict(entry) for entry in FIDELITY])


def resident_bytes() -> int:
    """The memory this process holds; where only the peak is known (macOS), the peak."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _json(payload: Any) -> AwsResponse:
    return AwsResponse(
        headers={"content-type": "application/json"}, body=json.dumps(payload).encode()
    )
