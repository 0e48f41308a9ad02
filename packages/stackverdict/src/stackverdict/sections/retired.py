"""Find what AWS has closed or retired."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stackverdict.intrinsics import walk
from stackverdict.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackverdict.model import Assembly, Resource


@dataclass(frozen=True, kw_only=True)
class Retired:
    """One use of something AWS has closed."""

    resource: Resource
    place: str
    severity: str
    what: str
    successor: str


def retired_in(assembly: Assembly) -> Iterator[Retired]:
    """Yield every use of a retired thing."""
    entries = [
        (re.compile(f"(?:{entry['type']})$"), re.compile(entry.get("property", "")), entry)
        for entry in table("lifecycle")["retired"]
    ]
    for resource in assembly.resources():
        for types, places, entry in entries:
            if types.match(resource.type):
                place = _place(resource, places, entry)
                if place is not None:
                    yield Retired(
                        resource=resource,
                        place=place,
                        severity=entry["severity"],
                        what=entry["what"],
                        successor=entry.get("successor", ""),
                    )


def _place(resource: Resource, places: re.Pattern[str], entry: dict[str, Any]) -> str | None:
    if "match" not in entry:
        return ""
    pattern = re.compile(entry["match"])
    for place, value in walk(resource.properties):
        if isinstance(value, str) and pattern.search(value) and places.search(place):
            return place
    return None
