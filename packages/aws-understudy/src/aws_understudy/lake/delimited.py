"""Splits delimited text into rows."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterable

MAX_FIELD: Final = 16 * 1024 * 1024
"""The longest value of a CSV file that a crawl or a query reads, in characters."""


def row_reader(lines: Iterable[str], **dialect: Any) -> Reader:
    """A reader of ``csv`` with values of up to ``MAX_FIELD``; a longer one is a ``csv.Error``.

    Args:
        lines: the text.
        dialect: what ``csv.reader`` takes.
    """
    csv.field_size_limit(MAX_FIELD)  # the process' own: readers of csv have no limit of their own
    return csv.reader(lines, **dialect)
