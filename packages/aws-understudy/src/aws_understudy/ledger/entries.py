"""Reads a ledger: the operations of one service that are answered, and their members."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_SETTINGS: Final = {"service", "signing_names", "error", "checks_shapes"}
_PARTS: Final = {"acts", "kept", "idle", "only", "refused", "note"}
_GROUP: Final = re.compile(r"(.*?)\{([^{}]*)\}(.*)")

NOT_ACTED_ON: Final = "the understudy does not act on it"
"""Why a member is refused that no ledger names."""


class LedgerError(ValueError):
    """A ledger that cannot be read, or that says of a member two things."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One operation. Members are paths such as ``ResourceConfig.InstanceCount``.

    A path passes through lists and maps without a word, and stands for all that lies below it.
    """

    operation: str
    acts: tuple[str, ...]
    """Acted on, or checked, as AWS does."""
    kept: tuple[str, ...]
    """Kept and shown again; nothing follows from them."""
    idle: Mapping[str, str]
    """Taken without an effect that a caller could miss, with the reason."""
    only: Mapping[str, tuple[Any, ...]]
    """Members that may have these values and no other."""
    refused: Mapping[str, str]
    """Members that are refused for a reason of their own; all that is not listed is refused."""
    note: str

    @property
    def taken(self) -> tuple[str, ...]:
        """Every path that a request may have."""
        return (*self.acts, *self.kept, *self.idle)

    def reason(self, path: str) -> str:
        """Why a member is refused."""
        while path:
            if path in self.refused:
                return self.refused[path]
            path = path.rpartition(".")[0]
        return NOT_ACTED_ON


@dataclass(frozen=True, kw_only=True)
class ServiceLedger:
    """The operations of one service, by name."""

    service: str
    """As botocore names its model, such as ``sagemaker-runtime``."""
    signing_names: tuple[str, ...]
    """The services that its clients' signatures name."""
    error: str
    """The code with which the service refuses a member."""
    checks_shapes: bool
    """Whether values are held against the lengths, ranges and patterns of botocore's model."""
    entries: Mapping[str, Entry]


def read_ledger(path: Path) -> ServiceLedger:
    """Read the ledger in a file.

    Raises:
        LedgerError: it is no ledger.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    settings = {name: tables.pop(name) for name in _SETTINGS & set(tables)}
    if "service" not in settings:
        raise LedgerError(f"{path} has no service; name the service as botocore does.")
    entries = {name: _entry(name, table, path) for name, table in tables.items()}
    return ServiceLedger(
        service=settings["service"],
        signing_names=tuple(settings.get("signing_names", [settings["service"]])),
        error=settings.get("error", "ValidationException"),
        checks_shapes=settings.get("checks_shapes", False),
        entries=entries,
    )


def _entry(operation: str, table: Mapping[str, Any], path: Path) -> Entry:
    unknown = set(table) - _PARTS
    if unknown:
        parts = ", ".join(sorted(_PARTS))
        raise LedgerError(f"{path}: {operation} has {', '.join(sorted(unknown))}; it takes {parts}")
    entry = Entry(
        operation=operation,
        acts=_paths(table.get("acts", ())),
        kept=_paths(table.get("kept", ())),
        idle=_by_path(table.get("idle", {})),
        only={name: tuple(values) for name, values in table.get("only", {}).items()},
        refused=_by_path(table.get("refused", {})),
        note=table.get("note", ""),
    )
    listed = (*entry.taken, *entry.refused)
    twice = sorted({name for name in listed if listed.count(name) > 1})
    if twice:
        raise LedgerError(f"{path}: {operation} lists {', '.join(twice)} more than once")
    return entry


def _paths(patterns: Sequence[str]) -> tuple[str, ...]:
    return tuple(path for pattern in patterns for path in _spelt_out(pattern))


def _by_path(reasons: Mapping[str, str]) -> dict[str, str]:
    return {path: reason for names, reason in reasons.items() for path in _spelt_out(names)}


def _spelt_out(pattern: str) -> list[str]:
    """Each path of a pattern: ``A.{B,C}`` stands for ``A.B`` and ``A.C``."""
    group = _GROUP.fullmatch(pattern)
    if group is None:
        return [pattern]
    before, names, after = group.groups()
    return [
        path for name in names.split(",") for path in _spelt_out(f"{before}{name.strip()}{after}")
    ]
