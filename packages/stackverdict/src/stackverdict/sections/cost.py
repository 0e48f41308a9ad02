"""What the stacks cost while nobody uses them, and what one run costs. Unknown is not zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stackverdict.intrinsics import text
from stackverdict.tables import dig, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackverdict.model import Assembly, Resource


@dataclass(frozen=True, kw_only=True)
class Row:
    """The idle cost of one resource in dollars a month; None when it is not known.

    `basis` is "free", "use", "volume", "exists" or "unknown".
    """

    stack: str
    name: str
    logical_id: str
    type: str
    basis: str
    dollars: float | None
    how: str
    verified: bool
    line: int


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one use of something costs."""

    what: str
    dollars: float
    verified: bool
    source: str


def rows_of(assembly: Assembly) -> list[Row]:
    """Return a row for every resource, the dearest first and the unknown before the free."""
    rows = [_row(resource) for resource in assembly.resources()]
    order = {"exists": 0, "unknown": 1, "volume": 2, "use": 3, "free": 4}
    return sorted(rows, key=lambda row: (order[row.basis], -(row.dollars or 0), row.stack))


def runs_of(assembly: Assembly) -> list[Run]:
    """Return the unit costs of what the assembly can run."""
    present = {resource.type for resource in assembly.resources()}
    runs = []
    for entry in table("prices")["run"]:
        if entry["type"] in present:
            unit, verified, source = _unit(entry)
            runs.append(
                Run(
                    what=entry["what"],
                    dollars=unit * entry["times"],
                    verified=verified,
                    source=source,
                )
            )
    return runs


def total(rows: list[Row]) -> float:
    """Return the sum of what is known, in dollars a month."""
    return sum(row.dollars or 0.0 for row in rows)


def _unit(entry: Mapping[str, Any]) -> tuple[float, bool, str]:
    prices = table("prices")
    if "instance" in entry:
        family = prices["instance"][entry["family"]]
        return float(family[entry["instance"]]), bool(family["verified"]), ""
    price = prices["price"][entry["price"]]
    return float(price["dollars"]), bool(price["verified"]), str(price.get("source", ""))


def _row(resource: Resource) -> Row:
    basis, dollars, how, verified = _idle(resource)
    return Row(
        stack=resource.stack,
        name=resource.name,
        logical_id=resource.logical_id,
        type=resource.type,
        basis=basis,
        dollars=dollars,
        how=how,
        verified=verified,
        line=resource.line,
    )


def _idle(resource: Resource) -> tuple[str, float | None, str, bool]:
    prices = table("prices")
    entry = prices["type"].get(resource.type)
    if entry is None:
        if any(_is(resource.type, free_type) for free_type in prices["free"]):
            return "free", 0.0, "no charge of its own", True
        return "unknown", None, "the price table has no such type", False
    for name, wanted in entry.get("only", {}).items():
        if text(resource.properties.get(name)) != wanted:
            return _other_flavour(resource, name, wanted)
    if entry["idle"] == "instance":
        return _instance(resource, entry)
    if entry["idle"] in {"hour", "month"}:
        return _existing(resource, entry)
    return {
        "free": ("free", 0.0, "no charge of its own", True),
        "use": ("use", 0.0, "billed by what it does", True),
        "volume": ("volume", None, _by_volume(entry), True),
        "unknown": ("unknown", None, "billed while it exists; price not held", False),
    }[entry["idle"]]


def _is(type_name: str, entry: str) -> bool:
    return type_name.startswith(entry) if entry.endswith("::") else type_name == entry


def _other_flavour(
    resource: Resource, name: str, wanted: str
) -> tuple[str, float | None, str, bool]:
    if resource.type == "AWS::EC2::VPCEndpoint" and name not in resource.properties:
        return "free", 0.0, "a gateway endpoint", True
    flavour = text(resource.properties.get(name)) or "absent"
    if resource.type == "AWS::EC2::VPCEndpoint" and flavour == "Gateway":
        return "free", 0.0, "a gateway endpoint", True
    return "unknown", None, f"{name} is {flavour}; the price table holds {wanted}", False


def _by_volume(entry: Mapping[str, Any]) -> str:
    if "price" not in entry:
        return "billed by what it holds; price not held"
    unit, verified, _ = _unit(entry)
    return f"${unit:g} a GB and month" + ("" if verified else " (unverified)")


def _instance(resource: Resource, entry: Mapping[str, Any]) -> tuple[str, float | None, str, bool]:
    prices = table("prices")
    family = prices["instance"][entry["family"]]
    size = text(resource.properties.get(entry["size"]))
    if size not in family:
        return "unknown", None, f"the price of {size or 'its instance'} is not held", False
    hourly = float(family[size])
    how = f"{size}: ${hourly:g} an hour while it runs" + entry.get("besides", "")
    return "exists", hourly * prices["hours_a_month"], how, bool(family["verified"])


def _existing(resource: Resource, entry: Mapping[str, Any]) -> tuple[str, float | None, str, bool]:
    unit, verified, _ = _unit(entry)
    factor = 1.0
    for place in entry.get("times", []):
        number = _number(dig(resource.properties, place))
        if number is None:
            return "unknown", None, f"{place} is decided at deployment", False
        factor *= number
    hours = table("prices")["hours_a_month"] if entry["idle"] == "hour" else 1
    how = f"${unit:g} a{'n hour' if entry['idle'] == 'hour' else ' month'}"
    how += f", times {factor:g}" if entry.get("times") else ""
    return "exists", unit * factor * hours, how, verified


def _number(value: Any) -> float | None:
    if isinstance(value, list):
        return float(len(value))
    try:
        return float(text(value))
    except ValueError:
        return None
