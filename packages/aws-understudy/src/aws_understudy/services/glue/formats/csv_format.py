"""Reads the schema of a CSV file as Glue's built-in classifier does, but every row of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from aws_understudy.lake.delimited import row_reader
from aws_understudy.lake.hive_types import UNKNOWN
from aws_understudy.lake.s3_objects import S3Object, open_binary
from aws_understudy.services.glue.errors import CrawlRefused
from aws_understudy.services.glue.formats.csv_dialect import (
    CsvDialect,
    column_type,
    csv_rows,
    is_header,
    sniff,
)
from aws_understudy.services.glue.formats.schema import FileSchema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_understudy.services.glue.formats.classifiers import CsvClassifier


def read_schema(*, s3: Any, item: S3Object, classifier: CsvClassifier | None = None) -> FileSchema:
    """Read columns and types; a custom classifier decides what it states.

    Raises:
        CrawlRefused: a ragged row, a quoted value that LazySimpleSerDe would split, bytes that
            are not UTF-8, or a file that is no table (one column, less than two lines).
    """
    dialect = classifier.dialect if classifier else None
    try:
        if dialect is None:
            with open_binary(s3=s3, item=item) as stream:
                dialect = sniff(io.TextIOWrapper(stream, encoding="utf-8-sig"), item)
        with open_binary(s3=s3, item=item) as stream:
            reading = _Reading(item=item, dialect=dialect)
            reading.consume(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""))
    except UnicodeDecodeError as error:
        raise CrawlRefused(
            f"{item.uri} is not UTF-8 text ({error}), nor Parquet. Save it as UTF-8 CSV or Parquet."
        ) from error
    return reading.schema(classifier)


class _Reading:
    """One pass over the rows, gathering types with and without the first row."""

    def __init__(self, *, item: S3Object, dialect: CsvDialect) -> None:
        self._item = item
        self._dialect = dialect
        self._first: list[str] = []
        self._types: list[str] = []
        self._rows = 0

    def consume(self, text: io.TextIOWrapper) -> None:
        """Read all rows, refusing ragged ones."""
        reader = row_reader(text, delimiter=self._dialect.delimiter, quotechar=self._dialect.quote)
        before = 0
        for row in csv_rows(reader, self._item):
            spanned, before = reader.line_num - before, reader.line_num
            if not row:
                continue
            self._check(row=row, line=reader.line_num, spanned=spanned)
            if not self._first:
                self._first, self._types = row, [UNKNOWN] * len(row)
                continue
            self._rows += 1
            self._types = [column_type(t, v) for t, v in zip(self._types, row, strict=True)]

    def _check(self, *, row: Sequence[str], line: int, spanned: int) -> None:
        if self._first and len(row) != len(self._first):
            raise CrawlRefused(
                f"{self._item.uri}, line {line}: {len(row)} values, but the first line has "
                f"{len(self._first)}. Fix the row (a delimiter too many or too few, or a value "
                "that needs quotes)."
            )
        if any("\0" in value for value in row):
            raise CrawlRefused(
                f"{self._item.uri}, line {line}: holds a zero byte, which no text has. "
                "Save the file as UTF-8 CSV, and upload it again."
            )
        if spanned > 1:
            raise CrawlRefused(
                f"{self._item.uri}, line {line}: a quoted value spans lines, which Athena's CSV "
                "readers cannot read. Replace the line break, or convert the file to Parquet."
            )
        split_by_serde = not self._dialect.quotes_understood and any(
            self._dialect.delimiter in value for value in row
        )
        if split_by_serde:
            raise CrawlRefused(
                f"{self._item.uri}, line {line}: a quoted value holds the delimiter "
                f"{self._dialect.delimiter!r}. The table would use LazySimpleSerDe, which ignores "
                "quotes and would shift the columns. Give the crawler a CSV classifier with "
                "Serde OpenCSVSerDe, or convert the file to Parquet."
            )

    def schema(self, classifier: CsvClassifier | None) -> FileSchema:
        """Decide on the header and name the columns."""
        if not self._first:
            raise CrawlRefused(f"{self._item.uri} has only blank lines: there is no schema in it.")
        stated = classifier.header_present if classifier else None
        header = is_header(self._first, self._types) if stated is None else stated
        types, rows = self._types, self._rows
        if not header:
            rows += 1
            types = [column_type(t, v) for t, v in zip(types, self._first, strict=True)]
        names = self._names(header=header, stated=classifier.columns if classifier else [])
        if not self._dialect.typed:
            types = ["string"] * len(names)
        return FileSchema(
            item=self._item,
            classification="csv",
            columns=dict(zip(names, types, strict=True)),
            rows=rows,
            layout=self._dialect.layout(header=header, compressed=self._item.compressed),
        )

    def _names(self, *, header: bool, stated: Sequence[str]) -> list[str]:
        if stated and len(stated) != len(self._first):
            raise CrawlRefused(
                f"{self._item.uri} has {len(self._first)} columns, but the classifier's header "
                f"names {len(stated)}."
            )
        header_names = stated or (self._first if header else [])
        names = [n.strip().lower() for n in header_names] or [
            f"col{i}" for i in range(len(self._first))
        ]
        twice = {n for n in names if names.count(n) > 1}
        if twice:
            raise CrawlRefused(
                f"{self._item.uri}: the header names {sorted(twice)} more than once."
            )
        return names
