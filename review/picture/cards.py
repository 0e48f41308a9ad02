"""Draw an assembly as cards, one for each stack, that a reader takes in at a glance.

A card lists what the stack holds, in the order the data moves; a small arrow between two lines
says that the one feeds the other. Arrows are drawn between cards only. Colours are written out,
so that the picture looks the same wherever it is shown.
"""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from review.picture.lines import CROWD, SOFT, TONES, Line, between, in_order, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from review.model import Assembly, Resource
    from review.picture.flows import Flow

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
    stack_of = {key: one.stack for key, one in shown.items()}
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
        inside = [one for one in shown.values() if one.stack == name]
        lines = in_order(lines_of(inside, linked, across), moving)
        hidden = sum(len(line.keys) for line in lines[_ROWS:])
        out.append(f"c{number} [label=<{_card(name, lines[:_ROWS], hidden, moving)}>];")
        ports |= dict.fromkeys((one.key for one in inside), f"c{number}")
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
            said = _font(named, 12, INK)
            if line.kind:
                said += f"<br/>{_font(_text(line.kind), 10)}"
            rows.append(_row(said, f'{box} style="rounded" cellpadding="6"'))
        else:
            said = _text(line.name)
            if line.kind:
                said += f" {_font(_text(line.kind), 10)}"
            rows.append(_row(_font(said, 11, INK), f'port="r{number}" align="left"'))
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
    found: Arrows = defaultdict(set)
    for flow in flows:
        if order[flow.source] == order[flow.target]:
            continue
        # The earlier stack stands to the left, whichever way the data moves.
        forward = order[flow.source] < order[flow.target]
        first, second = (flow.source, flow.target)[:: 1 if forward else -1]
        found[ports[first], ports[second]].add((flow.kind, forward))
    for (first, second), said in _merged(found).items():
        ways = {forward for _, forward in said}
        direction = "both" if len(ways) > 1 else "forward" if True in ways else "back"
        kind = next(one for one in ("starts", "writes", "reads") if one in {k for k, _ in said})
        tail, head = f"{first}:e", f"{second}:w"
        yield f'{tail} -> {head} [dir={direction}, color="{ARROWS[kind]}"];'


def _merged(arrows: Arrows) -> Arrows:
    """Let one arrow of the card stand for those of many lines to the same place."""
    crowds = Counter((first.partition(":")[0], second) for first, second in arrows)
    merged: Arrows = defaultdict(set)
    for (first, second), said in arrows.items():
        card = first.partition(":")[0]
        if len(arrows) > _MAX_ARROWS:
            second = second.partition(":")[0]  # noqa: PLW2901 - seen from further away
        elif crowds[card, second] < CROWD:
            card = first
        merged[card, second] |= said
    return merged


def _legend() -> str:
    said = " \u00a0 ".join(
        f'<font color="{colour}"><b>\u2192</b></font> {_SAID[kind]}'
        for kind, colour in ARROWS.items()
    )
    return f'<font face="Arial" point-size="12" color="{SOFT}">{said}</font>'


def _text(value: str) -> str:
    return html.escape("".join(one if one.isprintable() else "?" for one in value))
