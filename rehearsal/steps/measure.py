"""Step: what the journey cost in memory, and which versions took part."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rehearsal.journey import Journey
    from rehearsal.runner import Say

PARTS = 4


def measure(journey: Journey, say: Say) -> str:
    """Ask the target for its measurements, while everything is still running."""
    say("asking for peak memory")
    found = journey.report.measurements = dict(journey.environment.measurements())
    emulator = found.get("emulator", {}).get("peak_memory_bytes")
    if emulator is None:
        return "memory is not told here; versions are in the report"
    jobs = ", ".join(
        f"{_short(job['name'])} {job['peak_rss_bytes'] / 1e6:.0f} MB" for job in found["jobs"]
    )
    return f"peak memory: emulator {emulator / 1e6:.0f} MB, {jobs}"


def _short(job: str) -> str:
    """The step of a pipeline's job: SageMaker names it pipelines-<execution>-<step>-<random>."""
    parts = job.split("-")
    return parts[2] if parts[0] == "pipelines" and len(parts) == PARTS else job
