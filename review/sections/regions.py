"""Where the templates would not deploy, because a region lacks a resource type."""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.model import Assembly

_CHINA_AND_ISOLATED = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")


@functools.cache
def types_by_region() -> Mapping[str, frozenset[str]]:
    """Return the resource types of each commercial region, from cfn-lint's data; empty without."""
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or not spec.submodule_search_locations:
        return {}
    root = Path(next(iter(spec.submodule_search_locations)))
    return {
        path.stem: frozenset(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((root / "data" / "schemas" / "providers").glob("*-*.json"))
        if not path.stem.startswith(_CHINA_AND_ISOLATED)
    }


def missing_types(assembly: Assembly) -> Mapping[str, tuple[str, ...]]:
    """Return, by resource type, the regions that lack it; types that no region has are left out."""
    regions = types_by_region()
    known = frozenset[str]().union(*regions.values())
    used = {one.type for one in assembly.resources()} & known
    lacking = {
        one: tuple(region for region, types in regions.items() if one not in types)
        for one in sorted(used)
    }
    return {one: where for one, where in lacking.items() if where}
