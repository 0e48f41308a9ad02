"""Write graphs in Graphviz's language: one of everything, and one of each stack."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stackverdict.anchors import resource_anchor
from stackverdict.resource_types import SURROUNDINGS, family, title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stackverdict.flows.arrows import Flow
    from stackverdict.model import Assembly, Resource

_CROWD = 3  # more resources of one type than this are drawn as one
_ALWAYS_ONE = {"AWS::EC2::Subnet", "AWS::EC2::SecurityGroup"}
_MAX_ARROWS = 300  # above, Graphviz takes seconds and nobody can follow them
_GRAPH = """digraph {
rankdir=LR; nodesep=0.22; ranksep=0.7; newrank=true; splines=true; bgcolor="transparent";
fontname="Arial"; fontsize=13;
node [shape=box, style="rounded,filled", fontname="Arial", fontsize=11,
 margin="0.2,0.09", fillcolor="white", penwidth=1.2];
edge [fontname="Arial", fontsize=9, arrowsize=0.6, penwidth=1.1];
"""


@dataclass(frozen=True)
class Node:
    """One box: a resource, or a crowd of one type in one stack."""

    id: str
    stack: str
    label: str
    type: str
    anchor: str


def overview(assembly: Assembly, shown: Mapping[str, Resource], flows: Sequence[Flow]) -> str:
    """Draw every stack as a frame, with what it holds and how data moves."""
    boxes = _boxes(shown, crowd=True)
    lines = [_GRAPH]
    for index, stack in enumerate(assembly.stacks):
        inside = {box.id: box for box in boxes.values() if box.stack == stack.name}
        if not inside:
            continue
        lines.append(f'subgraph cluster_{index} {{ label="{_quote(stack.name)}"; class="stack";')
        lines.append('style="rounded"; penwidth=1; margin=14;')
        lines += [_node(box) for box in inside.values()]
        lines.append("}")
    lines += _arrows(flows, boxes)
    return "\n".join([*lines, "}"])


def of_stack(name: str, shown: Mapping[str, Resource], flows: Sequence[Flow]) -> str:
    """Draw one stack in full, with the neighbours that its arrows lead to."""
    boxes = _boxes(shown, crowd=False)
    touching = [
        flow
        for flow in flows
        if any(key in boxes and boxes[key].stack == name for key in (flow.source, flow.target))
    ]
    near = {key for flow in touching for key in (flow.source, flow.target)}
    lines = [_GRAPH, f'subgraph cluster_0 {{ label="{_quote(name)}"; class="stack";']
    lines.append('style="rounded"; margin=14;')
    lines += [_node(box) for box in boxes.values() if box.stack == name]
    lines.append("}")
    lines += [
        _node(box, outside=True) for key, box in boxes.items() if key in near and box.stack != name
    ]
    lines += _arrows(touching, boxes)
    return "\n".join([*lines, "}"])


def _boxes(shown: Mapping[str, Resource], *, crowd: bool) -> dict[str, Node]:
    drawn = list(shown.values())
    counts = Counter((resource.stack, resource.type) for resource in drawn)
    boxes: dict[str, Node] = {}
    for resource in drawn:
        count = counts[resource.stack, resource.type]
        together = crowd and (count > _CROWD or (count > 1 and resource.type in _ALWAYS_ONE))
        boxes[resource.key] = _crowd(resource, count) if together else _single(resource)
    return boxes


def _single(resource: Resource) -> Node:
    return Node(
        resource.key, resource.stack, resource.name, resource.type, resource_anchor(resource.key)
    )


def _crowd(resource: Resource, count: int) -> Node:
    key = f"{resource.stack}/{resource.type}"
    return Node(
        key, resource.stack, f"{count} \u00d7", resource.type, resource_anchor(resource.key)
    )


def _node(box: Node, *, outside: bool = False) -> str:
    kind = title(box.type)
    name = box.label if len(box.label) <= 34 else f"{box.label[:32]}…"  # noqa: PLR2004 - a box's width
    shown = f"<b>{html.escape(name)}</b>"
    if box.label.endswith("\u00d7"):
        shown = f"<b>{html.escape(box.label)} {html.escape(kind)}</b>"
        kind = ""
    if outside:
        kind = f"{kind} · {box.stack}"
    small = f'<br/><font point-size="9">{html.escape(kind)}</font>' if kind else ""
    classes = f"family-{family(box.type)}" + (" outside" if outside else "")
    if box.type in SURROUNDINGS:
        classes += " surroundings"
    return (
        f'"{_quote(box.id)}" [label=<{shown}{small}>, class="{classes}",'
        f' URL="#{box.anchor}", tooltip="{_quote(box.label)} ({_quote(box.type)})"];'
    )


def _arrows(flows: Iterable[Flow], boxes: dict[str, Node]) -> list[str]:
    pairs: dict[tuple[str, str], set[str]] = {}
    for flow in flows:
        if flow.source in boxes and flow.target in boxes:
            pair = (boxes[flow.source].id, boxes[flow.target].id)
            if pair[0] != pair[1]:
                pairs.setdefault(pair, set()).add(flow.kind)
    lines = []
    first = sorted(pairs.items(), key=lambda pair: pair[1] == {"uses"})  # data before references
    if len(first) > _MAX_ARROWS:
        lines.append(f'label="{_MAX_ARROWS} of {len(first)} arrows are drawn"; labelloc=b;')
    for (source, target), kinds in first[:_MAX_ARROWS]:
        back = pairs.get((target, source), set())
        if "writes" in back and kinds == {"reads"}:
            continue  # one arrow with two heads says both
        kind = next(name for name in ("starts", "writes", "reads", "uses") if name in kinds)
        both = kind == "writes" and "reads" in back
        style = "dashed" if kind == "uses" else "solid"
        extra = ", dir=both" if both else ""
        words = "reads and writes" if both else kind
        lines.append(
            f'"{_quote(source)}" -> "{_quote(target)}" [class="flow-{kind}", style={style},'
            f' tooltip="{words}"{extra}];'
        )
    return lines


def _quote(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
