"""What AWS has retired, and what a template needs: of the account, and of the region."""

from __future__ import annotations

import functools
import importlib.util
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stackverdict.intrinsics import text
from stackverdict.sections.retired import retired_in
from stackverdict.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stackverdict.model import Assembly, Stack


MAX_BODY = 51_200  # bytes a template may have when it is sent in the request itself
MAX_OBJECT = 1_000_000  # bytes a template may have when it is read from S3
_COUNTS = {"Resources": 500, "Outputs": 200, "Parameters": 200, "Mappings": 200}
_NEAR = 0.8
_NAMES = ("RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName")
_CHINA_AND_ISOLATED = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One fact about limits: what, how much is used, how much is allowed, whether it fits."""

    stack: str
    kind: str
    what: str
    used: str
    limit: str
    state: str


def rows_of(assembly: Assembly) -> list[Row]:
    """Return the limits and needs of every stack, then of the account."""
    stacks = [row for stack in assembly.stacks for row in _stack_rows(stack)]
    return [*_retired_rows(assembly), *stacks, *_account_rows(assembly), *_region_rows(assembly)]


def _retired_rows(assembly: Assembly) -> Iterator[Row]:
    for use in retired_in(assembly):
        yield Row(
            stack=use.resource.stack,
            kind="retired",
            what=use.what,
            used=use.resource.name,
            limit=f"use {use.successor}" if use.successor else "",
            state="over" if use.severity == "error" else "check",
        )


def _region_rows(assembly: Assembly) -> Iterator[Row]:
    count = len(types_by_region())
    for type_name, regions in missing_types(assembly).items():
        yield Row(
            stack="",
            kind="region",
            what=type_name,
            used=f"absent in {len(regions)} of {count} regions",
            limit=", ".join(regions),
            state="check",
        )


def _account_rows(assembly: Assembly) -> Iterator[Row]:
    counts = Counter(resource.type for resource in assembly.resources())
    for quota in table("lifecycle")["quota"]:
        used = sum(counts[type_name] for type_name in quota["types"])
        if used:
            limit, scope = quota["limit"], quota["each"]
            shown = (
                f"{limit:,} in each {scope}" if limit else f"see Service Quotas, {scope} by {scope}"
            )
            state = _state(used, limit) if limit else "check"
            yield Row(
                stack="",
                kind="quota",
                what=quota["what"],
                used=str(used),
                limit=shown,
                state=state,
            )
    for resource in assembly.resources():
        if what := table("lifecycle")["singleton"].get(resource.type):
            yield Row(
                stack=resource.stack,
                kind="singleton",
                what=what,
                used=resource.name,
                limit="1",
                state="check",
            )


def _stack_rows(stack: Stack) -> Iterator[Row]:
    yield Row(
        stack=stack.name,
        kind="size",
        what="template",
        used=f"{stack.size:,} bytes",
        limit=f"{MAX_OBJECT:,} by S3, {MAX_BODY:,} in the request",
        state=_state(stack.size, MAX_OBJECT),
    )
    if stack.termination_protection is not None:
        yield Row(
            stack=stack.name,
            kind="protection",
            what="termination protection",
            used="on" if stack.termination_protection else "off",
            limit="",
            state="fits" if stack.termination_protection else "check",
        )
    for section, limit in _COUNTS.items():
        used = len(stack.resources) if section == "Resources" else _length(stack, section)
        if used:
            yield Row(
                stack=stack.name,
                kind="size",
                what=section,
                used=str(used),
                limit=str(limit),
                state=_state(used, limit),
            )
    for capability, why in capabilities(stack).items():
        yield Row(
            stack=stack.name,
            kind="capability",
            what=capability,
            used=why,
            limit="asked at deployment",
            state="check",
        )


def capabilities(stack: Stack) -> dict[str, str]:
    """Return the capabilities CloudFormation asks for, with the reason."""
    needed: dict[str, str] = {}
    iam = [
        resource for resource in stack.resources.values() if resource.type.startswith("AWS::IAM::")
    ]
    named = [resource for resource in iam if any(name in resource.properties for name in _NAMES)]
    if named:
        needed["CAPABILITY_NAMED_IAM"] = "names " + ", ".join(
            resource.name for resource in named[:3]
        )
    elif iam:
        needed["CAPABILITY_IAM"] = f"{len(iam)} IAM resources"
    nested = any(
        resource.type == "AWS::CloudFormation::Stack" for resource in stack.resources.values()
    )
    if stack.template.get("Transform") or nested:
        transform = text(stack.template.get("Transform"))
        needed["CAPABILITY_AUTO_EXPAND"] = transform or "nested stacks"
    return needed


def _length(stack: Stack, section: str) -> int:
    value = stack.template.get(section)
    return len(value) if isinstance(value, dict) else 0


def _state(used: int, limit: int) -> str:
    if used > limit:
        return "over"
    return "near" if used > limit * _NEAR else "fits"


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
    offered = frozenset[str]().union(*regions.values())
    used = {resource.type for resource in assembly.resources()} & offered
    lacking = {
        type_name: tuple(region for region, types in regions.items() if type_name not in types)
        for type_name in sorted(used)
    }
    return {type_name: where for type_name, where in lacking.items() if where}
