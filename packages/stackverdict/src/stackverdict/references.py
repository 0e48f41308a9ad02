"""Resolve names in templates to resources, across stacks: exports, nested parameters, outputs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from stackverdict.intrinsics import names_in, text

if TYPE_CHECKING:
    from stackverdict.model import Assembly, Resource, Stack

_NAMED = re.compile(r"\$\{([^{}]+)\}")
_MAX_HOPS = 12  # a parameter of a nested stack of a nested stack ... ends


class References:
    """The names of one assembly. Build it once; `of` and `first` answer for any value."""

    def __init__(self, assembly: Assembly) -> None:
        self._stacks = {stack.name: stack for stack in assembly.stacks}
        self._exports: dict[str, tuple[Stack, Any]] = {}
        for stack in assembly.stacks:
            for output in _mapping(stack.template.get("Outputs")).values():
                export = _mapping(_mapping(output).get("Export")).get("Name")
                if export is not None:
                    self._exports[text(export)] = (stack, _mapping(output).get("Value"))

    def of(self, value: Any, stack: str, *, _hops: int = 0) -> list[Resource]:
        """Return the resources a value of that stack's template refers to, in its order."""
        home = self._stacks.get(stack)
        if home is None or _hops > _MAX_HOPS:
            return []
        resources: dict[str, Resource] = {}
        for kind, name in names_in(value):
            for resource in self._named(kind, name, home, _hops):
                resources.setdefault(resource.key, resource)
        return list(resources.values())

    def first(self, value: Any, stack: str) -> Resource | None:
        """Return the first resource a value refers to, or None."""
        resources = self.of(value, stack)
        return resources[0] if resources else None

    def display(self, value: Any, stack: str, *, _hops: int = 0) -> str:
        """Write a value for people: names of constructs in place of logical ids and exports."""
        home = self._stacks.get(stack)
        if home is None or _hops > _MAX_HOPS:
            return text(value)

        def name(match: re.Match[str]) -> str:
            inner = match[1]
            if inner in self._exports:
                other, exported = self._exports[inner]
                shown = self.display(exported, other.name, _hops=_hops + 1)
                if shown.startswith("${") and not shown.startswith("${AWS::"):
                    return "${" + f"{other.name}/" + shown[2:]
                return shown
            logical_id, dot, attribute = inner.partition(".")
            resource = home.resources.get(logical_id)
            return f"${{{resource.name}{dot}{attribute}}}" if resource else match[0]

        return _NAMED.sub(name, text(value))

    def _named(self, kind: str, name: str, home: Stack, hops: int) -> list[Resource]:
        if kind == "local":
            if resource := home.resources.get(name):
                return [resource]
            return self._parameter(name, home, hops)
        if kind == "import" and name in self._exports:
            stack, value = self._exports[name]
            return self.of(value, stack.name, _hops=hops + 1)
        if kind == "output":
            stack_name, _, output = name.rpartition("/")
            if stack_name in self._stacks:
                value = _mapping(self._stacks[stack_name].template.get("Outputs")).get(output)
                return self.of(value, stack_name, _hops=hops + 1)
        return []

    def _parameter(self, name: str, home: Stack, hops: int) -> list[Resource]:
        parent = self._stacks.get(home.parent)
        if parent is None:
            return []
        nested = parent.resources.get(home.name.rpartition("/")[2])
        value = _mapping(nested.properties.get("Parameters")).get(name) if nested else None
        return self.of(value, parent.name, _hops=hops + 1)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
