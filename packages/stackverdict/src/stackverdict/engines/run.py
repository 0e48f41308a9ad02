"""Run every engine at once, and merge what two of them say of the same thing."""

from __future__ import annotations

import dataclasses
import re
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from stackverdict.engines import cfn_lint, cfn_validate, parliament, synth_report
from stackverdict.engines.result import Result
from stackverdict.findings import SEVERITIES, Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stackverdict.subject import Subject

# cfn-lint takes about 20 ms a resource. Above this many the page leaves it to the gate.
LINT_LIMIT = 400


class Engines:
    """The engines at work; `results` waits for them."""

    def __init__(self, subject: Subject, *, regions: Sequence[str], lint_all: bool) -> None:
        assembly = subject.assembly
        self._pool = ThreadPoolExecutor()
        count = sum(len(stack.resources) for stack in assembly.stacks)
        reason = f"left to the gate: {count} resources are more than {LINT_LIMIT}"
        self._running: list[Future[Result]] = [
            self._pool.submit(cfn_lint.run, assembly, regions=regions)
            if lint_all or count <= LINT_LIMIT
            else self._pool.submit(lambda: Result(engine=cfn_lint.NAME, skipped=reason)),
            self._pool.submit(cfn_validate.run, assembly),
            self._pool.submit(lambda: parliament.run(subject.statements)),
        ]
        self._synthesis = synth_report.read(assembly)

    def results(self) -> list[Result]:
        """Wait for the engines and return what they found."""
        lint, validate, policies = (future.result() for future in self._running)
        self._pool.shutdown()
        return [self._synthesis, validate, lint, policies]


def merged(results: Iterable[Result]) -> list[Finding]:
    """Return the findings of all engines, one for what several say: the worst severity wins.

    cfn-lint and CloudFormation Validate share their numbers: E3002 and F3002 are one rule.
    """
    merged_findings: dict[tuple[str, ...], Finding] = {}
    for finding in (finding for result in results for finding in result.findings):
        numbered = finding.rule[1:].isdigit()
        rule = finding.rule[1:] if numbered else f"{finding.source} {finding.rule}"
        subject = finding.logical_id or finding.path
        place = re.sub(r"(/\d+)+$", "", finding.place)  # the tools differ in where a list's item is
        key = (rule, finding.stack, subject, place, "" if numbered else finding.message)
        first = merged_findings.get(key)
        merged_findings[key] = finding if first is None else _both(first, finding)
    return list(merged_findings.values())


def _both(first: Finding, other: Finding) -> Finding:
    sources = dict.fromkeys([*first.source.split(", "), other.source])
    return dataclasses.replace(
        first,
        source=", ".join(sources),
        severity=min(first.severity, other.severity, key=SEVERITIES.index),
        line=other.line or first.line,
        reason=first.reason or other.reason,
        acknowledged_at=first.acknowledged_at or other.acknowledged_at,
    )
