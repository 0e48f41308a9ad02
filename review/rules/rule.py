"""What a rule is: an id, a severity, and a pure function from an assembly to findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from review.findings import Finding, at
from review.iam.statements import Statement, statements_of
from review.picture.visible import visible
from review.references import References

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from review.model import Assembly, Resource


@dataclass(frozen=True)
class Subject:
    """What a rule looks at: the assembly, what is derived from it once, and the gate's options."""

    assembly: Assembly
    options: Mapping[str, Any]

    @cached_property
    def references(self) -> References:
        """Return the assembly's references."""
        return References(self.assembly)

    @cached_property
    def statements(self) -> list[Statement]:
        """Return every policy statement."""
        return statements_of(self.assembly, self.references)

    @cached_property
    def shown(self) -> dict[str, Resource]:
        """Return the resources that pictures show, by key."""
        return visible(self.assembly, self.references, self.statements)


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
