"""Multi-node Batch jobs do not run on Spot: Batch accepts the queue and leaves the job waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.intrinsics import text
from review.rules.rule import Rule, Subject
from review.tables.read import dig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.findings import Finding


def _check(subject: Subject, rule: Rule) -> Iterator[Finding]:
    jobs = subject.assembly.resources("AWS::Batch::JobDefinition")
    multinode = [one for one in jobs if text(one.properties.get("Type")).lower() == "multinode"]
    environments = list(subject.assembly.resources("AWS::Batch::ComputeEnvironment"))
    fit = [one for one in environments if _runs_multinode(one.properties)]
    if environments and not fit:
        for job in multinode:
            yield rule.at(job, "a multi-node job, and every compute environment is Spot or Fargate")


def _runs_multinode(properties: object) -> bool:
    return text(dig(properties, "ComputeResources.Type")).upper() == "EC2"


RULE = Rule(
    id="multinode-on-spot",
    severity="error",
    title="Multi-node Batch jobs have an on-demand EC2 environment to run in",
    fix="Add a managed compute environment of type EC2.",
    check=_check,
)
