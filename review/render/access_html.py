"""The page's section on who may do what: a matrix, then every statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from review.anchors import anchor
from review.iam.matrix import cells
from review.render.parts import (
    Line,
    badge,
    breakable,
    chips,
    code,
    codes,
    esc,
    named,
    section,
    table,
)

if TYPE_CHECKING:
    from review.iam.matrix import Row
    from review.report import Report

_LETTER = {"read": "R", "write": "W", "permissions": "P", "all": "A", "unknown": "?"}
_WORD = {
    "read": "read",
    "write": "write",
    "permissions": "permissions",
    "all": "everything",
    "unknown": "not in the template",
}
_MAX_SERVICES = 40  # columns; the statements below hold all of them
_WIDTHS = (20, 20, 25, 17, 18)
_KINDS = (("identity", "may do"), ("trust", "trust"), ("resource", "policy of a resource"))


def access_section(report: Report) -> str:
    """Write the section."""
    rows = report.sections.access
    lead = (
        "Each line of the matrix is a role, each column a service, each letter the most that is "
        "allowed there. The statements follow, with the place they come from."
    )
    marked = sum(bool(_alarming(row)) for row in rows)
    filters = chips(
        "Statements",
        [
            ("marked", "marked", marked),
            *((kind, label, sum(row.kind == kind for row in rows)) for kind, label in _KINDS),
        ],
    )
    columns = ("Who", "Allowed", "On", "If", "Marks")
    statements = table(
        "Policy statements", columns, [_statement(row) for row in sorted(rows, key=_order)], _WIDTHS
    )
    return section("access", "Who may do what", lead, _matrix(rows) + filters + statements)


def _order(row: Row) -> tuple[bool, bool, int]:
    kinds = [kind for kind, _ in _KINDS]
    return not _alarming(row), row.effect != "Allow", kinds.index(row.kind)


def _alarming(row: Row) -> bool:
    return any(not mark.startswith("a managed policy") for mark in row.marks)


def _matrix(rows: list[Row]) -> str:
    found = cells(rows)
    every = sorted({service for line in found.values() for service in line})
    services = every[:_MAX_SERVICES]
    if not services:
        return '<p class="empty">No role is given any right.</p>'
    heads = "".join(f'<th scope="col"><span>{esc(one)}</span></th>' for one in services)
    body = "".join(
        f'<tr data-stack="{esc(stack)}"><th scope="row">{esc(holder)}<small>{esc(stack)}</small>'
        "</th>" + "".join(_cell(line.get(one, "")) for one in services) + "</tr>"
        for (stack, holder), line in found.items()
    )
    legend = " ".join(
        f'<span class="level {level}">{letter}</span> {_WORD[level]}'
        for level, letter in _LETTER.items()
    )
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Matrix of roles and services">'
        f'<table class="matrix"><caption>Roles and services</caption><thead><tr>'
        f'<th scope="col">Role</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
        f'<p class="legend">{legend}{_left_out(len(every))}</p>'
    )


def _left_out(count: int) -> str:
    more = count - _MAX_SERVICES
    return f" · {more} more services are in the statements only" if more > 0 else ""


def _cell(level: str) -> str:
    if not level:
        return '<td><span class="level"></span></td>'
    return (
        f'<td><span class="level {level}" title="{_WORD[level]}">{_LETTER[level]}'
        f'<span class="sr"> {_WORD[level]}</span></span></td>'
    )


def _statement(row: Row) -> Line:
    link = anchor("i", row.carrier, row.place, row.holder)
    if row.kind == "trust":
        who = named(row.holder, "may be assumed by", stack=row.stack) + codes(row.principals)
    elif row.principals:
        who = named(row.holder, "lets", stack=row.stack) + codes(row.principals)
    else:
        who = named(row.holder, "may", stack=row.stack)
    denied = badge("deny", "note") + " " if row.effect != "Allow" else ""
    place = f"{row.carrier}, template line {row.line}" + (f", {row.code}" if row.code else "")
    marks = "".join(
        badge(mark, "warn" if not mark.startswith("a managed") else "plain") for mark in row.marks
    )
    kinds = f"{row.kind} marked" if _alarming(row) else row.kind
    return Line(
        anchor=link,
        kind=kinds,
        stack=row.stack,
        cells=(
            who,
            denied + codes(row.actions),
            codes(row.resources) if row.resources else "",
            code(row.condition) if row.condition else "",
            f'<div class="marks">{marks}</div><small>{breakable(place)}</small>',
        ),
    )
