"""A finding: what is wrong, where, how bad, and whether somebody accepted it."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackverdict.model import Acknowledgement, Assembly, Resource

SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to look at. `source` is the tool that said it; `reason` is why it is accepted."""

    rule: str
    source: str
    severity: str
    message: str
    stack: str = ""
    logical_id: str = ""
    path: str = ""
    place: str = ""
    file: str = ""
    line: int = 0
    code: str = ""
    fix: str = ""
    reason: str = ""
    acknowledged_at: str = ""

    @property
    def anchor(self) -> str:
        """Return a short name that stays the same as long as the finding does."""
        identity = f"{self.source}|{self.rule}|{self.stack}|{self.logical_id}|{self.place}"
        return "f-" + hashlib.sha256(f"{identity}|{self.message}".encode()).hexdigest()[:8]

    @property
    def open(self) -> bool:
        """Tell whether nobody accepted it yet."""
        return not self.reason


def at(
    resource: Resource,
    *,
    rule: str,
    severity: str,
    message: str,
    place: str = "",
    fix: str = "",
    source: str = "review",
) -> Finding:
    """Make a finding about a resource."""
    return Finding(
        rule=rule,
        source=source,
        severity=severity,
        message=message,
        stack=resource.stack,
        logical_id=resource.logical_id,
        path=resource.path,
        place=place,
        line=resource.line,
        code=resource.code,
        fix=fix,
    )


def located(findings: Iterable[Finding], assembly: Assembly) -> list[Finding]:
    """Fill in the template's file, and construct path and line where a tool left them out."""
    files = {stack.name: stack.file for stack in assembly.stacks}
    resources = {
        (resource.stack, resource.logical_id): resource for resource in assembly.resources()
    }
    complete = []
    for finding in findings:
        resource = resources.get((finding.stack, finding.logical_id))
        complete.append(
            dataclasses.replace(
                finding,
                file=finding.file or files.get(finding.stack, ""),
                path=finding.path or (resource.path if resource else ""),
                line=finding.line or (resource.line if resource else 0),
                code=finding.code or (resource.code if resource else ""),
            )
        )
    return complete


def acknowledged(
    findings: Iterable[Finding], acknowledgements: Iterable[Acknowledgement]
) -> list[Finding]:
    """Put the reason on every finding that an acknowledgement covers.

    It covers a finding of the same rule (after the `Tool::` prefix, if any) on the construct
    that bears it, or below that; without a construct path, on the same logical id.
    """
    acknowledgements = list(acknowledgements)
    return [_acknowledge(finding, acknowledgements) for finding in findings]


def _acknowledge(finding: Finding, acknowledgements: list[Acknowledgement]) -> Finding:
    if finding.reason:
        return finding
    for acknowledgement in acknowledgements:
        if acknowledgement.rule.rpartition("::")[2] not in {
            finding.rule,
            finding.rule.rpartition("::")[2],
        }:
            continue
        if _covers(acknowledgement, finding):
            return dataclasses.replace(
                finding, reason=acknowledgement.reason, acknowledged_at=acknowledgement.path
            )
    return finding


def _covers(acknowledgement: Acknowledgement, finding: Finding) -> bool:
    if acknowledgement.logical_id:
        return (acknowledgement.stack, acknowledgement.logical_id) == (
            finding.stack,
            finding.logical_id,
        )
    if acknowledgement.path in {"", "*"}:
        return True
    path = finding.path or finding.stack
    return path == acknowledgement.path or path.startswith(f"{acknowledgement.path}/")
