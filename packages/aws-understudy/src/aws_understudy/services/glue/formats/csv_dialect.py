"""How a CSV file is written: delimiter, quotes, header, types of values, and the SerDe for it."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING

from aws_understudy.lake.delimited import row_reader
from aws_understudy.lake.hive_types import BIGINT_MAX, UNKNOWN, common
from aws_understudy.services.glue.errors import CrawlRefused

if TYPE_CHECKING:
    from _csv import Reader as CsvReader
    from collections.abc import Iterator, Sequence

    from aws_understudy.lake.s3_objects import S3Object

_INTEGER = re.compile(r"[+-]?\d{1,19}")
_DOUBLE = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"

_DELIMITERS = ",|\t;\x01"
_SAMPLE_LINES = 50
_HEADER_LIMIT = 150  # Glue: every header cell but the last is shorter


@dataclass(frozen=True, kw_only=True)
class CsvDialect:
    """What the table's SerDe reads by."""

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
        """The dialect in the words of the table's parameters."""
        parameters = {
            "delimiter": self.delimiter,
            "serde": self.serde,
            "compressionType": "gzip" if compressed else "none",
        }
        if self.quotes_understood:
            parameters["quoteChar"] = self.quote
        if header:
            parameters["skip.header.line.count"] = "1"
        return parameters


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
    splits = {
        d: [len(row) for row in csv_rows(row_reader(lines, delimiter=d), item)] for d in _DELIMITERS
    }
    usable = {d: counts for d, counts in splits.items() if counts and counts[0] > 1}
    if not usable:
        raise CrawlRefused(
            f"{item.uri} is not recognized as CSV, JSON lines or Parquet: none of comma, pipe, "
            "tab, semicolon and Ctrl-A divides its first line into columns."
        )
    # The most even split wins; among even ones, the one into most columns.
    best = max(usable, key=lambda d: (usable[d].count(usable[d][0]), usable[d][0]))
    return CsvDialect(delimiter=best)


def csv_rows(reader: CsvReader, item: S3Object) -> Iterator[list[str]]:
    """Give the rows of a CSV reader.

    Raises:
        CrawlRefused: a value is longer than the reader allows.
    """
    try:
        yield from reader
    except csv.Error as error:
        raise CrawlRefused(
            f"{item.uri}, line {reader.line_num}: is no CSV ({error}). Fix the line: close its "
            "quotes, or shorten its value."
        ) from error


def is_header(first: Sequence[str], types: Sequence[str]) -> bool:
    """Decide as Glue does: all cells are short, non-empty text, and the data are not all text."""
    short = all(len(cell) < _HEADER_LIMIT for cell in first[:-1])
    texts = all(cell.strip() and value_type(cell.strip()) == "string" for cell in first)
    differs = any(t not in {"string", UNKNOWN} for t in types)
    return short and texts and differs and len({c.strip().lower() for c in first}) == len(first)


def value_type(text: str) -> str:
    """Name the narrowest type of one value; an empty one says nothing."""
    if not text:
        return UNKNOWN
    if _INTEGER.fullmatch(text):
        # More digits than a bigint holds are kept as text, which loses none.
        return "bigint" if abs(int(text)) <= BIGINT_MAX else "string"
    if _DOUBLE.fullmatch(text):
        return "double"
    if _DATE.fullmatch(text):
        return "date"
    if text.lower() in {"true", "false"}:
        return "boolean"
    return "string"


def column_type(held: str, text: str) -> str:
    """Widen a column's type by one more value of the same file; a mixture is string."""
    return held if held == "string" else common(held, value_type(text)) or "string"
