"""Every section that needs the templates only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stackverdict.flows.arrows import Flow, flows_of
from stackverdict.iam import matrix
from stackverdict.sections import cost, data, exposure, lifecycle

if TYPE_CHECKING:
    from stackverdict.sections.cost import Run
    from stackverdict.subject import Subject


@dataclass(frozen=True, kw_only=True)
class Sections:
    """The sections that need the templates only; `sections_of` fills them."""

    access: list[matrix.Row]
    exposure: list[exposure.Row]
    data: list[data.Row]
    cost: list[cost.Row]
    runs: list[Run]
    limits: list[lifecycle.Row]
    flows: list[Flow]


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
