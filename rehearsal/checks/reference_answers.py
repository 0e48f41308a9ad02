"""Answers the queries a second way: other SQL, in DuckDB, on the files as they were given."""

from __future__ import annotations

from decimal import Decimal
from math import isclose
from typing import TYPE_CHECKING, Any

import duckdb

from rehearsal.checks.relation import relation
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config.query_file import NamedQuery
    from rehearsal.data.prepare import PreparedData

RELATIVE_ERROR = 1e-9
"""Sums of floating-point numbers depend on their order."""
CENT = 0.0100001
"""A sum of half a cent may be rounded either way."""

Row = list[Any]


def reference_of(query: NamedQuery) -> Path | None:
    """The file of a query's second way, if there is one."""
    path = query.path.parent / "reference" / query.path.name
    return path if path.is_file() else None


class ReferenceAnswers:
    """DuckDB over the given files, not the uploaded ones: the preparation is checked as well."""

    def __init__(self, data: Mapping[str, PreparedData]) -> None:
        self._connection = duckdb.connect()
        for name, prepared in data.items():
            parts = " UNION ALL BY NAME ".join(relation(file) for file in prepared.files)
            self._connection.execute(f"CREATE VIEW {name}_files AS {parts}")

    def rows(self, reference: Path) -> list[Row]:
        """The rows of a reference, whose views are called ``DATASET_files``.

        Raises:
            RehearsalError: DuckDB refuses it.
        """
        sql = reference.read_text(encoding="utf-8")
        try:
            return [list(row) for row in self._connection.execute(sql).fetchall()]
        except duckdb.Error as error:
            raise RehearsalError(f"{reference}: {error}") from None


def difference(answered: Sequence[Row], expected: Sequence[Row], *, ordered: bool) -> str:
    """Say how two answers differ; empty when they agree."""
    if len(answered) != len(expected):
        return f"{len(answered)} rows instead of {len(expected)}"
    if not ordered:
        answered, expected = sorted(answered, key=_place), sorted(expected, key=_place)
    for number, (row, reference) in enumerate(zip(answered, expected, strict=True), start=1):
        if len(row) != len(reference) or not all(map(_same, row, reference)):
            return f"row {number} is {row} instead of {reference}"
    return ""


def _place(row: Row) -> tuple[str, ...]:
    # Seven digits: enough to tell rows apart, too few for an order of summing to show.
    return tuple(
        f"{value:.6e}" if isinstance(value, float | Decimal) else repr(value) for value in row
    )


def _same(answered: Any, expected: Any) -> bool:
    if isinstance(answered, Decimal):
        return expected is not None and abs(float(answered) - float(expected)) <= CENT
    if isinstance(answered, float) and isinstance(expected, int | float):
        return isclose(answered, expected, rel_tol=RELATIVE_ERROR)
    return bool(answered == expected)
