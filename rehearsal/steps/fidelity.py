"""Step: every deployed resource, and how true to AWS it is here."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rehearsal.errors import RehearsalError
from rehearsal.report import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rehearsal.journey import Journey
    from rehearsal.runner import Say

IN_AWS = "aws"
"""The level of a resource in a real account: the thing itself."""


def grade(journey: Journey, say: Say) -> str:
    """List the resources of every stack with their levels; one without a level is a defect."""
    levels = journey.environment.levels()
    pages = journey.client("cloudformation").get_paginator("list_stack_resources")
    for stack in journey.environment.stack_names():
        say(stack)
        for page in pages.paginate(StackName=stack):
            for resource in page["StackResourceSummaries"]:
                kind = resource["ResourceType"]
                level = IN_AWS if journey.environment.target == "aws" else level_of(kind, levels)
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
    found = Counter(resource.level for resource in journey.report.resources)
    counts = ", ".join(f"{count} {level}" for level, count in found.most_common())
    return f"{len(journey.report.resources)} resources: {counts}"


def level_of(kind: str, levels: Mapping[str, str]) -> str | None:
    """The level of a resource type: its own, or that of a pattern such as ``Custom::*``."""
    if kind in levels:
        return levels[kind]
    return next((level for name, level in levels.items() if fnmatchcase(kind, name)), None)
