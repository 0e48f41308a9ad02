"""The page's sections that are one table each: exposure, data, cost, limits, inventory."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from review.anchors import anchor, resource_anchor
from review.picture.families import title
from review.render.parts import Line, badge, chips, code, esc, named, section, table
from review.tables.read import table as read_table

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
_BASIS = {
    "exists": "bills while it exists",
    "unknown": "unknown",
    "volume": "bills by volume",
    "use": "bills by use",
    "free": "free",
}
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
                _resource(row.stack, row.name, row.logical_id, row.type),
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
                _resource(row.stack, row.name, row.logical_id, row.type)
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


def cost_section(report: Report) -> str:
    """Write the idle cost by stack and by resource, and the cost of a run."""
    rows = report.sections.cost
    prices = read_table("prices")
    lead = (
        f"Dollars a month while nobody uses it: list prices of {prices['region']}, "
        f"table of {prices['date']}. A price marked * was not checked against a page. "
        "Unknown is not counted, and never zero."
    )
    counts = Counter(row.basis for row in rows)
    filters = chips("Billing", [(kind, label, counts[kind]) for kind, label in _BASIS.items()])
    lines = [
        Line(
            anchor=anchor("c", row.stack, row.logical_id),
            kind=row.basis,
            stack=row.stack,
            cells=(
                _resource(row.stack, row.name, row.logical_id, row.type),
                money(row.dollars, row.verified) if row.basis == "exists" else _BASIS[row.basis],
                esc(row.how),
            ),
        )
        for row in rows
        if row.basis != "free"
    ]
    runs = [
        Line(
            anchor=anchor("u", one.what),
            cells=(esc(one.what), money(one.dollars, one.verified), esc(one.source)),
        )
        for one in report.sections.runs
    ]
    body = (
        _by_stack(report)
        + filters
        + table("Idle cost", ("Resource", "A month", "How"), lines, (40, 20, 40))
        + f"<p>{counts['free']} more resources carry no charge of their own.</p><h3>One run</h3>"
        + table("Cost of a run", ("What", "Dollars", "Source"), runs)
    )
    return section("cost", "Cost", lead, body)


def money(dollars: float | None, verified: bool) -> str:  # noqa: FBT001 - reads as a pair
    """Write dollars; cents and less are shown when there is nothing more."""
    if dollars is None:
        return badge("unknown", "warn")
    digits = 2 if dollars >= 0.01 or dollars == 0 else 6  # noqa: PLR2004 - a cent
    return f"${dollars:,.{digits}f}" + ("" if verified else "*")


def _by_stack(report: Report) -> str:
    sums: dict[str, float] = {}
    unknown: Counter[str] = Counter()
    for row in report.sections.cost:
        sums[row.stack] = sums.get(row.stack, 0.0) + (row.dollars or 0.0)
        unknown[row.stack] += row.basis == "unknown"
    most = max([*sums.values(), 0.01])
    lines = [
        Line(
            anchor="",
            stack=stack,
            cells=(
                esc(stack),
                f'<span class="bar" style="--part:{dollars / most:.3f}"></span>',
                f"${dollars:,.2f}",
                f"and {unknown[stack]} unknown" if unknown[stack] else "",
            ),
        )
        for stack, dollars in sums.items()
    ]
    return table("Idle cost by stack", ("Stack", "Share", "A month", "Besides"), lines)


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
    lead = "Sizes against CloudFormation's limits, quotas, singletons and the consent it asks for."
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


def _resource(stack: str, name: str, logical_id: str, type_name: str) -> str:
    return named(name, title(type_name), stack=stack, link=resource_anchor(f"{stack}/{logical_id}"))
