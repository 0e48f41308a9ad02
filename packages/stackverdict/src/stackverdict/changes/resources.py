"""What becomes of each resource: the engine of `cdk diff`, narrowed down to what differs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stackverdict.intrinsics import text
from stackverdict.sections.data import is_stateful, policy

if TYPE_CHECKING:
    from stackverdict.model import Assembly, Resource
    from stackverdict.node import Node

HASH = re.compile(r"[0-9a-f]{64}")  # of an asset's contents
_SCRIPT = Path(__file__).with_name("diff.mjs")
_ACTIONS = {
    "WILL_CREATE": "added",
    "WILL_DESTROY": "removed",
    "WILL_ORPHAN": "left behind",
    "WILL_REPLACE": "replaced",
    "MAY_REPLACE": "perhaps replaced",
    "WILL_UPDATE": "updated",
    "WILL_IMPORT": "imported",
}
_ORDER = (
    "removed",
    "left behind",
    "replaced",
    "perhaps replaced",
    "added",
    "imported",
    "updated",
)
_EMPTY: dict[str, Any] = {"Resources": {}}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One changed resource. `data` says what happens to what it holds: lost, kept or ""."""

    stack: str
    name: str
    logical_id: str
    type: str
    action: str
    properties: tuple[tuple[str, str, str, str], ...]
    because: tuple[str, ...]
    data: str
    minor: bool


def changed_resources(base: Assembly, head: Assembly, node: Node) -> list[Change]:
    """Compare the resources of two assemblies; raises NodeError when the engine cannot run."""
    old = {stack.name: stack for stack in base.stacks}
    new = {stack.name: stack for stack in head.stacks}
    names = list(dict.fromkeys([*new, *old]))
    pairs = [
        {
            "before": old[name].template if name in old else _EMPTY,
            "after": new[name].template if name in new else _EMPTY,
        }
        for name in names
    ]
    answers = node.run(_SCRIPT, pairs, package="@aws-cdk/cloudformation-diff")
    changes = []
    for name, answer in zip(names, answers, strict=True):
        for change in answer:
            stack = new.get(name) or old[name]
            logical_id = change["logicalId"]
            was = old[name].resources.get(logical_id) if name in old else None
            now = stack.resources.get(logical_id)
            changes.append(_change(change, now or was, was))
    return sorted(
        changes,
        # What a reader must not miss comes first, for a comment shows some rows only.
        key=lambda change: (
            change.data != "lost",
            _ORDER.index(change.action),
            change.stack,
            change.name,
        ),
    )


def _change(answer: dict[str, Any], shown: Resource | None, was: Resource | None) -> Change:
    properties, because = [], []
    for difference in answer["properties"]:
        impact = _ACTIONS.get(difference.get("impact") or "", "")
        if impact in {"replaced", "perhaps replaced"}:
            because.append(difference["name"])
        leaves = differing(difference["name"], difference.get("before"), difference.get("after"))
        properties += [(*leaf, impact) for leaf in leaves]
    action = _ACTIONS.get(answer["impact"], "updated")
    minor = {_minor(leaf) for leaf in properties} if action == "updated" else set()
    return Change(
        stack=shown.stack if shown else "",
        name=shown.name if shown else answer["logicalId"],
        logical_id=answer["logicalId"],
        type=answer.get("after") or answer.get("before") or "",
        action=action,
        properties=tuple(properties),
        because=tuple(because),
        data=_data(action, was),
        minor=bool(minor) and all(minor),
    )


def _data(action: str, was: Resource | None) -> str:
    kinds = {
        "removed": "DeletionPolicy",
        "replaced": "UpdateReplacePolicy",
        "perhaps replaced": "UpdateReplacePolicy",
        "left behind": "DeletionPolicy",
    }
    if was is None or action not in kinds or not is_stateful(was.type):
        return ""
    return "lost" if policy(was, kinds[action]).startswith("Delete") else "kept"


def _minor(change: tuple[str, str, str, str]) -> bool:
    """Tell whether a change is of a tag, or of nothing but an asset's hash."""
    place, before, after, _ = change
    if place.partition("/")[0] in {"Metadata", "Tags", "ResourceTags"}:
        return True
    return bool(HASH.search(before)) and HASH.sub("", before) == HASH.sub("", after)


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
