"""A result's rows as text, written only when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from aws_understudy.services.athena.value_text import column_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from aws_understudy.services.athena.trino_types import Type

Row = list[str | None]
BATCH = 10_000


class TextRows(Sequence[Row]):
    """The rows of a table; the table itself is what is held, not its text."""

    def __init__(self, table: pa.Table, kinds: Sequence[Type]) -> None:
        self._table = table
        self._kinds = kinds

    def __len__(self) -> int:
        """Count the rows."""
        return int(self._table.num_rows)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        """Write one row, or some that follow each other."""
        if isinstance(place, int):
            return self[place : place + 1 or None][0]
        start, stop, _ = place.indices(len(self))
        part = self._table.slice(start, max(0, stop - start))
        texts = [column_texts(c, k) for c, k in zip(part.columns, self._kinds, strict=True)]
        return [list(row) for row in zip(*texts, strict=True)]

    def __iter__(self) -> Iterator[Row]:
        """Write the rows in batches."""
        for start in range(0, len(self), BATCH):
            yield from self[start : start + BATCH]
