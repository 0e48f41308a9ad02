"""Write the picture of an assembly as a file of its own, for a README."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

from review.errors import InputError
from review.node import NodeError, run_script
from review.picture.cards import LINE, cards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.model import Assembly, Resource
    from review.picture.flows import Flow

_SCRIPT = Path(__file__).with_name("layout.mjs")
_OPENING = re.compile(r'^.*?<svg width="[^"]*" height="[^"]*"\s+viewBox="([^"]*)"', re.DOTALL)
_FONTS = '"Arial, Liberation Sans, Helvetica, sans-serif"'
_NOISE = re.compile(r"<!--.*?-->\n?|<title>.*?</title>\n?", re.DOTALL)


def write_picture(
    assembly: Assembly,
    shown: Mapping[str, Resource],
    flows: Sequence[Flow],
    *,
    file: Path,
    title: str,
) -> None:
    """Write the SVG: one unit is one pixel, on a white card, so that it suits a dark page too.

    Raises:
        InputError: there is no Node to lay it out.
    """
    try:
        (drawn,) = run_script(
            _SCRIPT, [cards(assembly, shown, flows)], package="@hpcc-js/wasm-graphviz"
        )
    except NodeError as error:
        raise InputError(file=str(file), reason=f"the picture was not drawn: {error}") from error
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_alone(drawn, title), encoding="utf-8")


def _alone(svg: str, title: str) -> str:
    opening = _OPENING.match(svg)
    if opening is None:
        raise ValueError(f"Graphviz wrote no SVG but {svg[:80]!r}")
    _, _, width, height = (float(one) for one in opening[1].split())
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
