"""Compare two reports' worth of facts: resources, rights, exposure, cost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from review.changes.leaves import HASH, differing
from review.changes.rights import exposures, rights
from review.node import NodeError, run_script
from review.sections import cost
from review.sections.data import is_stateful, policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.model import Assembly, Resource
    from review.report import Sections

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


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What the head does that the base did not. `missing`: why resources were not compared."""

    base: str
    resources: tuple[Change, ...] = ()
    rights_added: tuple[str, ...] = ()
    rights_removed: tuple[str, ...] = ()
    exposed: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    dollars_before: float = 0.0
    dollars_after: float = 0.0
    cost_lines: tuple[str, ...] = ()
    missing: str = ""

    @property
    def losing(self) -> tuple[Change, ...]:
        """Return the changes that lose data."""
        return tuple(one for one in self.resources if one.data == "lost")


def compare(base: Assembly, head: Assembly, before: Sections, after: Sections) -> Changes:
    """Compare two assemblies and their sections."""
    try:
        resources, missing = tuple(_resources(base, head)), ""
    except NodeError as error:
        resources, missing = (), str(error)
    added, removed = rights(before, after)
    seen, sees = exposures(before), exposures(after)
    return Changes(
        base=str(base.root),
        resources=resources,
        rights_added=added,
        rights_removed=removed,
        exposed=tuple(one for one in sees if one not in seen),
        closed=tuple(one for one in seen if one not in sees),
        dollars_before=cost.total(before.cost),
        dollars_after=cost.total(after.cost),
        cost_lines=tuple(_cost_lines(before, after)),
        missing=missing,
    )


def _resources(base: Assembly, head: Assembly) -> list[Change]:
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
    answers = run_script(_SCRIPT, pairs, package="@aws-cdk/cloudformation-diff")
    changes = []
    for name, answer in zip(names, answers, strict=True):
        for one in answer:
            stack = new.get(name) or old[name]
            logical_id = one["logicalId"]
            was = old[name].resources.get(logical_id) if name in old else None
            now = stack.resources.get(logical_id)
            changes.append(_change(one, now or was, was))
    return sorted(
        changes,
        # What a reader must not miss comes first, for a comment shows some rows only.
        key=lambda one: (one.data != "lost", _ORDER.index(one.action), one.stack, one.name),
    )


def _change(answer: dict[str, Any], shown: Resource | None, was: Resource | None) -> Change:
    properties, because = [], []
    for one in answer["properties"]:
        impact = _ACTIONS.get(one.get("impact") or "", "")
        if impact in {"replaced", "perhaps replaced"}:
            because.append(one["name"])
        leaves = differing(one["name"], one.get("before"), one.get("after"))
        properties += [(*leaf, impact) for leaf in leaves]
    action = _ACTIONS.get(answer["impact"], "updated")
    minor = {_minor(one) for one in properties} if action == "updated" else set()
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


def _cost_lines(before: Sections, after: Sections) -> list[str]:
    def known(rows: Sequence[cost.Row]) -> dict[str, str]:
        said = {}
        for row in rows:
            if row.basis == "unknown":
                said[f"{row.stack}/{row.name}"] = "unknown"
            elif row.dollars:
                said[f"{row.stack}/{row.name}"] = f"${row.dollars:,.2f} a month"
        return said

    old, new = known(before.cost), known(after.cost)
    return [
        f"{key}: {old.get(key, 'nothing')} becomes {new.get(key, 'nothing')}"
        for key in dict.fromkeys([*new, *old])
        if old.get(key) != new.get(key)
    ]
