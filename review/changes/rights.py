"""Compare rights and exposure as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from review.changes.leaves import HASH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from review.report import Sections

_DENIED = "): Deny "


def rights(before: Sections, after: Sections) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what may be done now and what no longer; a denial counts the other way round."""
    old, new = _rights(before), _rights(after)
    come, gone = [one for one in new if one not in old], [one for one in old if one not in new]
    added = [one for one in come if _DENIED not in one]
    added += [f"no longer denied: {one}" for one in gone if _DENIED in one]
    removed = [one for one in gone if _DENIED not in one]
    removed += [f"now denied: {one}" for one in come if _DENIED in one]
    return tuple(added), tuple(removed)


def _rights(sections: Sections) -> list[str]:
    """Write every right; an asset's hash is left out, or each new build would be a new right."""
    return _lines(
        sections.access,
        lambda row: HASH.sub(
            "(asset)",
            f"{row.stack}/{row.holder} ({row.kind}): {row.effect} {', '.join(row.actions)}"
            f" on {', '.join(row.resources) or 'itself'}"
            + (f" for {', '.join(row.principals)}" if row.principals else "")
            + (f" if {row.condition}" if row.condition else ""),
        ),
    )


def exposures(sections: Sections) -> list[str]:
    """Write everything the internet reaches or has a way to."""
    reachable = [row for row in sections.exposure if row.reach != "closed"]
    return _lines(reachable, lambda row: f"{row.stack}/{row.name}: {row.what}")


def _lines(rows: Iterable[Any], write: Callable[[Any], str]) -> list[str]:
    return list(dict.fromkeys(write(row) for row in rows))
