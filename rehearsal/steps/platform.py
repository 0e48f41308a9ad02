"""Steps over the whole platform: how true to AWS each resource is here, and what it took."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rehearsal.errors import RehearsalError
from rehearsal.reporting.report import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say

PARTS = 4
"""Of the name that a pipeline gives to a job: pipelines-<execution>-<step>-<random>."""
IN_AWS = "aws"
"""The level of a resource in a real account: the thing itself."""


def grade(journey: Journey, say: Say) -> str:
    """List the resources of every stack with their levels; one without a level is a defect."""
    levels = journey.target.levels()
    pages = journey.client("cloudformation").get_paginator("list_stack_resources")
    for stack in journey.target.stack_names():
        say(stack)
        for page in pages.paginate(StackName=stack):
            for resource in page["StackResourceSummaries"]:
                kind = resource["ResourceType"]
                level = IN_AWS if journey.target.name == "aws" else level_of(kind, levels)
                if level is None:
                    raise RehearsalError(
                        f"{stack}: the emulator deployed {kind} but does not say how true it is"
                    )
                journey.report.resources.append(
                    Resource(
                        stack=stack,
                        logical_id=resource["LogicalResourceId"],
                        type=kind,
                        level=level,
                    )
                )
    by_level = Counter(resource.level for resource in journey.report.resources)
    counts = ", ".join(f"{count} {level}" for level, count in by_level.most_common())
    return f"{len(journey.report.resources)} resources: {counts}"


def level_of(kind: str, levels: Mapping[str, str]) -> str | None:
    """The level of a resource type: its own, or that of a pattern such as ``Custom::*``."""
    if kind in levels:
        return levels[kind]
    return next((level for name, level in levels.items() if fnmatchcase(kind, name)), None)


def measure(journey: Journey, say: Say) -> str:
    """Ask the target for its measurements, while everything is still running."""
    say("asking for peak memory")
    measurements = journey.report.measurements = dict(journey.target.measurements())
    emulator = measurements.get("emulator", {}).get("peak_memory_bytes")
    if emulator is None:
        return "memory is not told here; versions are in the report"
    jobs = ", ".join(
        f"{_short(job['name'])} {job['peak_rss_bytes'] / 1e6:.0f} MB"
        for job in measurements["jobs"]
    )
    return f"peak memory: emulator {emulator / 1e6:.0f} MB, {jobs}"


def _short(job: str) -> str:
    """The step of a pipeline's job; the whole name of another job."""
    parts = job.split("-")
    return parts[2] if parts[0] == "pipelines" and len(parts) == PARTS else job
