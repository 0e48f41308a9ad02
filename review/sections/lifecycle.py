"""What AWS has retired, and what a template needs of the account: quotas, singletons, consent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from review.intrinsics import text, walk
from review.tables.read import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.model import Assembly, Resource, Stack

MAX_BODY = 51_200  # bytes a template may have when it is sent in the request itself
MAX_OBJECT = 1_000_000  # bytes a template may have when it is read from S3
_COUNTS = {"Resources": 500, "Outputs": 200, "Parameters": 200, "Mappings": 200}
_NEAR = 0.8
_NAMES = ("RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName")


@dataclass(frozen=True, kw_only=True)
class Retired:
    """One use of something AWS has closed."""

    resource: Resource
    place: str
    severity: str
    what: str
    successor: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One fact about limits: what, how much is used, how much is allowed, whether it fits."""

    stack: str
    kind: str
    what: str
    used: str
    limit: str
    state: str


def retired_in(assembly: Assembly) -> Iterator[Retired]:
    """Yield every use of a retired thing."""
    entries = [
        (re.compile(f"(?:{one['type']})$"), re.compile(one.get("property", "")), one)
        for one in table("lifecycle")["retired"]
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


def rows_of(assembly: Assembly) -> list[Row]:
    """Return the limits and needs of every stack, then of the account."""
    stacks = [row for stack in assembly.stacks for row in _stack_rows(stack)]
    return [*stacks, *_account_rows(assembly)]


def _account_rows(assembly: Assembly) -> Iterator[Row]:
    counts = Counter(resource.type for resource in assembly.resources())
    for quota in table("lifecycle")["quota"]:
        used = sum(counts[one] for one in quota["types"])
        if used:
            limit, each = quota["limit"], quota["each"]
            shown = (
                f"{limit:,} in each {each}" if limit else f"see Service Quotas, {each} by {each}"
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
    iam = [one for one in stack.resources.values() if one.type.startswith("AWS::IAM::")]
    named = [one for one in iam if any(name in one.properties for name in _NAMES)]
    if named:
        needed["CAPABILITY_NAMED_IAM"] = "names " + ", ".join(one.name for one in named[:3])
    elif iam:
        needed["CAPABILITY_IAM"] = f"{len(iam)} IAM resources"
    nested = any(one.type == "AWS::CloudFormation::Stack" for one in stack.resources.values())
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
