"""Lay pictures out as SVG: to stand inside a page, or as a file of its own for a README."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stackverdict.errors import InputError
from stackverdict.node import NodeError
from stackverdict.picture.cards import LINE, cards
from stackverdict.picture.dot import of_stack, overview

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stackverdict.flows.arrows import Flow
    from stackverdict.model import Assembly, Resource
    from stackverdict.node import Node
    from stackverdict.subject import Subject


_SCRIPT = Path(__file__).with_name("layout.mjs")
_PACKAGE = "@hpcc-js/wasm-graphviz"
_BEFORE_SVG = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_SIZE = re.compile(r'<svg width="[^"]*" height="[^"]*"')
_VIEW = re.compile(r'viewBox="([^"]*)"')
_ROOM = (560.0, 340.0)  # points; a smaller picture is not blown up to fill the page
_COLOURS = re.compile(r' (fill|stroke)="(?!none|transparent)[^"]*"')
_IDS = re.compile(r'\bid="(\w+)"')
MAX_PICTURES = 25  # one for each stack, up to here
_OPENING = re.compile(r'^.*?<svg width="[^"]*" height="[^"]*"\s+viewBox="([^"]*)"', re.DOTALL)
_FONTS = '"Arial, Liberation Sans, Helvetica, sans-serif"'
_NOISE = re.compile(r"<!--.*?-->\n?|<title>.*?</title>\n?", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """SVG texts; `missing` says why there are none."""

    overview: str = ""
    stacks: Mapping[str, str] | None = None
    missing: str = ""


def draw(
    assembly: Assembly, shown: Mapping[str, Resource], flows: Sequence[Flow], *, node: Node
) -> Pictures:
    """Draw the overview and every stack, in one run of Node."""
    filled = {resource.stack for resource in shown.values()}
    names = [stack.name for stack in assembly.stacks if stack.name in filled][:MAX_PICTURES]
    if len(names) == 1:
        names = []  # the overview is that stack
    sources = [
        overview(assembly, shown, flows),
        *(of_stack(name, shown, flows) for name in names),
    ]
    try:
        drawn = node.run(_SCRIPT, sources, package=_PACKAGE)
    except NodeError as error:
        return Pictures(missing=str(error))
    clean = [_clean(svg, f"p{index}") for index, svg in enumerate(drawn)]
    return Pictures(overview=clean[0], stacks=dict(zip(names, clean[1:], strict=True)))


def _clean(svg: str, prefix: str) -> str:
    """Leave colours to the page's style, make ids unique, drop the size in points."""
    svg = _BEFORE_SVG.sub("", svg)
    svg = _SIZE.sub('<svg class="graph"', svg, count=1)
    svg = _VIEW.sub(_roomy, svg, count=1)
    svg = _IDS.sub(lambda match: f'id="{prefix}-{match[1]}"', svg)
    return _COLOURS.sub("", svg)


def _roomy(match: re.Match[str]) -> str:
    x, y, width, height = (float(number) for number in match[1].split())
    wide, high = max(width, _ROOM[0]), max(height, _ROOM[1])
    return f'viewBox="{x - (wide - width) / 2} {y - (high - height) / 2} {wide} {high}"'


def write_picture(
    subject: Subject, flows: Sequence[Flow], *, file: Path, title: str, node: Node
) -> None:
    """Write the SVG: one unit is one pixel, on a white card, so that it suits a dark page too.

    Raises:
        InputError: there is no Node to lay it out, or the file cannot be written.
    """
    try:
        sources = [cards(subject.assembly, subject.shown, flows)]
        (drawn,) = node.run(_SCRIPT, sources, package=_PACKAGE)
    except NodeError as error:
        raise InputError(file=str(file), reason=f"the picture was not drawn: {error}") from error
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_alone(drawn, title), encoding="utf-8")
    except OSError as error:
        raise InputError(file=str(file), reason=f"cannot be written: {error.strerror}") from error


def _alone(svg: str, title: str) -> str:
    opening = _OPENING.match(svg)
    if opening is None:
        raise ValueError(f"Graphviz wrote no SVG but {svg[:80]!r}")
    _, _, width, height = (float(number) for number in opening[1].split())
    words = f"The stacks of {title} and how data flows through them"
    card = (
        f'<rect x="0.5" y="0.5" width="{width - 1:.0f}" height="{height - 1:.0f}" rx="10"'
        f' fill="#ffffff" stroke="{LINE}"/>'
    )
    head = (
        f'<svg width="{width:.0f}" height="{height:.0f}" viewBox="{opening[1]}" role="img"'
        f' aria-label="{html.escape(words)}"'
    )
    rest = _NOISE.sub("", svg[opening.end() :]).replace('"Arial"', _FONTS)
    end = rest.index(">") + 1
    return f"{head}{rest[:end]}\n<title>{html.escape(words)}</title>\n{card}{rest[end:]}"
