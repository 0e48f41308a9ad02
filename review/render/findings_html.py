"""The page's sections on findings: open ones, accepted ones, and the tools that looked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from review.anchors import resource_anchor
from review.findings import SEVERITIES
from review.render.parts import Line, badge, breakable, chips, code, esc, section, table
from review.rules import RULES

if TYPE_CHECKING:
    from review.findings import Finding
    from review.report import Report

_WIDTHS = (34, 8, 26, 32)
TONES = {"error": "bad", "warning": "warn", "info": "note"}


def findings_section(report: Report) -> str:
    """Write what nobody has accepted yet."""
    found = [one for one in report.findings if one.open]
    known = {one.key for one in report.assembly.resources()}
    counts = Counter(one.severity for one in found)
    filters = chips("Severity", [(one, one, counts[one]) for one in SEVERITIES])
    columns = ("Finding", "Severity", "Where", "What to do")
    rows = table("Open findings", columns, [_line(one, one.fix, known) for one in found], _WIDTHS)
    lead = "Of every tool, in one table; each stays open until it is mended or accepted."
    return section("findings", "Findings", lead, _tools(report) + filters + rows)


def acknowledged_section(report: Report) -> str:
    """Write what somebody accepted, and why."""
    found = [one for one in report.findings if not one.open]
    known = {one.key for one in report.assembly.resources()}
    columns = ("Finding", "Severity", "Where", "Accepted because")
    rows = table(
        "Accepted findings", columns, [_line(one, one.reason, known) for one in found], _WIDTHS
    )
    lead = f"{len(found)} findings were accepted, each with a reason and the place it was said."
    return section("accepted", "Acknowledgements", lead, rows)


def _line(one: Finding, last: str, known: set[str]) -> Line:
    key = f"{one.stack}/{one.logical_id}"
    link = resource_anchor(key) if key in known else ""
    where = breakable(one.path or one.logical_id or one.stack or "the assembly")
    where = f'<a href="#{link}">{where}</a>' if link else where
    place = f"{one.file}:{one.line}" if one.file and one.line else one.file
    said_at = f"<small>said at {esc(one.acknowledged_at)}</small>" if one.acknowledged_at else ""
    return Line(
        anchor=one.anchor,
        kind=one.severity,
        stack=one.stack,
        cells=(
            f"{esc(one.message)}<small>{code(one.rule)} · {esc(one.source)}</small>",
            badge(one.severity, TONES[one.severity]),
            f"{where}<small>{esc(one.place)}</small><small>{esc(one.code or place)}</small>",
            f"{esc(last)}{said_at}",
        ),
    )


def _tools(report: Report) -> str:
    items = [f"<li>{badge('ran', 'good')} {len(RULES)} rules of our own</li>"]
    for one in report.engines:
        if one.missing:
            items.append(f"<li>{badge('did not run', 'bad')} {esc(one.engine)}: {esc(one.missing)}")
        elif one.skipped:
            items.append(f"<li>{badge('not run', 'warn')} {esc(one.engine)}: {esc(one.skipped)}")
        else:
            count = len(one.findings)
            items.append(f"<li>{badge('ran', 'good')} {esc(one.engine)}: {count} findings")
    return f'<ul class="tools">{"".join(items)}</ul>'
