"""What Athena answers to a statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one statement."""

    execution_id: str
    output_location: str
    bytes_scanned: int
    milliseconds: int
    columns: list[str]
    rows: list[list[Any]]
