"""Write the report as JSON, for programs and for comparison."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from stackverdict.tables import table

if TYPE_CHECKING:
    from stackverdict.model import Stack
    from stackverdict.report import Report

SCHEMA = 1


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as plain data; the keys are documented in the README."""
    sections = report.sections
    return {
        "schema": SCHEMA,
        "stacks": [_stack(stack) for stack in report.assembly.stacks],
        "verdict": dataclasses.asdict(report.verdict),
        "breaches": report.breaches,
        "access": _rows(sections.access),
        "exposure": _rows(sections.exposure),
        "data": _rows(sections.data),
        "cost": {
            "prices": {"date": table("prices")["date"], "region": table("prices")["region"]},
            "idleDollarsAMonth": round(report.idle_dollars, 4),
            "unknown": report.unknown_costs,
            "rows": _rows(sections.cost),
            "runs": _rows(sections.runs),
        },
        "limits": _rows(sections.limits),
        "flows": _rows(sections.flows),
        "findings": _rows(report.findings),
        "engines": [
            {"engine": engine.engine, "missing": engine.missing, "skipped": engine.skipped}
            for engine in report.engines
        ],
        "changes": dataclasses.asdict(report.changes) if report.changes else None,
        "notes": list(report.assembly.notes),
    }


def write_json(report: Report) -> str:
    """Return the report's JSON."""
    return json.dumps(as_data(report), indent=1, ensure_ascii=False, default=str) + "\n"


def _rows(rows: Any) -> list[dict[str, Any]]:
    return [dataclasses.asdict(row) for row in rows]


def _stack(stack: Stack) -> dict[str, Any]:
    return {
        "name": stack.name,
        "file": stack.file,
        "account": stack.account,
        "region": stack.region,
        "bytes": stack.size,
        "terminationProtection": stack.termination_protection,
        "resources": {resource.logical_id: resource.type for resource in stack.resources.values()},
    }
