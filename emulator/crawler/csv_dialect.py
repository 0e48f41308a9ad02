"""How a CSV file is written: delimiter, quotes, header, and the SerDe that reads it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING

from emulator.crawler.csv_values import value_type
from emulator.crawler.errors import CrawlRefused
from emulator.crawler.hive_types import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emulator.crawler.s3_objects import S3Object

LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"

_DELIMITERS = ",|\t;\x01"
_SAMPLE_LINES = 50
_HEADER_LIMIT = 150  # Glue: every header cell but the last is shorter


@dataclass(frozen=True, kw_only=True)
class CsvDialect:
    """What the table's SerDe is told."""

    delimiter: str = ","
    quote: str = '"'
    serde: str = LAZY_SIMPLE

    @property
    def quotes_understood(self) -> bool:
        """Whether the SerDe takes a quoted delimiter as text."""
        return self.serde == OPEN_CSV

    @property
    def typed(self) -> bool:
        """Whether columns get types; Glue leaves OpenCSVSerDe columns as string."""
        return self.serde == LAZY_SIMPLE

    def layout(self, *, header: bool, compressed: bool) -> dict[str, str]:
        """Say it as the table's parameters do."""
        said = {
            "delimiter": self.delimiter,
            "serde": self.serde,
            "compressionType": "gzip" if compressed else "none",
        }
        if self.quotes_understood:
            said["quoteChar"] = self.quote
        if header:
            said["skip.header.line.count"] = "1"
        return said


def sniff(text: IO[str], item: S3Object) -> CsvDialect:
    """Find the delimiter among those that Glue tries: comma, pipe, tab, semicolon, Ctrl-A.

    Raises:
        CrawlRefused: no delimiter splits the first line, or there are less than two lines.
    """
    lines = [line for line in islice(text, _SAMPLE_LINES) if line.strip()]
    if len(lines) < 2:  # noqa: PLR2004 - Glue's rule: at least two rows
        raise CrawlRefused(
            f"{item.uri} has {len(lines)} line(s): the CSV classifier needs two rows or more."
        )
    splits = {d: [len(row) for row in csv.reader(lines, delimiter=d)] for d in _DELIMITERS}
    usable = {d: counts for d, counts in splits.items() if counts and counts[0] > 1}
    if not usable:
        raise CrawlRefused(
            f"{item.uri} is not recognized as CSV, JSON lines or Parquet: none of comma, pipe, "
            "tab, semicolon and Ctrl-A divides its first line into columns."
        )
    # The most even split wins; among even ones, the one into most columns.
    best = max(usable, key=lambda d: (usable[d].count(usable[d][0]), usable[d][0]))
    return CsvDialect(delimiter=best)


def is_header(first: Sequence[str], types: Sequence[str]) -> bool:
    """Decide as Glue does: all cells are short, non-empty text, and the data are not all text."""
    short = all(len(cell) < _HEADER_LIMIT for cell in first[:-1])
    texts = all(cell.strip() and value_type(cell.strip()) == "string" for cell in first)
    differs = any(t not in {"string", UNKNOWN} for t in types)
    return short and texts and differs and len({c.strip().lower() for c in first}) == len(first)
