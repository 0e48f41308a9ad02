"""The page's section on what changed since the baseline."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from review.anchors import anchor
from review.picture.families import title
from review.render.parts import Line, badge, breakable, chips, code, esc, section, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.changes.compare import Change, Changes
    from review.report import Report

TONES = {
    "added": "good",
    "removed": "bad",
    "replaced": "bad",
    "perhaps replaced": "warn",
    "left behind": "warn",
    "updated": "note",
    "imported": "note",
}
_LONG = 160  # letters of a value that are shown
_MOST = 8  # properties of a resource that are shown; review.json holds all


def changes_section(report: Report) -> str:
    """Write the section; empty when there is no baseline."""
    changes = report.changes
    if changes is None:
        return ""
    if changes.missing:
        body = f'<p class="empty">Resources were not compared: {esc(changes.missing)}</p>'
    else:
        body = _resources(changes)
    body += _pair("Rights", changes.rights_added, changes.rights_removed)
    body += _pair("Exposure", changes.exposed, changes.closed)
    before, after = changes.dollars_before, changes.dollars_after
    if changes.cost_lines:
        items = "".join(f"<li>{esc(line)}</li>" for line in changes.cost_lines)
        body += f"<h3>Idle cost: ${before:,.2f} becomes ${after:,.2f}</h3><ul>{items}</ul>"
    else:
        body += f"<h3>Idle cost: ${after:,.2f}, as before</h3>"
    return section("changes", "What changed", f"Compared with {changes.base}.", body)


def _resources(changes: Changes) -> str:
    real = [one for one in changes.resources if not one.minor]
    minor = [one for one in changes.resources if one.minor]
    if not changes.resources:
        return '<p class="empty">No resource changed.</p>'
    counts = Counter(one.action for one in real)
    filters = chips("Change", [(one, one, counts[one]) for one in TONES])
    body = filters + table("Changed resources", _COLUMNS, [_line(one) for one in real])
    if minor:
        folded = table("Minor changes", _COLUMNS, [_line(one) for one in minor])
        body += f"<details><summary>{len(minor)} more: only tags or assets</summary>{folded}"
        body += "</details>"
    return body


_COLUMNS = ("Resource", "Change", "Data", "Properties")


def _line(one: Change) -> Line:
    data = badge(f"data {one.data}", "bad" if one.data == "lost" else "good") if one.data else ""
    because = f"<small>forced by {esc(', '.join(one.because))}</small>" if one.because else ""
    values = "".join(
        f"<dt>{code(name)}</dt><dd><del>{esc(_short(before))}</del> "
        f"<ins>{esc(_short(after))}</ins></dd>"
        for name, before, after, _ in one.properties[:_MOST]
    )
    more = len(one.properties) - _MOST
    values += f"<dt>and {more} more</dt>" if more > 0 else ""
    return Line(
        anchor=anchor("h", one.stack, one.logical_id),
        kind=one.action,
        stack=one.stack,
        cells=(
            (
                f"<strong>{breakable(one.name)}</strong>"
                f"<small>{esc(title(one.type))} · {esc(one.stack)}</small>"
            ),
            badge(one.action, TONES[one.action]) + because,
            data,
            f"<dl>{values}</dl>" if values else "",
        ),
    )


def _short(value: str) -> str:
    return value if len(value) <= _LONG else f"{value[:_LONG]}…"


def _pair(heading: str, added: Sequence[str], removed: Sequence[str]) -> str:
    if not added and not removed:
        return f"<h3>{heading}: unchanged</h3>"
    items = "".join(f'<li class="plus">{esc(one)}</li>' for one in added)
    items += "".join(f'<li class="minus">{esc(one)}</li>' for one in removed)
    said = f"{len(added)} more, {len(removed)} fewer"
    return f'<h3>{heading}: {said}</h3><ul class="difference">{items}</ul>'
