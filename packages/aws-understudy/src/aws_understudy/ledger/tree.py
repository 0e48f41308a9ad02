"""The members that an operation takes, as a tree by the names that they have on the wire.

The tree holds what the ledger lists, so it is small beside botocore's model, which is read once
and let go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aws_understudy.ledger.entries import Entry

STRUCTURE: Final = "structure"
LIST: Final = "list"
MAP: Final = "map"
SCALAR: Final = "scalar"


class NoSuchMemberError(ValueError):
    """A ledger lists a member that the operation does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a value may be."""

    values: tuple[Any, ...] = ()
    """Nothing else, where there are any."""
    least: float | None = None
    most: float | None = None
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One member, or what an operation takes as a whole."""

    path: str
    kind: str
    whole: bool = False
    """Whether all that lies below it is taken, unread."""
    members: Mapping[str, Node] = field(default_factory=dict)
    """Of a structure, by their names on the wire."""
    item: Node | None = None
    """Of a list or a map."""
    marks: tuple[str, ...] = ()
    """How a form or XML calls an item of a list, or an entry, key and value of a map."""
    limits: Limits = field(default_factory=Limits)

    def names(self) -> list[str]:
        """The members that may stand here, by their names in the ledger."""
        return sorted(child.path.rpartition(".")[2] for child in self.members.values())


@dataclass(frozen=True, kw_only=True)
class Growth:
    """Grows trees for one operation."""

    entry: Entry
    protocol: str
    checks_shapes: bool

    def tree(self, shape: Any) -> Node:
        """The whole request.

        Raises:
            NoSuchMemberError: the ledger lists a member that the shape does not have.
        """
        if shape is None:
            listed: dict[str, Any] = _nested(self.entry.taken)
            if listed:
                raise NoSuchMemberError(f"{self.entry.operation} takes nothing")
            return Node(path="", kind=STRUCTURE)
        return self._node(shape, _nested(self.entry.taken), "")

    def _node(self, shape: Any, listed: dict[str, Any], path: str) -> Node:
        kind = shape.type_name if shape.type_name in {STRUCTURE, LIST, MAP} else SCALAR
        if kind == STRUCTURE:
            if not listed and path:
                return Node(path=path, kind=kind, whole=True)
            return Node(path=path, kind=kind, members=self._members(shape, listed, path))
        if kind == SCALAR:
            if listed:
                raise NoSuchMemberError(f"{self.entry.operation}: {path} has no members")
            return Node(path=path, kind=kind, limits=self._limits(shape, path))
        element = shape.member if kind == LIST else shape.value
        marks = self._list_marks(shape) if kind == LIST else self._map_marks(shape)
        return Node(path=path, kind=kind, item=self._node(element, listed, path), marks=marks)

    def _members(self, shape: Any, listed: dict[str, Any], path: str) -> dict[str, Node]:
        unknown = sorted(set(listed) - set(shape.members))
        if unknown:
            raise NoSuchMemberError(
                f"{self.entry.operation}: {path or 'the request'} has no {', '.join(unknown)}"
            )
        return {
            self._wire_name(name, shape.members[name]): self._node(
                shape.members[name], below, f"{path}.{name}" if path else name
            )
            for name, below in listed.items()
        }

    def _wire_name(self, name: str, shape: Any) -> str:
        serialization = shape.serialization
        if self.protocol == "ec2":
            plain = serialization.get("queryName") or serialization.get("name", name)
            return str(plain[0].upper() + plain[1:])
        if self.protocol == "query" and shape.type_name == LIST and serialization.get("flattened"):
            return str(shape.member.serialization.get("name") or serialization.get("name", name))
        return str(serialization.get("name", name))

    def _list_marks(self, shape: Any) -> tuple[str, ...]:
        if self.protocol == "ec2" or shape.serialization.get("flattened"):
            return ()
        return (shape.member.serialization.get("name", "member"),)

    def _map_marks(self, shape: Any) -> tuple[str, ...]:
        entry = () if shape.serialization.get("flattened") else ("entry",)
        key = shape.key.serialization.get("name", "key")
        return (*entry, key, shape.value.serialization.get("name", "value"))

    def _limits(self, shape: Any, path: str) -> Limits:
        metadata = shape.metadata
        values = self.entry.only.get(path) or tuple(metadata.get("enum", ()))
        if not self.checks_shapes or shape.type_name in {"blob", "timestamp"}:
            return Limits(values=values)
        return Limits(
            values=values,
            least=metadata.get("min"),
            most=metadata.get("max"),
            pattern=_pattern(metadata.get("pattern")),
        )


def _pattern(text: str | None) -> re.Pattern[str] | None:
    """The pattern, if it is one: some of the models' are written for other engines."""
    if not text:
        return None
    try:
        return re.compile(text)
    except re.error:
        return None


def _nested(paths: Iterable[str]) -> dict[str, Any]:
    """Paths as dictionaries in each other; what ends a path holds an empty one."""
    nested: dict[str, Any] = {}
    for path in sorted(paths):
        place = nested
        for name in path.split("."):
            place = place.setdefault(name, {})
    return nested
