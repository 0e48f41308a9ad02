"""Choose, order and count what the page shows; the templates only lay it out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from stackverdict.findings import SEVERITIES
from stackverdict.iam.matrix import cells
from stackverdict.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stackverdict.changes.compare import Changes
    from stackverdict.findings import Finding
    from stackverdict.iam.matrix import Row
    from stackverdict.report import Report

Chip = tuple[str, str, int]
"""A button that shows the rows of one kind only: the kind, its label, how many there are."""

LEVELS = {
    "read": ("R", "read"),
    "write": ("W", "write"),
    "permissions": ("P", "permissions"),
    "all": ("A", "everything"),
    "unknown": ("?", "not in the template"),
}
REACH = {
    "open": ("reached by anyone", "bad"),
    "asks": ("asks for credentials", "warn"),
    "route": ("a way exists", "note"),
    "unknown": ("decided later", "warn"),
    "closed": ("closed", "good"),
}
BILLING = {
    "exists": "bills while it exists",
    "unknown": "unknown",
    "volume": "bills by volume",
    "use": "bills by use",
    "free": "free",
}
FATES = {"deleted": "bad", "stays": "good", "deletion is refused": "good"}
STATES = {"fits": "good", "near": "warn", "over": "bad", "check": "note"}
ACTIONS = {
    "added": "good",
    "removed": "bad",
    "replaced": "bad",
    "perhaps replaced": "warn",
    "left behind": "warn",
    "updated": "note",
    "imported": "note",
}
SEVERITY_TONES = {"error": "bad", "warning": "warn", "info": "note"}
_KINDS = (("identity", "may do"), ("trust", "trust"), ("resource", "policy of a resource"))
_FLOWS = {"reads": "is read by", "writes": "writes", "starts": "starts", "uses": "refers to"}
_MAX_SERVICES = 40  # columns of the matrix; the statements below it hold all of them
_MAX_LETTERS = 160  # of a changed value
_MAX_PROPERTIES = 8  # of a changed resource; review.json holds all


def figures(report: Report) -> list[tuple[str, str, str]]:
    """Return the numbers below the verdict: the number, its words, and where it leads."""
    sections = report.sections
    holders = {
        (row.stack, row.holder) for row in sections.access if row.kind in {"identity", "trust"}
    }
    heavy = [row for row in sections.data if row.weight == "heavy"]
    deleted = sum(row.fate == "deleted" for row in heavy)
    reached = sum(row.reach == "open" for row in sections.exposure)
    unknown = f" and {report.unknown_costs} unknown" if report.unknown_costs else ""
    return [
        (str(len(report.assembly.stacks)), "stacks", "picture"),
        (str(sum(1 for _ in report.assembly.resources())), "resources", "inventory"),
        (str(len(holders)), "holders of rights", "access"),
        (str(reached), "open to anyone", "exposure"),
        (f"{deleted} of {len(heavy)}", "stores of data deleted by destroy", "data"),
        (f"${report.idle_dollars:,.2f}", f"a month while idle{unknown}", "cost"),
        (str(report.count("error")), "open errors", "findings"),
        (str(report.accepted), "accepted findings", "accepted"),
    ]


def flow_lines(report: Report) -> list[tuple[str, str, str]]:
    """Return the arrows of the picture in words."""
    names = {resource.key: f"{resource.stack}/{resource.name}" for resource in _resources(report)}
    return [
        (names[flow.source], _FLOWS[flow.kind], names[flow.target])
        for flow in report.sections.flows
    ]


def access_view(report: Report) -> dict[str, Any]:
    """Return the matrix of holders and services, and the statements, the alarming ones first."""
    rows = report.sections.access
    kinds = [kind for kind, _ in _KINDS]
    matrix = cells(rows)
    services = sorted({service for line in matrix.values() for service in line})
    chips = [("marked", "marked", sum(map(_alarming, rows)))]
    chips += [(kind, label, sum(row.kind == kind for row in rows)) for kind, label in _KINDS]
    return {
        "levels": LEVELS,
        "matrix": matrix,
        "services": services[:_MAX_SERVICES],
        "left_out": max(0, len(services) - _MAX_SERVICES),
        "chips": chips,
        "statements": [
            (row, f"{row.kind} marked" if _alarming(row) else row.kind)
            for row in sorted(
                rows,
                key=lambda row: (
                    not _alarming(row),
                    row.effect != "Allow",
                    kinds.index(row.kind),
                ),
            )
        ],
    }


def _alarming(row: Row) -> bool:
    return any(not mark.startswith("a managed policy") for mark in row.marks)


def changes_view(changes: Changes | None) -> dict[str, Any] | None:
    """Return what changed: first what matters, then mere tags and assets."""
    if changes is None:
        return None
    real = [change for change in changes.resources if not change.minor]
    counts = Counter(change.action for change in real)
    return {
        "facts": changes,
        "tones": ACTIONS,
        "chips": [(action, action, counts[action]) for action in ACTIONS],
        "real": real,
        "minor": [change for change in changes.resources if change.minor],
        "most": _MAX_PROPERTIES,
        "pairs": [
            ("Rights", changes.rights_added, changes.rights_removed),
            ("Exposure", changes.exposed, changes.closed),
        ],
    }


def exposure_view(report: Report) -> dict[str, Any]:
    """Return what the internet can reach."""
    counts = Counter(row.reach for row in report.sections.exposure)
    chips = [(reach, label, counts[reach]) for reach, (label, _) in REACH.items()]
    return {"reach": REACH, "chips": chips}


def data_view(report: Report) -> dict[str, Any]:
    """Return what holds data."""
    counts = Counter(row.weight for row in report.sections.data)
    chips = [("heavy", "data", counts["heavy"]), ("light", "small things", counts["light"])]
    return {"tones": FATES, "chips": chips}


def limits_view(report: Report) -> dict[str, Any]:
    """Return sizes against limits, and what the account has to allow."""
    return {"tones": STATES, "chips": _chips((row.state for row in report.sections.limits), STATES)}


def cost_view(report: Report) -> dict[str, Any]:
    """Return the idle cost by stack and by resource; what is free is only counted."""
    dollars: dict[str, float] = {}
    unknown: Counter[str] = Counter()
    for row in report.sections.cost:
        dollars[row.stack] = dollars.get(row.stack, 0.0) + (row.dollars or 0.0)
        unknown[row.stack] += row.basis == "unknown"
    most = max([*dollars.values(), 0.01])
    counts = Counter(row.basis for row in report.sections.cost)
    return {
        "billing": BILLING,
        "chips": [(basis, label, counts[basis]) for basis, label in BILLING.items()],
        "by_stack": [
            (stack, f"{amount / most:.3f}", f"{amount:,.2f}", unknown[stack])
            for stack, amount in dollars.items()
        ],
        "rows": [row for row in report.sections.cost if row.basis != "free"],
        "free": counts["free"],
        "money": _money,
    }


def _money(dollars: float) -> str:
    """Write dollars; what is less than a cent is written out."""
    digits = 2 if dollars >= 0.01 or dollars == 0 else 6  # noqa: PLR2004 - a cent
    return f"${dollars:,.{digits}f}"


def findings_view(report: Report) -> dict[str, Any]:
    """Return what nobody has accepted yet, what somebody accepted, and the tools that looked."""
    keys = {resource.key for resource in _resources(report)}
    opened = [finding for finding in report.findings if finding.open]
    return {
        "rules": len(RULES),
        "tones": SEVERITY_TONES,
        "chips": _chips((finding.severity for finding in opened), SEVERITIES),
        "open": [(finding, _key(finding, keys)) for finding in opened],
        "accepted": [
            (finding, _key(finding, keys)) for finding in report.findings if not finding.open
        ],
    }


def _key(finding: Finding, keys: set[str]) -> str:
    """Return the key of the resource that a finding is about, "" when there is none."""
    key = f"{finding.stack}/{finding.logical_id}"
    return key if key in keys else ""


def _chips(values: Iterable[str], kinds: Iterable[str] | Mapping[str, str]) -> list[Chip]:
    counts = Counter(values)
    return [(kind, kind, counts[kind]) for kind in kinds]


def _resources(report: Report) -> list[Any]:
    return list(report.assembly.resources())


def short(value: str) -> str:
    """Cut a long value."""
    return value if len(value) <= _MAX_LETTERS else f"{value[:_MAX_LETTERS]}…"
