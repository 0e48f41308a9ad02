"""Rules on what a service no longer offers, or never runs."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from stackverdict.intrinsics import text
from stackverdict.rules.rule import Rule
from stackverdict.sections.retired import retired_in
from stackverdict.tables import dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackverdict.findings import Finding
    from stackverdict.subject import Subject


def _retired(subject: Subject, rule: Rule) -> Iterator[Finding]:
    for use in retired_in(subject.assembly):
        finding = rule.at(use.resource, use.what, place=use.place)
        fix = f"Use {use.successor}." if use.successor else rule.fix
        yield dataclasses.replace(finding, severity=use.severity, fix=fix)


RETIRED = Rule(
    id="retired",
    severity="error",
    title="No retired instance family, platform, runtime or service",
    fix="Use what AWS names as its successor.",
    check=_retired,
)


def _multinode_spot(subject: Subject, rule: Rule) -> Iterator[Finding]:
    jobs = subject.assembly.resources("AWS::Batch::JobDefinition")
    multinode = [job for job in jobs if text(job.properties.get("Type")).lower() == "multinode"]
    environments = list(subject.assembly.resources("AWS::Batch::ComputeEnvironment"))
    fit = [environment for environment in environments if _runs_multinode(environment.properties)]
    if environments and not fit:
        for job in multinode:
            yield rule.at(job, "a multi-node job, and every compute environment is Spot or Fargate")


def _runs_multinode(properties: object) -> bool:
    return text(dig(properties, "ComputeResources.Type")).upper() == "EC2"


MULTINODE_SPOT = Rule(
    id="multinode-on-spot",
    severity="error",
    title="Multi-node Batch jobs have an on-demand EC2 environment to run in",
    fix="Add a managed compute environment of type EC2.",
    check=_multinode_spot,
)
