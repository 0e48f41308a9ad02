"""What a rule is: an id, a severity, and a pure function from an assembly to findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stackverdict.findings import Finding, at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from stackverdict.model import Resource
    from stackverdict.subject import Subject


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. `check` yields findings; `title` says what holds when there is none."""

    id: str
    severity: str
    title: str
    fix: str
    check: Callable[[Subject, Rule], Iterable[Finding]]

    def at(self, resource: Resource, message: str, *, place: str = "") -> Finding:
        """Make this rule's finding about a resource."""
        return at(
            resource,
            rule=self.id,
            severity=self.severity,
            message=message,
            place=place,
            fix=self.fix,
        )
