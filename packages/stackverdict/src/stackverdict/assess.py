"""Read, judge, compare: from a path to a report."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from stackverdict.changes.compare import compare
from stackverdict.engines.run import Engines, merged
from stackverdict.findings import SEVERITIES, Finding, acknowledged, located
from stackverdict.gate import Gate, breaches, graded
from stackverdict.loading.assembly import load_assembly
from stackverdict.node import Node, locate
from stackverdict.picture.svg import Pictures, draw
from stackverdict.report import Report
from stackverdict.rules import RULES
from stackverdict.sections import cost
from stackverdict.sections.all import sections_of
from stackverdict.subject import Subject

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from stackverdict.changes.compare import Changes
    from stackverdict.engines.result import Result
    from stackverdict.model import Assembly


def review(
    path: str | os.PathLike[str],
    *,
    gate: Gate | None = None,
    base: str | os.PathLike[str] | None = None,
    base_name: str = "",
    title: str = "",
    lint_all: bool = False,
    pictures: bool = True,
    node_modules: str | os.PathLike[str] | None = None,
) -> Report:
    """Judge generated CloudFormation; reads files only, and needs no account and no network.

    Args:
        path: a cloud assembly (`cdk.out`), a folder of templates, or one template.
        gate: the thresholds, such as `load_gate("gates.toml")`; without, no open error is allowed.
        base: an assembly, folder or template to compare with.
        base_name: what to call it, such as a git reference; its path unless given.
        title: what to call the report; the name of the path unless given.
        lint_all: run cfn-lint also on more than 400 resources, at 20 ms each.
        pictures: draw the architecture; needs Node.js, else the report says what is missing.
        node_modules: the packages of Node.js; unless given, those in the folder that
            `$STACKVERDICT_NODE_MODULES` names, or that `stackverdict setup` fetched.

    Raises:
        InputError: an input is missing or broken; says which, where and why.
    """
    source = Path(path)
    node = locate(None if node_modules is None else Path(node_modules))
    report = _judged(
        load_assembly(source),
        gate or Gate(),
        title=title or _title(source),
        lint_all=lint_all,
        node=node if pictures else None,
    )
    if base is None:
        return report
    changes = _changes(report, Path(base), node)
    return dataclasses.replace(
        report, changes=dataclasses.replace(changes, base=base_name or str(base))
    )


def _changes(report: Report, base: Path, node: Node) -> Changes:
    baseline = Subject(load_assembly(base), report.subject.options)
    return compare(baseline.assembly, report.assembly, sections_of(baseline), report.sections, node)


def _judged(
    assembly: Assembly, gate: Gate, *, title: str, lint_all: bool, node: Node | None
) -> Report:
    subject = Subject(assembly, gate.options)
    engines = Engines(subject, regions=gate.regions, lint_all=lint_all)
    sections = sections_of(subject)
    drawn = Pictures(missing="not asked for")
    if node is not None:
        drawn = draw(assembly, subject.shown, sections.flows, node=node)
    results = engines.results()
    findings = judge(subject, gate, results)
    dollars = cost.total(sections.cost)
    return Report(
        title=title,
        subject=subject,
        sections=sections,
        pictures=drawn,
        findings=findings,
        engines=results,
        breaches=breaches(findings, gate=gate, idle_dollars=dollars, engines=results),
    )


def judge(subject: Subject, gate: Gate, results: Iterable[Result]) -> list[Finding]:
    """Return our rules' and the engines' findings, graded, acknowledged, the worst first."""
    ours = [finding for rule in RULES for finding in rule.check(subject, rule)]
    acknowledgements = [
        *(entry for stack in subject.assembly.stacks for entry in stack.acknowledgements),
        *gate.acknowledgements,
    ]
    findings = located([*ours, *merged(results)], subject.assembly)
    return sorted(
        acknowledged(graded(findings, gate), acknowledgements),
        key=lambda finding: (
            not finding.open,
            SEVERITIES.index(finding.severity),
            finding.source,
            finding.rule,
        ),
    )


def _title(source: Path) -> str:
    path = source.resolve()
    return path.parent.name if path.name == "cdk.out" else path.name
