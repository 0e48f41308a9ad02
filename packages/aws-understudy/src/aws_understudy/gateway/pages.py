"""What the emulator says of itself under ``/_understudy/``: health, jobs, and how true it is."""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from aws_understudy.core.service import AwsResponse
from aws_understudy.ledger.page import as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_understudy.core.fidelity import Fidelity
    from aws_understudy.core.service import Service
    from aws_understudy.ledger.entries import ServiceLedger


@runtime_checkable
class RunsJobs(Protocol):
    """A service that measures the jobs it runs."""

    def job_stats(self) -> list[dict[str, Any]]:
        """Name, status, seconds and peak memory of each job."""
        ...


def own_pages(
    services: Sequence[Service], fidelity: Sequence[Fidelity], ledgers: Sequence[ServiceLedger]
) -> dict[str, Callable[[], AwsResponse]]:
    """Each page by its name after ``/_understudy/``."""
    return {
        "health": _health,
        "fidelity": lambda: _fidelity(fidelity),
        "operations": lambda: _json(as_json(ledgers)),
        "jobs": lambda: _jobs(services),
    }


def _health() -> AwsResponse:
    return _json({"status": "ok", "rss_bytes": resident_bytes()})


def _fidelity(fidelity: Sequence[Fidelity]) -> AwsResponse:
    return _json([asdict(entry) for entry in fidelity])


def _jobs(services: Sequence[Service]) -> AwsResponse:
    runners = [service for service in services if isinstance(service, RunsJobs)]
    return _json([stat for runner in runners for stat in runner.job_stats()])


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
