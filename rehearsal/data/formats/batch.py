"""What every reader gives: some rows of a file, its columns told apart."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

Batch: TypeAlias = "dict[str, pa.Array]"
"""Columns of one length by their headers; of CSV all are text, of JSON strings and numbers."""


def distinct(file: Path, headers: Sequence[str]) -> list[str]:
    """The headers of a file, told apart: the second column of the name ``a`` is ``a#2``.

    Raises:
        DataError: a column has no name, or bears the name that another's second would get.
    """
    seen: Counter[str] = Counter()
    names = []
    for header in headers:
        if not header.strip():
            raise DataError(f"{file}: has a column without a name; the first row must name all")
        seen[header] += 1
        names.append(header if seen[header] == 1 else f"{header}#{seen[header]}")
    if len(set(names)) < len(names):
        clash = next(name for name in names if names.count(name) > 1)
        raise DataError(f"{file}: has the column {clash!r} beside a second of its name; rename one")
    return names
