"""The lines of a card: what a stack holds, crowds as one, in the order the data moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.picture.families import family, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.model import Resource
    from review.picture.flows import Flow

CROWD = 3  # more resources of a type than this are one line
_LETTERS = 22  # of a name
_GENERIC = {"Function", "Rule", "Queue", "Topic", "Alarm", "Environment", "Table", "Bucket"}
SOFT = "#5a6675"
TONES = {
    "storage": "#2f7d4f",
    "analytics": "#6b4bb8",
    "learning": "#0b7a83",
    "compute": "#b85c00",
    "network": "#4a5fc1",
    "events": "#b3367e",
    "guard": "#b3261e",
}


@dataclass(frozen=True)
class Line:
    """One line of a card: a resource, or a crowd of one type; `keys` are those it stands for.

    `moves` says whether data moves to or from it; what has no part in that stands back.
    """

    name: str
    kind: str
    tone: str
    keys: frozenset[str]
    moves: bool


def lines_of(inside: Sequence[Resource], linked: set[str], across: set[str]) -> list[Line]:
    """Return a stack's lines: first what trades with other stacks, then within, then the rest."""
    counts = Counter(one.type for one in inside)
    apart = {one.type for one in inside if one.key in across}
    crowds: dict[str, list[Resource]] = defaultdict(list)
    for one in inside:
        crowded = counts[one.type] > (CROWD if one.type in apart else 1)
        crowds[one.type if crowded else one.key].append(one)
    lines = []
    for members in crowds.values():
        kind, tone = title(members[0].type), TONES.get(family(members[0].type), SOFT)
        name = short(members[0])
        if len(members) > 1:
            name, kind = f"{len(members)} \u00d7 {kind}", ""
        keys = frozenset(one.key for one in members)
        lines.append(Line(name, kind, tone, keys, moves=bool(keys & linked)))
    return sorted(lines, key=lambda line: (not line.moves, not line.keys & across))


def in_order(lines: Sequence[Line], flows: Sequence[Flow]) -> list[Line]:
    """Put a line after the one that feeds it, where there is one."""
    left = list(lines)
    ordered: list[Line] = []
    while left:
        last = ordered[-1] if ordered else None
        follows = [line for line in left if last and between(last, line, flows)]
        free = [
            line
            for line in left
            if not any(between(other, line, flows) == "\u2193" for other in left)
        ]
        best = [line for line in follows if line in free]
        ordered.append((best or follows or free or left)[0])
        left.remove(ordered[-1])
    return ordered


def between(one: Line, other: Line, flows: Sequence[Flow]) -> str:
    """Return the arrow between a line and the one below it, "" when nothing moves."""
    down = any(flow.source in one.keys and flow.target in other.keys for flow in flows)
    up = any(flow.source in other.keys and flow.target in one.keys for flow in flows)
    return "\u2195" if down and up else "\u2193" if down else "\u2191" if up else ""


def short(resource: Resource) -> str:
    """Return the last telling part of a resource's name."""
    parts = resource.name.split("/")
    while len(parts) > 1 and parts[-1] in _GENERIC:
        parts.pop()
    name = parts[-1]
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}\u2026"
