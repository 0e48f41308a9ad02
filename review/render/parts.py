"""Small pieces of HTML. Every text is escaped here and nowhere else."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LONG = 6  # more items of a list than this are folded


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of a table: cells as HTML, a link target, what a filter may choose it by."""

    anchor: str
    cells: Sequence[str]
    kind: str = ""
    stack: str = ""


def esc(value: object) -> str:
    """Write a value so that it is text in HTML."""
    return html.escape(str(value), quote=True)


def breakable(value: object) -> str:
    """Write a path so that a line may break after its slashes."""
    return esc(value).replace("/", "/<wbr>")


def badge(word: str, tone: str) -> str:
    """Write a word on a coloured ground; tones are bad, warn, good, note and plain."""
    return f'<span class="badge {tone}">{esc(word)}</span>'


def code(value: object) -> str:
    """Write a value in the letters of code."""
    return f"<code>{esc(value)}</code>"


def codes(values: Sequence[str]) -> str:
    """Write values one below the other, many of them folded."""
    if not values:
        return '<span class="none">none</span>'
    items = [f"<li>{code(value)}</li>" for value in values]
    shown = f'<ul class="codes">{"".join(items[:_LONG])}</ul>'
    if len(items) <= _LONG:
        return shown
    rest = f'<ul class="codes">{"".join(items[_LONG:])}</ul>'
    return f"{shown}<details><summary>{len(items) - _LONG} more</summary>{rest}</details>"


def named(name: str, detail: str, *, stack: str = "", link: str = "") -> str:
    """Write a resource: its name, and in small its type and stack."""
    shown = f'<a href="#{link}">{breakable(name)}</a>' if link else breakable(name)
    small = " · ".join(esc(one) for one in (detail, stack) if one)
    return f"<strong>{shown}</strong><small>{small}</small>"


def table(
    label: str, columns: Sequence[str], lines: Sequence[Line], widths: Sequence[int] = ()
) -> str:
    """Write a table whose rows can be linked to, filtered and sorted; widths are per cent."""
    if not lines:
        return '<p class="empty">Nothing to show.</p>'
    heads = "".join(f'<th scope="col">{esc(column)}</th>' for column in columns)
    body = "".join(_line(line) for line in lines)
    fixed = " fixed" if widths else ""
    sizes = "".join(f'<col style="width:{width}%">' for width in widths)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{esc(label)}">'
        f'<table class="rows{fixed}"><caption>{esc(label)}</caption>{sizes}'
        f"<thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _line(line: Line) -> str:
    first, *rest = line.cells
    link = (
        f'<a class="here" href="#{line.anchor}" aria-label="Link to this row">#</a>'
        if line.anchor
        else ""
    )
    cells = "".join(f"<td>{cell}</td>" for cell in rest)
    identity = f' id="{line.anchor}"' if line.anchor else ""
    return (
        f'<tr{identity} data-kind="{esc(line.kind)}" data-stack="{esc(line.stack)}">'
        f'<th scope="row">{link}{first}</th>{cells}</tr>'
    )


def chips(name: str, choices: Iterable[tuple[str, str, int]]) -> str:
    """Write buttons that show only rows of one kind: (kind, label, count)."""
    buttons = "".join(
        f'<button type="button" class="chip" data-kind="{esc(kind)}" aria-pressed="false">'
        f"{esc(label)} <span>{count}</span></button>"
        for kind, label, count in choices
        if count
    )
    if not buttons:
        return ""
    return f'<div class="chips" role="group" aria-label="{esc(name)}">{buttons}</div>'


def section(anchor: str, heading: str, lead: str, body: str) -> str:
    """Write a section of the page; `lead` is one sentence of text."""
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-h"><h2 id="{anchor}-h">{esc(heading)}'
        f'</h2><p class="lead">{esc(lead)}</p>{body}</section>'
    )
