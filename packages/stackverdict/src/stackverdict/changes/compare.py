"""Compare two assemblies: resources, rights, exposure, cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stackverdict.changes.resources import HASH, Change, changed_resources
from stackverdict.node import Node, NodeError
from stackverdict.sections import cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from stackverdict.model import Assembly
    from stackverdict.sections.all import Sections

_DENIED = "): Deny "


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What the head does that the base did not. `missing`: why resources were not compared."""

    base: str
    resources: tuple[Change, ...] = ()
    rights_added: tuple[str, ...] = ()
    rights_removed: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    dollars_before: float = 0.0
    dollars_after: float = 0.0
    cost_lines: tuple[str, ...] = ()
    missing: str = ""

    @property
    def losing(self) -> tuple[Change, ...]:
        """Return the changes that lose data."""
        return tuple(change for change in self.resources if change.data == "lost")


def compare(
    base: Assembly, head: Assembly, before: Sections, after: Sections, node: Node
) -> Changes:
    """Compare two assemblies and their sections."""
    try:
        resources, missing = tuple(changed_resources(base, head, node)), ""
    except NodeError as error:
        resources, missing = (), str(error)
    added, removed = rights(before, after)
    before_lines, after_lines = exposures(before), exposures(after)
    return Changes(
        base=str(base.root),
        resources=resources,
        rights_added=added,
        rights_removed=removed,
        exposed=tuple(line for line in after_lines if line not in before_lines),
        closed=tuple(line for line in before_lines if line not in after_lines),
        dollars_before=cost.total(before.cost),
        dollars_after=cost.total(after.cost),
        cost_lines=tuple(_cost_lines(before, after)),
        missing=missing,
    )


def rights(before: Sections, after: Sections) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what may be done now and what no longer; a denial counts the other way round."""
    old, new = _rights(before), _rights(after)
    come, gone = (
        [line for line in new if line not in old],
        [line for line in old if line not in new],
    )
    added = [line for line in come if _DENIED not in line]
    added += [f"no longer denied: {line}" for line in gone if _DENIED in line]
    removed = [line for line in gone if _DENIED not in line]
    removed += [f"now denied: {line}" for line in come if _DENIED in line]
    return tuple(added), tuple(removed)


def _rights(sections: Sections) -> list[str]:
    """Write every right; an asset's hash is left out, or each new build would be a new right."""
    return _lines(
        sections.access,
        lambda row: HASH.sub(
            "(asset)",
            f"{row.stack}/{row.holder} ({row.kind}): {row.effect} {', '.join(row.actions)}"
            f" on {', '.join(row.resources) or 'itself'}"
            + (f" for {', '.join(row.principals)}" if row.principals else "")
            + (f" if {row.condition}" if row.condition else ""),
        ),
    )


def exposures(sections: Sections) -> list[str]:
    """Write everything the internet reaches or has a way to."""
    reachable = [row for row in sections.exposure if row.reach != "closed"]
    return _lines(reachable, lambda row: f"{row.stack}/{row.name}: {row.what}")


def _lines(rows: Iterable[Any], write: Callable[[Any], str]) -> list[str]:
    return list(dict.fromkeys(write(row) for row in rows))


def _cost_lines(before: Sections, after: Sections) -> list[str]:
    def known(rows: Sequence[cost.Row]) -> dict[str, str]:
        lines = {}
        for row in rows:
            if row.basis == "unknown":
                lines[f"{row.stack}/{row.name}"] = "unknown"
            elif row.dollars:
                lines[f"{row.stack}/{row.name}"] = f"${row.dollars:,.2f} a month"
        return lines

    old, new = known(before.cost), known(after.cost)
    return [
        f"{key}: {old.get(key, 'nothing')} becomes {new.get(key, 'nothing')}"
        for key in dict.fromkeys([*new, *old])
        if old.get(key) != new.get(key)
    ]
