"""Lay the pictures out as SVG, ready to stand inside a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from review.node import NodeError, run_script
from review.picture.dot import of_stack, overview

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.model import Assembly, Resource
    from review.picture.flows import Flow

_SCRIPT = Path(__file__).with_name("layout.mjs")
_HEAD = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_SIZE = re.compile(r'<svg width="[^"]*" height="[^"]*"')
_VIEW = re.compile(r'viewBox="([^"]*)"')
_ROOM = (560.0, 340.0)  # points; a smaller picture is not blown up to fill the page
_COLOURS = re.compile(r' (fill|stroke)="(?!none|transparent)[^"]*"')
_IDS = re.compile(r'\bid="(\w+)"')
MAX_PICTURES = 25  # one for each stack, up to here


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """SVG texts; `missing` says why there are none."""

    overview: str = ""
    stacks: Mapping[str, str] | None = None
    missing: str = ""


def draw(assembly: Assembly, shown: Mapping[str, Resource], flows: Sequence[Flow]) -> Pictures:
    """Draw the overview and every stack, in one run of Node."""
    filled = {one.stack for one in shown.values()}
    names = [stack.name for stack in assembly.stacks if stack.name in filled][:MAX_PICTURES]
    if len(names) == 1:
        names = []  # the overview is that stack
    sources = [
        overview(assembly, shown, flows),
        *(of_stack(name, shown, flows) for name in names),
    ]
    try:
        drawn = run_script(_SCRIPT, sources, package="@hpcc-js/wasm-graphviz")
    except NodeError as error:
        return Pictures(missing=str(error))
    clean = [_clean(svg, f"p{index}") for index, svg in enumerate(drawn)]
    return Pictures(overview=clean[0], stacks=dict(zip(names, clean[1:], strict=True)))


def _clean(svg: str, prefix: str) -> str:
    """Leave colours to the page's style, make ids unique, drop the size in points."""
    svg = _HEAD.sub("", svg)
    svg = _SIZE.sub('<svg class="graph"', svg, count=1)
    svg = _VIEW.sub(_roomy, svg, count=1)
    svg = _IDS.sub(lambda match: f'id="{prefix}-{match[1]}"', svg)
    return _COLOURS.sub("", svg)


def _roomy(match: re.Match[str]) -> str:
    x, y, width, height = (float(one) for one in match[1].split())
    wide, high = max(width, _ROOM[0]), max(height, _ROOM[1])
    return f'viewBox="{x - (wide - width) / 2} {y - (high - height) / 2} {wide} {high}"'
