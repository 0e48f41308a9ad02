"""Draw an assembly as cards, one for each stack, that a reader takes in at a glance.

A card lists what the stack holds, in the order the data moves; a small arrow between two lines
says that the one feeds the other. Arrows are drawn between cards only. Colours are written out,
so that the picture looks the same wherever it is shown.
"""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stackverdict.resource_types import family, title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stackverdict.flows.arrows import Flow
    from stackverdict.model import Assembly, Resource


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
_ROWS = 7  # of a card; the rest is counted
_MAX_ARROWS = 60  # above, one arrow for each pair of cards
INK, PAPER, LINE = "#1f2933", "#f6f8fa", "#d0d7de"
ARROWS = {"reads": TONES["storage"], "writes": TONES["network"], "starts": TONES["events"]}
_SAID = {"reads": "is read by", "writes": "writes", "starts": "starts or tells"}
_HEAD = """digraph {
rankdir=LR; nodesep=0.2; ranksep=0.85; splines=true; bgcolor="transparent"; pad=0.15;
node [shape=plain, fontname="Arial", fontsize=12];
edge [arrowsize=0.6, penwidth=1.4];
"""


Arrows = dict[tuple[str, str], set[tuple[str, bool]]]
"""The kinds of flow between two places, and whether each goes from the first to the second."""


def cards(assembly: Assembly, shown: Mapping[str, Resource], flows: Sequence[Flow]) -> str:
    """Return the picture in Graphviz's language."""
    moving = [flow for flow in flows if flow.kind != "uses"]
    stack_of = {key: resource.stack for key, resource in shown.items()}
    across = {
        key
        for flow in moving
        if stack_of[flow.source] != stack_of[flow.target]
        for key in (flow.source, flow.target)
    }
    linked = {key for flow in moving for key in (flow.source, flow.target)}
    out = [_HEAD, f"label=<{_legend()}>; labelloc=b;"]
    ports: dict[str, str] = {}
    names = [stack.name for stack in assembly.stacks if stack.name in stack_of.values()]
    for number, name in enumerate(names):
        inside = [resource for resource in shown.values() if resource.stack == name]
        lines = in_order(lines_of(inside, linked, across), moving)
        hidden = sum(len(line.keys) for line in lines[_ROWS:])
        out.append(f"c{number} [label=<{_card(name, lines[:_ROWS], hidden, moving)}>];")
        ports |= dict.fromkeys((resource.key for resource in inside), f"c{number}")
        for row, line in enumerate(lines[:_ROWS]):
            ports |= dict.fromkeys(line.keys, f"c{number}:r{row}")
    order = {key: names.index(stack) for key, stack in stack_of.items()}
    return "\n".join([*out, *_arrows(moving, ports, order), "}"])


def _card(name: str, lines: Sequence[Line], hidden: int, flows: Sequence[Flow]) -> str:
    rows = [f'<tr><td align="left"><font point-size="14"><b>{_text(name)}</b></font></td></tr>']
    for number, line in enumerate(lines):
        arrow = between(lines[number - 1], line, flows) if number else ""
        if arrow:
            rows.append(_row(_font(arrow, 13), 'cellpadding="0"'))
        named = f"<b>{_text(line.name)}</b>"
        if line.moves:
            box = f'port="r{number}" border="1" color="{line.tone}" bgcolor="{line.tone}14"'
            label = _font(named, 12, INK)
            if line.kind:
                label += f"<br/>{_font(_text(line.kind), 10)}"
            rows.append(_row(label, f'{box} style="rounded" cellpadding="6"'))
        else:
            label = _text(line.name)
            if line.kind:
                label += f" {_font(_text(line.kind), 10)}"
            rows.append(_row(_font(label, 11, INK), f'port="r{number}" align="left"'))
    if hidden:
        rows.append(_row(_font(f"and {hidden} more", 10), 'align="left"'))
    return (
        f'<table border="1" cellborder="0" cellspacing="4" cellpadding="2" color="{LINE}"'
        f' bgcolor="{PAPER}" style="rounded">{"".join(rows)}</table>'
    )


def _row(inner: str, attributes: str) -> str:
    return f"<tr><td {attributes}>{inner}</td></tr>"


def _font(inner: str, size: int, colour: str = SOFT) -> str:
    return f'<font point-size="{size}" color="{colour}">{inner}</font>'


def _arrows(
    flows: Iterable[Flow], ports: Mapping[str, str], order: Mapping[str, int]
) -> Iterable[str]:
    arrows: Arrows = defaultdict(set)
    for flow in flows:
        if order[flow.source] == order[flow.target]:
            continue
        # The earlier stack stands to the left, whichever way the data moves.
        forward = order[flow.source] < order[flow.target]
        first, second = (flow.source, flow.target)[:: 1 if forward else -1]
        arrows[ports[first], ports[second]].add((flow.kind, forward))
    for (first, second), ways_of_flow in _merged(arrows).items():
        ways = {forward for _, forward in ways_of_flow}
        direction = "both" if len(ways) > 1 else "forward" if True in ways else "back"
        kind = next(
            name for name in ("starts", "writes", "reads") if name in {k for k, _ in ways_of_flow}
        )
        tail, head = f"{first}:e", f"{second}:w"
        yield f'{tail} -> {head} [dir={direction}, color="{ARROWS[kind]}"];'


def _merged(arrows: Arrows) -> Arrows:
    """Let one arrow of the card stand for those of many lines to the same place."""
    crowds = Counter((first.partition(":")[0], second) for first, second in arrows)
    merged: Arrows = defaultdict(set)
    for (first, second), ways_of_flow in arrows.items():
        card = first.partition(":")[0]
        if len(arrows) > _MAX_ARROWS:
            second = second.partition(":")[0]  # noqa: PLW2901 - seen from further away
        elif crowds[card, second] < CROWD:
            card = first
        merged[card, second] |= ways_of_flow
    return merged


def _legend() -> str:
    entries = " \u00a0 ".join(
        f'<font color="{colour}"><b>\u2192</b></font> {_SAID[kind]}'
        for kind, colour in ARROWS.items()
    )
    return f'<font face="Arial" point-size="12" color="{SOFT}">{entries}</font>'


def _text(value: str) -> str:
    return html.escape("".join(letter if letter.isprintable() else "?" for letter in value))


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
    counts = Counter(resource.type for resource in inside)
    apart = {resource.type for resource in inside if resource.key in across}
    crowds: dict[str, list[Resource]] = defaultdict(list)
    for resource in inside:
        crowded = counts[resource.type] > (CROWD if resource.type in apart else 1)
        crowds[resource.type if crowded else resource.key].append(resource)
    lines = []
    for members in crowds.values():
        kind, tone = title(members[0].type), TONES.get(family(members[0].type), SOFT)
        name = short(members[0])
        if len(members) > 1:
            name, kind = f"{len(members)} \u00d7 {kind}", ""
        keys = frozenset(resource.key for resource in members)
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


def between(above: Line, other: Line, flows: Sequence[Flow]) -> str:
    """Return the arrow between a line and the one below it, "" when nothing moves."""
    down = any(flow.source in above.keys and flow.target in other.keys for flow in flows)
    up = any(flow.source in other.keys and flow.target in above.keys for flow in flows)
    return "\u2195" if down and up else "\u2193" if down else "\u2191" if up else ""


def short(resource: Resource) -> str:
    """Return the last telling part of a resource's name."""
    parts = resource.name.split("/")
    while len(parts) > 1 and parts[-1] in _GENERIC:
        parts.pop()
    name = parts[-1]
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}\u2026"
