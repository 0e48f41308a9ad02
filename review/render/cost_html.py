"""The page's section on cost: by stack, by resource, and of one run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from review.anchors import anchor
from review.render.parts import Line, badge, chips, esc, section, table
from review.render.table_sections import resource_cell
from review.tables.read import table as read_table

if TYPE_CHECKING:
    from review.report import Report

_BASIS = {
    "exists": "bills while it exists",
    "unknown": "unknown",
    "volume": "bills by volume",
    "use": "bills by use",
    "free": "free",
}


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
                resource_cell(row.stack, row.name, row.logical_id, row.type),
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
