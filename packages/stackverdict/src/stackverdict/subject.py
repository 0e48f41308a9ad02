"""What everything is derived from: the assembly, and what is found out about it once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from stackverdict.flows.arrows import visible
from stackverdict.iam.statements import Statement, statements_of
from stackverdict.references import References

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackverdict.model import Assembly, Resource


@dataclass(frozen=True)
class Subject:
    """An assembly, what is derived from it once, and the gate's options."""

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
