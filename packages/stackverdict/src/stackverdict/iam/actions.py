"""Class IAM actions: what they let somebody do, and whether AWS lets them be narrowed.

The catalogue is the service authorization data that the parliament package carries. Without the
package an action is classed by its verb, and none counts as impossible to narrow.
"""

from __future__ import annotations

import fnmatch
import functools
import importlib.util
import json
import re
from pathlib import Path
from typing import NamedTuple

_LEVELS = {
    "List": "read",
    "Read": "read",
    "Write": "write",
    "Tagging": "write",
    "Permissions management": "permissions",
}
_RANK = {"unknown": 0, "read": 1, "write": 2, "permissions": 3, "all": 4}
_READ_VERB = re.compile(
    r"^(Get|List|Describe|BatchGet|Query|Scan|Search|Select|Read|Lookup|View|Head|Filter|Check)"
)
_PERMISSION_VERB = re.compile(r"(Policy|Permission|Permissions|PassRole|AssumeRole.*|Grant)$")


class Action(NamedTuple):
    """What the catalogue says of one action."""

    level: str
    narrowable: bool


@functools.cache
def _catalogue() -> dict[str, dict[str, Action]]:
    spec = importlib.util.find_spec("parliament")
    if spec is None or not spec.submodule_search_locations:
        return {}
    path = Path(next(iter(spec.submodule_search_locations))) / "iam_definition.json"
    services: dict[str, dict[str, Action]] = {}
    for service in json.loads(path.read_text(encoding="utf-8")):
        actions = services.setdefault(service["prefix"], {})
        for privilege in service["privileges"]:
            actions[privilege["privilege"].lower()] = Action(
                _level_of(privilege),
                any(kind["resource_type"] for kind in privilege["resource_types"]),
            )
    return services


def _level_of(privilege: dict[str, str]) -> str:
    if privilege["privilege"] == "PassRole":  # catalogued as Write, yet it hands on rights
        return "permissions"
    return _LEVELS.get(privilege["access_level"], "write")


@functools.cache
def matching(action: str) -> tuple[tuple[str, Action], ...]:
    """Return the catalogued actions, as (name in lower case, Action), that a pattern covers."""
    service, _, name = action.lower().partition(":")
    actions = _catalogue().get(service, {})
    if not any(sign in name for sign in "*?"):
        return ((name, actions[name]),) if name in actions else ()
    return tuple(pair for pair in actions.items() if fnmatch.fnmatchcase(pair[0], name))


@functools.cache
def level(action: str) -> str:
    """Return "read", "write", "permissions" or "all": the most that the action pattern allows."""
    service, _, name = action.partition(":")
    if action == "*" or name == "*" or service == "*":
        return "all"
    if covered := matching(action):
        return max((action_facts.level for _, action_facts in covered), key=_RANK.__getitem__)
    if _PERMISSION_VERB.search(name):
        return "permissions"
    return "read" if _READ_VERB.search(name) else "write"


@functools.cache
def narrowable(action: str) -> bool:
    """Tell whether some action of the pattern can be limited to named resources."""
    covered = matching(action)
    return any(action_facts.narrowable for _, action_facts in covered) if covered else bool(action)


def strongest(levels: set[str]) -> str:
    """Return the strongest of some levels, "" for none."""
    return max(levels, key=_RANK.__getitem__, default="")


def service_of(action: str) -> str:
    """Return the service an action belongs to; "*" for every one."""
    return "*" if action == "*" else action.partition(":")[0]
