"""Walks the members of a request along the tree of what its operation takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from aws_understudy.ledger.tree import MAP, SCALAR, STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from xml.etree.ElementTree import Element

    from aws_understudy.ledger.tree import Node


class UnlistedError(ValueError):
    """A member that the ledger does not list."""

    def __init__(self, path: str, among: Sequence[str]) -> None:
        super().__init__(path)
        self.path = path
        self.among = among
        """What may stand in its place."""


class WrongValueError(ValueError):
    """A value that a member may not have."""

    def __init__(self, path: str, value: object, allowed: str) -> None:
        super().__init__(path)
        self.path = path
        self.value = value
        self.allowed = allowed


def never(_value: object) -> bool:
    """No value is still open."""
    return False


def visit_json(node: Node, value: Any, *, is_open: Callable[[object], bool] = never) -> None:
    """Hold a JSON value against a member; ``is_open`` says of what will be known only later.

    Raises:
        UnlistedError: it has a member that is not listed.
        WrongValueError: a value is not allowed.
    """
    if value is None or node.whole or is_open(value):
        return
    if node.kind == SCALAR:
        check_value(node, value)
    elif node.kind == STRUCTURE and isinstance(value, dict):
        for name, item in value.items():
            if item is not None:
                visit_json(child_of(node, name), item, is_open=is_open)
    elif node.item is not None:
        items = value.values() if isinstance(value, dict) else value
        for item in items if isinstance(items, Iterable) and not isinstance(items, str) else ():
            visit_json(node.item, item, is_open=is_open)


def visit_form(node: Node, name: str, value: str) -> None:
    """Hold one field of a form, as ``Tags.member.1.Key``, against a request.

    Raises:
        UnlistedError: the field is of a member that is not listed.
        WrongValueError: the value is not allowed.
    """
    parts = name.split(".")
    while parts and not node.whole:
        if node.kind == STRUCTURE:
            node = child_of(node, parts.pop(0))
        elif node.item is None:
            raise UnlistedError(name, ())
        elif _is_key(node, parts):
            return
        else:
            node = node.item
    if node.kind == SCALAR and not node.whole:
        check_value(node, value)


def _is_key(node: Node, parts: list[str]) -> bool:
    """Take away what leads to an item of a list or map; whether it leads to a key of a map."""
    separators = node.marks[:-2] if node.kind == MAP else node.marks
    if parts and parts[0] in separators:
        parts.pop(0)
    if parts and parts[0].isdecimal():
        parts.pop(0)
    return node.kind == MAP and bool(parts) and parts.pop(0) == node.marks[-2]


def visit_xml(node: Node, element: Element) -> None:
    """Hold an XML element against a member.

    Raises:
        UnlistedError: it has a member that is not listed.
        WrongValueError: a value is not allowed.
    """
    if node.whole:
        return
    if node.kind == SCALAR:
        check_value(node, element.text or "")
    elif node.kind == STRUCTURE:
        for child in element:
            visit_xml(child_of(node, child.tag.rpartition("}")[2]), child)
    elif node.item is not None:
        for item in element if node.marks else (element,):
            visit_xml(node.item, item)


def child_of(node: Node, name: str) -> Node:
    """The member of a structure with this name on the wire.

    Raises:
        UnlistedError: the ledger does not list it.
    """
    child = node.members.get(name)
    if child is None:
        raise UnlistedError(f"{node.path}.{name}" if node.path else name, node.names())
    return child


def check_value(node: Node, value: Any) -> None:
    """Hold a value against what its member may be.

    Raises:
        WrongValueError: it may not be that.
    """
    limits = node.limits
    if limits.values and not _is_among(value, limits.values):
        raise WrongValueError(node.path, value, ", ".join(map(_word, limits.values)))
    if limits.least is None and limits.most is None and limits.pattern is None:
        return
    _check_shape(node, value)


def _check_shape(node: Node, value: Any) -> None:
    limits = node.limits
    is_text = isinstance(value, str)
    size = len(value) if is_text else value
    if isinstance(size, bool) or not isinstance(size, int | float):
        return
    what = "characters" if is_text else "as a number"
    if limits.least is not None and size < limits.least:
        raise WrongValueError(node.path, value, f"{limits.least} or more ({what})")
    if limits.most is not None and size > limits.most:
        raise WrongValueError(node.path, value, f"{limits.most} or less ({what})")
    if is_text and limits.pattern is not None and not limits.pattern.fullmatch(value):
        raise WrongValueError(node.path, value, f"what matches {limits.pattern.pattern}")


def _is_among(value: Any, values: Sequence[Any]) -> bool:
    return value in values or (isinstance(value, str) and value in map(_word, values))


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
