"""Read a stack's metadata in a cloud assembly: construct paths, lines of code, acknowledgements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stackverdict.model import Acknowledgement

if TYPE_CHECKING:
    from collections.abc import Mapping

_FRAME = re.compile(r"\(?((?:/|[A-Za-z]:\\)?[^()\s]+?\.(?:py|ts|js|mjs|java|cs|go)):(\d+)")
_NOT_THEIRS = ("node_modules", "node:", "site-packages", "aws-cdk-lib", "jsii")


@dataclass(frozen=True, kw_only=True)
class ConstructFacts:
    """What a stack's metadata says, by logical id."""

    paths: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    acknowledgements: tuple[Acknowledgement, ...] = ()


def read_metadata(metadata: Mapping[str, Any], *, stack: str) -> ConstructFacts:
    """Collect the facts from a stack's `metadata` (manifest) or its additional metadata file."""
    paths: dict[str, str] = {}
    code: dict[str, str] = {}
    acknowledgements: list[Acknowledgement] = []
    for path, listed in metadata.items():
        if not isinstance(listed, list):
            continue
        construct = path.removeprefix("/")
        entries = [entry for entry in listed if isinstance(entry, dict)]
        frame = next(
            (user_line for entry in entries if (user_line := user_frame(_trace(entry)))), ""
        )
        for entry in entries:
            data = entry.get("data")
            if entry.get("type") == "aws:cdk:logicalId" and isinstance(data, str):
                paths[data] = construct
                if frame:
                    code[data] = frame
            elif entry.get("type") == "aws:cdk:acknowledged-rules" and isinstance(data, dict):
                acknowledgements.extend(
                    Acknowledgement(rule=rule, path=construct, reason=str(reason), stack=stack)
                    for rule, reason in data.items()
                )
    return ConstructFacts(paths=paths, code=code, acknowledgements=tuple(acknowledgements))


def user_frame(trace: object) -> str:
    """Return the first frame of a stack trace that is the user's own, as file:line, or ""."""
    lines = trace if isinstance(trace, list) else str(trace or "").splitlines()
    for line in lines:
        match = _FRAME.search(str(line))
        if match and not any(part in match.group(1) for part in _NOT_THEIRS):
            return f"{match.group(1)}:{match.group(2)}"
    return ""


def _trace(entry: Mapping[str, Any]) -> object:
    if entry.get("type") == "aws:cdk:creationStack":
        return entry.get("data")
    return entry.get("trace")
