"""Write the page: one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from review.render.access_html import access_section
from review.render.changes_html import changes_section
from review.render.cost_html import cost_section
from review.render.findings_html import acknowledged_section, findings_section
from review.render.parts import esc, section
from review.render.table_sections import (
    data_section,
    exposure_section,
    inventory_section,
    limits_section,
)
from review.verdict import verdict

if TYPE_CHECKING:
    from review.report import Report

_HERE = Path(__file__).parent
_NAV = (
    ("picture", "Picture"),
    ("changes", "What changed"),
    ("access", "Who may do what"),
    ("exposure", "Exposure"),
    ("data", "Data"),
    ("cost", "Cost"),
    ("limits", "Lifecycle and limits"),
    ("findings", "Findings"),
    ("accepted", "Acknowledgements"),
    ("inventory", "Inventory"),
)


def write_page(report: Report, title: str) -> str:
    """Return the page's HTML."""
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    parts = {
        "picture": _picture(report),
        "changes": changes_section(report),
        "access": access_section(report),
        "exposure": exposure_section(report),
        "data": data_section(report),
        "cost": cost_section(report),
        "limits": limits_section(report),
        "findings": findings_section(report),
        "accepted": acknowledged_section(report),
        "inventory": inventory_section(report),
    }
    links = "".join(
        f'<li><a href="#{name}">{words}</a></li>' for name, words in _NAV if parts[name]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">"
        f'<link rel="icon" href="data:,"><title>{esc(title)}: review</title>'
        f"<style>{style}</style></head><body>"
        '<a class="skip" href="#main">Skip to the report</a>'
        f'<header class="top"><div class="name">{esc(title)}<small>review</small></div>'
        '<div class="find" role="search"><label class="sr" for="find">Filter every table</label>'
        '<input id="find" type="search" placeholder="Filter every table (press /)" '
        'autocomplete="off"><output id="found" aria-live="polite"></output></div>'
        f"{_stacks(report)}"
        '<button type="button" id="theme" aria-label="Switch between light and dark">◐</button>'
        f'</header><nav aria-label="Sections"><ul>{links}</ul></nav>'
        f'<main id="main">{_top(report)}{"".join(parts.values())}{_notes(report)}</main>'
        f"<script>{script}</script></body></html>\n"
    )


def _stacks(report: Report) -> str:
    options = "".join(f"<option>{esc(stack.name)}</option>" for stack in report.assembly.stacks)
    return (
        '<label class="sr" for="stack">Show one stack only</label>'
        f'<select id="stack"><option value="">All stacks</option>{options}</select>'
    )


def _top(report: Report) -> str:
    said = verdict(report)
    reasons = "".join(
        f'<li class="{one.tone}"><a href="#{one.link}">{esc(one.words)}</a></li>'
        for one in said.reasons
    )
    figures = "".join(
        f'<li><a href="#{link}"><b>{esc(number)}</b><span>{esc(words)}</span></a></li>'
        for number, words, link in _figures(report)
    )
    return (
        f'<section class="verdict {said.state}" aria-labelledby="verdict"><p class="ask">'
        f'May I approve this?</p><h1 id="verdict">{esc(said.words)}</h1><ul>{reasons}</ul>'
        f'</section><ul class="figures">{figures}</ul>'
    )


def _figures(report: Report) -> list[tuple[str, str, str]]:
    parts = report.sections
    roles = {(row.stack, row.holder) for row in parts.access if row.kind in {"identity", "trust"}}
    deleted = sum(row.fate == "deleted" and row.weight == "heavy" for row in parts.data)
    heavy = sum(row.weight == "heavy" for row in parts.data)
    unknown = f" and {report.unknown_costs} unknown" if report.unknown_costs else ""
    accepted = sum(not one.open for one in report.findings)
    return [
        (str(len(report.assembly.stacks)), "stacks", "picture"),
        (str(sum(1 for _ in report.assembly.resources())), "resources", "inventory"),
        (str(len(roles)), "holders of rights", "access"),
        (str(sum(row.reach == "open" for row in parts.exposure)), "open to anyone", "exposure"),
        (f"{deleted} of {heavy}", "stores of data deleted by destroy", "data"),
        (f"${report.idle_dollars:,.2f}", f"a month while idle{unknown}", "cost"),
        (str(report.count("error")), "open errors", "findings"),
        (str(accepted), "accepted findings", "accepted"),
    ]


def _picture(report: Report) -> str:
    pictures = report.pictures
    if pictures.missing:
        body = f'<p class="empty">There is no picture: {esc(pictures.missing)}</p>'
        return section("picture", "Picture", "How the stacks fit together.", body)
    shown = {"Everything": pictures.overview, **(pictures.stacks or {})}
    tabs = "".join(
        f'<button type="button" role="tab" id="tab-{index}" aria-controls="graph-{index}" '
        f'aria-selected="{"true" if index == 0 else "false"}" '
        f'tabindex="{0 if index == 0 else -1}">{esc(name)}</button>'
        for index, name in enumerate(shown)
    )
    panels = "".join(
        f'<div class="panel" role="tabpanel" id="graph-{index}" aria-labelledby="tab-{index}"'
        f"{'' if index == 0 else ' hidden'}>{svg}</div>"
        for index, svg in enumerate(shown.values())
    )
    zoom = "".join(
        f'<button type="button" data-zoom="{how}" aria-label="{words}">{sign}</button>'
        for how, words, sign in (
            ("in", "Zoom in", "+"),
            ("out", "Zoom out", "\u2212"),
            ("fit", "Show all", "\u2922"),
        )
    )
    legend = (
        '<p class="legend"><span class="arrow"></span> data moves, or starts something '
        '<span class="arrow thin"></span> refers to</p>'
    )
    tablist = f'<div class="tabs" role="tablist" aria-label="Pictures">{tabs}</div>'
    body = f'{tablist}<div class="canvas">{panels}<div class="zoom">{zoom}</div></div>{legend}'
    lead = "Drawn from the templates' own references and grants; each box leads to its row."
    return section("picture", "Picture", lead, body + _as_list(report))


def _as_list(report: Report) -> str:
    names = {one.key: f"{one.stack}/{one.name}" for one in report.assembly.resources()}
    words = {"reads": "is read by", "writes": "writes", "starts": "starts", "uses": "refers to"}
    items = "".join(
        f"<li>{esc(names[one.source])} <em>{words[one.kind]}</em> {esc(names[one.target])}</li>"
        for one in report.sections.flows
    )
    count = len(report.sections.flows)
    return (
        f"<details><summary>The same as a list: {count} arrows</summary><ul>{items}</ul></details>"
    )


def _notes(report: Report) -> str:
    if not report.assembly.notes:
        return ""
    items = "".join(f"<li>{esc(one)}</li>" for one in report.assembly.notes)
    lead = "Parts of the input that this review could not see into."
    return section("notes", "Not understood", lead, f"<ul>{items}</ul>")
