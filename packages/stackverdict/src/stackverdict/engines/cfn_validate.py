"""Run CloudFormation Validate, AWS's own offline validator, over the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackverdict.engines.result import Result
from stackverdict.findings import Finding

if TYPE_CHECKING:
    from stackverdict.model import Assembly, Stack

_SEVERITIES = {"FATAL": "error", "ERROR": "error", "WARN": "warning"}  # INFO tells, judges not
NAME = "cfn-validate"


def run(assembly: Assembly) -> Result:
    """Return its errors and warnings."""
    try:
        import cloudformation_validate as validate  # noqa: PLC0415 - half a second, and optional
    except ImportError as error:
        return Result(engine=NAME, missing=f"cloudformation-validate cannot be imported: {error}")
    engine = validate.CompositeEngine()
    findings: list[Finding] = []
    for stack in assembly.stacks:
        try:
            report = engine.validate_template(str(assembly.path_of(stack)))
        except validate.ValidationError as error:
            return Result(engine=NAME, missing=f"{stack.file}: {error}")
        findings += [
            finding for diagnostic in report.diagnostics if (finding := _finding(stack, diagnostic))
        ]
    return Result(engine=NAME, findings=tuple(findings))


def _finding(stack: Stack, diagnostic: Any) -> Finding | None:
    severity = _SEVERITIES.get(diagnostic.severity.name)
    if severity is None:
        return None
    entity = diagnostic.entity
    return Finding(
        rule=diagnostic.rule_id,
        source=NAME,
        severity=severity,
        message=diagnostic.message,
        stack=stack.name,
        logical_id=entity.logical_id if entity else "",
        place=(diagnostic.property_path or "").replace(".", "/").removeprefix("Properties/"),
        line=diagnostic.start_line or 0,
        fix=diagnostic.suggested_fix or "",
    )
