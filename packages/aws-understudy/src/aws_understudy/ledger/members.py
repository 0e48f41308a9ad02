"""Walks the members that an operation has in botocore's model, and says which are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_understudy.ledger.entries import Entry

_DEEPEST: Final = 8
"""Structures in each other that are walked; some shapes hold themselves."""


def member_paths(shape: Any, path: str = "", above: tuple[str, ...] = ()) -> Iterator[str]:
    """Every path of a request that has no members below it, lists and maps passed through."""
    if shape is None:
        return
    if shape.type_name == "list":
        yield from member_paths(shape.member, path, above)
    elif shape.type_name == "map":
        yield from member_paths(shape.value, path, above)
    elif (
        shape.type_name != "structure"
        or shape.name in above
        or len(above) == _DEEPEST
        or (path and not shape.members)
    ):
        yield path
    else:
        for name, member in shape.members.items():
            below = f"{path}.{name}" if path else name
            yield from member_paths(member, below, (*above, shape.name))


def role_of(entry: Entry, path: str) -> str:
    """What becomes of a member: ``acts``, ``kept``, ``idle`` or ``refused``."""
    for role, paths in (("acts", entry.acts), ("kept", entry.kept), ("idle", tuple(entry.idle))):
        if any(path == listed or path.startswith(f"{listed}.") for listed in paths):
            return role
    return "refused"
