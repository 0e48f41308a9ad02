"""What a statement answers: columns and rows as text, and the kind of its result object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.athena_types import column_info, column_of
from aws_understudy.services.athena.text_rows import TextRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_understudy.services.athena.sql.select import Answer


@dataclass(kw_only=True)
class Outcome:
    """The result of a statement."""

    columns: list[dict[str, Any]] = field(default_factory=list)
    """ColumnInfo of each column."""
    rows: Sequence[list[str | None]] = field(default_factory=list)
    has_header: bool = False
    """Whether the first row that GetQueryResults gives is the names: so for queries."""
    update_count: int = 0
    data_files: list[str] = field(default_factory=list)
    """Addresses of the files that the statement wrote, for its manifest."""

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [c["Name"] for c in self.columns]


def of_answer(answer: Answer) -> Outcome:
    """Make the outcome of a query."""
    columns = [
        column_of(name=name, kind=kind)
        for name, kind in zip(answer.names, answer.types, strict=True)
    ]
    rows = TextRows(answer.rows, answer.types)
    return Outcome(columns=columns, rows=rows, has_header=True)


def of_lines(*, name: str, lines: Sequence[str]) -> Outcome:
    """Make the outcome of a SHOW or DESCRIBE: one column of text."""
    return Outcome(columns=[column_info(name=name, kind="string")], rows=[[x] for x in lines])
