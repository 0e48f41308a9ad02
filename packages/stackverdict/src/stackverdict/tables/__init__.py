"""Dated facts about AWS, as data: prices, stateful types, retired things, limits."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any


@functools.cache
def table(name: str) -> dict[str, Any]:
    """Return a table by name, such as "stateful"."""
    path = Path(__file__).parent / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def dig(value: Any, place: str) -> Any:
    """Return what lies at a place such as `Encryption.KeyId`, or None."""
    for part in place.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def first(value: Any, places: list[str]) -> Any:
    """Return the first present value among some places, or None."""
    for place in places:
        setting = dig(value, place)
        if setting is not None:
            return setting
    return None
