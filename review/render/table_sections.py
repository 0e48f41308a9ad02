"""The page's sections that are one table each: exposure, data, limits, inventory."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from review.anchors import anchor, resource_anchor
from review.picture.families import title
from review.render.parts import Line, badge, chips, code, esc, named, section, table

if TYPE_CHECKING:
    from review.report import Report

_REACH = {
    "open": ("reached by anyone", "bad"),
    "asks": ("asks for credentials", "warn"),
    "route": ("a way exists", "note"),
    "unknown": ("decided later", "warn"),
    "closed": ("closed", "good"),
}
_FATE = {"deleted": "bad", "stays": "good", "deletion is refused": "good"}
_STATE = {"fits": "good", "near": "warn", "over": "bad", "check": "note"}


def exposure_section(report: Report) -> str:
    """Write what the internet can reach."""
    rows = report.sections.exposure
    counts = Counter(row.reach for row in rows)
    lines = [
        Line(
            anchor=anchor("e", row.stack, row.logical_id, row.what),
            kind=row.reach,
            stack=row.stack,
            cells=(
                resource_cell(row.stack, row.name, row.logical_id, row.type),
                badge(*_REACH[row.reach]),
                esc(row.what),
            ),
        )
        for row in rows
    ]
    filters = chips("Reach", [(k, label, counts[k]) for k, (label, _) in _REACH.items()])
    lead = "What the internet reaches or could be led to, and what the template closes."
    body = filters + table("Exposure", ("Resource", "Reach", "Why"), lines, (36, 20, 44))
    return section("exposure", "Exposure", lead, body)


def data_section(report: Report) -> str:
    """Write what holds data and what becomes of it."""
    columns: tuple[str, ...] = (
        "Resource",
        "On destroy",
        "On replacement",
        "Encryption",
        "TLS",
        "Versions",
    )
    columns += ("Retention", "Backup")
    lines = [
        Line(
            anchor=anchor("d", row.stack, row.logical_id),
            kind=row.weight,
            stack=row.stack,
            cells=(
                resource_cell(row.stack, row.name, row.logical_id, row.type)
                + f"<small>holds {esc(row.holds)}</small>",
                badge(row.fate, _FATE.get(row.fate, "note"))
                + f"<small>{esc(row.deletion)}</small>",
                esc(row.replacement),
                esc(row.encryption),
                esc(row.tls),
                esc(row.versioning),
                esc(row.retention),
                esc(row.backup),
            ),
        )
        for row in report.sections.data
    ]
    counts = Counter(row.weight for row in report.sections.data)
    filters = chips(
        "Weight", [("heavy", "data", counts["heavy"]), ("light", "small things", counts["light"])]
    )
    lead = "Every resource that holds something: how it is kept, and what `destroy` would delete."
    body = filters + table("Stateful resources", columns, lines)
    return section("data", "Data", lead, body)


def limits_section(report: Report) -> str:
    """Write sizes against limits, and what the account has to allow."""
    lines = [
        Line(
            anchor=anchor("l", row.stack, row.kind, row.what),
            kind=row.state,
            stack=row.stack,
            cells=(
                (
                    f"<strong>{esc(row.what)}</strong>"
                    f"<small>{esc(row.stack or 'the account')} · {esc(row.kind)}</small>"
                ),
                esc(row.used),
                esc(row.limit),
                badge(row.state, _STATE[row.state]),
            ),
        )
        for row in report.sections.limits
    ]
    counts = Counter(row.state for row in report.sections.limits)
    filters = chips("State", [(one, one, counts[one]) for one in _STATE])
    lead = (
        "What AWS has retired, sizes against limits, quotas, singletons, the consent that "
        "CloudFormation asks for, and the regions that lack a type."
    )
    body = filters + table("Limits", ("What", "Used", "Allowed", "State"), lines)
    return section("limits", "Lifecycle and limits", lead, body)


def inventory_section(report: Report) -> str:
    """Write every resource, with its place in the code and in the template."""
    files = {stack.name: stack.file for stack in report.assembly.stacks}
    lines = [
        Line(
            anchor=resource_anchor(one.key),
            stack=one.stack,
            cells=(
                f"<strong>{esc(one.name)}</strong><small>{esc(one.stack)}</small>"
                + (f"<small>only if {esc(one.condition)}</small>" if one.condition else ""),
                f"{esc(title(one.type))}<small>{esc(one.type)}</small>",
                code(one.logical_id),
                f"{esc(files[one.stack])}:{one.line}<small>{esc(one.code or one.path)}</small>",
            ),
        )
        for one in report.assembly.resources()
    ]
    columns = ("Resource", "Type", "Logical id", "Place")
    body = table("Inventory", columns, lines)
    lead = "Every resource of every stack, and where it is written."
    return section("inventory", "Inventory", lead, body)


def resource_cell(stack: str, name: str, logical_id: str, type_name: str) -> str:
    """Write a resource, with a link to its row in the inventory."""
    return named(name, title(type_name), stack=stack, link=resource_anchor(f"{stack}/{logical_id}"))
