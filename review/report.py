"""Put the whole report together; every way to show it starts from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.engines.run import Engines, merged
from review.findings import SEVERITIES, Finding, acknowledged, located
from review.gate import breaches, graded
from review.iam import matrix
from review.picture.draw import Pictures, draw
from review.picture.flows import Flow, flows_of
from review.rules import RULES
from review.rules.rule import Subject
from review.sections import cost, data, exposure, lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from review.changes.compare import Changes
    from review.engines.result import Result
    from review.gate import Gate
    from review.model import Assembly
    from review.sections.cost import Run


@dataclass(frozen=True, kw_only=True)
class Sections:
    """What can be told from the templates alone, quickly."""

    access: list[matrix.Row]
    exposure: list[exposure.Row]
    data: list[data.Row]
    cost: list[cost.Row]
    runs: list[Run]
    limits: list[lifecycle.Row]
    flows: list[Flow]


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that is shown."""

    assembly: Assembly
    sections: Sections
    pictures: Pictures
    findings: list[Finding]
    engines: list[Result]
    breaches: list[str]
    changes: Changes | None = None

    @property
    def idle_dollars(self) -> float:
        """Return the known idle cost, in dollars a month."""
        return cost.total(self.sections.cost)

    @property
    def unknown_costs(self) -> int:
        """Return how many resources have an idle cost that is not known."""
        return sum(row.basis == "unknown" for row in self.sections.cost)

    def count(self, severity: str) -> int:
        """Return the open findings of a severity."""
        return sum(one.open and one.severity == severity for one in self.findings)


def sections_of(subject: Subject) -> Sections:
    """Fill every section that needs the templates only."""
    assembly, references, statements = subject.assembly, subject.references, subject.statements
    return Sections(
        access=matrix.rows_of(statements, assembly, references),
        exposure=exposure.rows_of(assembly, statements),
        data=data.rows_of(assembly, references, statements),
        cost=cost.rows_of(assembly),
        runs=cost.runs_of(assembly),
        limits=lifecycle.rows_of(assembly),
        flows=flows_of(assembly, references, statements, subject.shown),
    )


def judge(subject: Subject, gate: Gate, results: Iterable[Result]) -> list[Finding]:
    """Return our rules' and the engines' findings, graded, acknowledged, the worst first."""
    ours = [found for rule in RULES for found in rule.check(subject, rule)]
    said = [
        *(one for stack in subject.assembly.stacks for one in stack.acknowledgements),
        *gate.acknowledgements,
    ]
    found = located([*ours, *merged(results)], subject.assembly)
    judged = acknowledged(graded(found, gate), said)
    return sorted(
        judged,
        key=lambda one: (not one.open, SEVERITIES.index(one.severity), one.source, one.rule),
    )


def build(
    assembly: Assembly, gate: Gate, *, everything: bool = False, pictures: bool = True
) -> Report:
    """Judge an assembly. `everything` runs the slow engine however large the assembly is."""
    subject = Subject(assembly, gate.options)
    engines = Engines(subject, regions=gate.regions, everything=everything)
    sections = sections_of(subject)
    drawn = (
        draw(assembly, subject.shown, sections.flows)
        if pictures
        else Pictures(missing="not asked for")
    )
    results = engines.results()
    findings = judge(subject, gate, results)
    return Report(
        assembly=assembly,
        sections=sections,
        pictures=drawn,
        findings=findings,
        engines=results,
        breaches=breaches(
            findings, gate=gate, idle_dollars=cost.total(sections.cost), engines=results
        ),
    )
