"""Read the assembly's validation-report.json: what plugins such as cdk-nag said at synthesis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackverdict.engines.result import Result
from stackverdict.findings import Finding
from stackverdict.loading.metadata import user_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stackverdict.model import Assembly, Resource

_SEVERITIES = {"fatal": "error", "error": "error", "warning": "warning"}


def read(assembly: Assembly) -> Result:
    """Return every violation, those acknowledged at synthesis with their reason."""
    by_path = {resource.path: resource for resource in assembly.resources() if resource.path}
    findings: list[Finding] = []
    for plugin in assembly.validation.get("pluginReports") or []:
        name = str(plugin.get("pluginName", "plugin"))
        for violation in plugin.get("violations") or []:
            findings += _of(violation, name, by_path)
        for violation in plugin.get("suppressedViolations") or []:
            findings += _of(violation, name, by_path)
    return Result(engine="synthesis", findings=tuple(findings))


def _of(
    violation: Mapping[str, Any], plugin: str, by_path: Mapping[str, Resource]
) -> Iterator[Finding]:
    places = violation.get("violatingConstructs") or [{}]
    for construct in places:
        template = construct.get("cloudFormationResource") or {}
        path = str(construct.get("constructPath", ""))
        resource = by_path.get(path)
        where = "; ".join(str(place) for place in template.get("propertyPaths") or [])
        message, _, advice = str(violation.get("description", "")).partition(". ")
        traces = construct.get("stackTraces") or [""]
        yield Finding(
            rule=str(violation.get("ruleName", "")),
            source="cfn-validate" if plugin == "CloudFormation Validate" else plugin,
            severity=_SEVERITIES.get(str(violation.get("severity", "")).lower(), "info"),
            message=message.rstrip("."),
            stack=resource.stack if resource else path.partition("/")[0],
            logical_id=str(template.get("logicalId") or (resource.logical_id if resource else "")),
            path=path,
            place=where.replace(".", "/").removeprefix("Properties/"),
            code=user_frame(traces[0]),
            fix=str(violation.get("fix") or advice),
            reason=str(violation.get("reason") or ""),
            acknowledged_at=str(violation.get("acknowledgedAt") or ""),
        )
