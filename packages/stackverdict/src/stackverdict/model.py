"""What the rest of the package reads: an assembly of stacks of resources, immutable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource of a template.

    `path` is the construct path ("" when the template was written by hand), `line` its line in
    the template, `code` the line of the program that created it where the assembly tells.
    """

    stack: str
    logical_id: str
    type: str
    body: Mapping[str, Any]
    path: str = ""
    line: int = 0
    code: str = ""

    @property
    def key(self) -> str:
        """Name the resource uniquely in the assembly."""
        return f"{self.stack}/{self.logical_id}"

    @property
    def properties(self) -> Mapping[str, Any]:
        """Return the properties, empty when there are none or an intrinsic stands for them all."""
        value = self.body.get("Properties")
        return value if isinstance(value, dict) else {}

    @property
    def condition(self) -> str:
        """Return the condition under which the resource exists, "" for always."""
        return str(self.body.get("Condition") or "")

    @property
    def name(self) -> str:
        """Return the short name a reader would use: the construct's, else the logical id."""
        parts = [part for part in self.path.split("/")[1:] if part not in {"Resource", "Default"}]
        return "/".join(parts) or self.logical_id


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """A finding somebody accepted: the rule's id, the construct that bears it, and why."""

    rule: str
    path: str
    reason: str
    stack: str = ""
    logical_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One template and what the assembly says about it."""

    name: str
    file: str
    template: Mapping[str, Any]
    resources: Mapping[str, Resource]
    size: int
    account: str = ""
    region: str = ""
    parent: str = ""
    termination_protection: bool | None = None
    acknowledgements: tuple[Acknowledgement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """Every stack of one application, the validators' report it carries, and what was not read."""

    root: Path
    stacks: tuple[Stack, ...]
    notes: tuple[str, ...] = ()
    validation: Mapping[str, Any] = field(default_factory=dict)

    def resources(self, *types: str) -> Iterator[Resource]:
        """Yield every resource, or those of the given types, in the templates' order."""
        for stack in self.stacks:
            for resource in stack.resources.values():
                if not types or resource.type in types:
                    yield resource

    def stack(self, name: str) -> Stack:
        """Return the stack of that name; KeyError when there is none."""
        for stack in self.stacks:
            if stack.name == name:
                return stack
        raise KeyError(name)

    def path_of(self, stack: Stack) -> Path:
        """Return where a stack's template lies."""
        return self.root / stack.file
