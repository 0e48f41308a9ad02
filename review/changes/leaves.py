"""Narrow a changed value down to what differs in it."""

from __future__ import annotations

import re
from typing import Any

from review.intrinsics import text

HASH = re.compile(r"[0-9a-f]{64}")  # of an asset's contents


def differing(name: str, before: Any, after: Any) -> list[tuple[str, str, str]]:
    """Return (place, before, after) for every leaf that differs; "" where there was nothing.

    Lists of {Key, Value} are compared by key, other lists by position.
    """
    old, new = dict(_leaves(name, before)), dict(_leaves(name, after))
    return [
        (place, old.get(place, ""), new.get(place, ""))
        for place in dict.fromkeys([*old, *new])
        if old.get(place) != new.get(place)
    ]


def _leaves(place: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict) and not _is_intrinsic(value):
        parts = [(f"{place}/{key}", item) for key, item in value.items()]
    elif isinstance(value, list):
        parts = [_keyed(place, index, item) for index, item in enumerate(value)]
    else:
        return [] if value is None else [(place, text(value))]
    return [leaf for where, item in parts for leaf in _leaves(where, item)]


def _keyed(place: str, index: int, item: Any) -> tuple[str, Any]:
    if isinstance(item, dict) and set(item) == {"Key", "Value"}:
        return f"{place}/{text(item['Key'])}", item["Value"]
    return f"{place}/{index}", item


def _is_intrinsic(value: dict[str, Any]) -> bool:
    return len(value) == 1 and all(key == "Ref" or str(key).startswith("Fn::") for key in value)
