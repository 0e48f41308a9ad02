"""A file's schema, and the union of the schemas of a table's files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aws_understudy.lake.hive_types import common, known
from aws_understudy.services.glue.errors import CrawlRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.lake.s3_objects import S3Object


@dataclass(frozen=True, kw_only=True)
class FileSchema:
    """The schema of one file."""

    item: S3Object
    classification: str
    """``parquet``, ``csv`` or ``json``."""
    columns: Mapping[str, str]
    """Hive type by column name, in the file's order; names in lower case."""
    rows: int
    layout: Mapping[str, str] = field(default_factory=dict)
    """What the table must say of the format: delimiter, header, compression, SerDe."""


class SchemaUnion:
    """Gathers the columns of files in first-seen order, widening numbers, refusing conflicts."""

    def __init__(self) -> None:
        self._types: dict[str, str] = {}
        self._seen_in: dict[str, S3Object] = {}
        self._first: FileSchema | None = None

    def add(self, schema: FileSchema) -> None:
        """Add one file.

        Raises:
            CrawlRefused: another format or layout, or a column of an incompatible type.
        """
        self._check_layout(schema)
        for name, hive_type in schema.columns.items():
            held = self._types.get(name)
            merged = hive_type if held is None else common(held, hive_type)
            if merged is None:
                raise CrawlRefused(self._conflict(name, str(held), hive_type, schema.item))
            if merged != held:
                self._seen_in[name] = schema.item
            self._types[name] = merged

    def columns(self) -> list[tuple[str, str]]:
        """Give the table's columns: name and Hive type."""
        return [(name, known(hive_type)) for name, hive_type in self._types.items()]

    def _check_layout(self, schema: FileSchema) -> None:
        first = self._first = self._first or schema
        if first.classification != schema.classification:
            raise CrawlRefused(
                f"{first.item.uri} is {first.classification} and {schema.item.uri} is "
                f"{schema.classification}: one table has one format. "
                "Put them under different prefixes, or exclude one by a pattern."
            )
        for key in first.layout.keys() | schema.layout.keys():
            ours, theirs = first.layout.get(key), schema.layout.get(key)
            if ours != theirs:
                raise CrawlRefused(
                    f"{first.item.uri} and {schema.item.uri} differ in {key} ({ours!r} and "
                    f"{theirs!r}), which a table says once for all its files. "
                    "Write both in the same way, or put them under different prefixes."
                )

    def _conflict(self, name: str, held: str, wanted: str, item: S3Object) -> str:
        return (
            f'Column "{name}" is {wanted} in {item.uri} but {held} in {self._seen_in[name].uri}: '
            f'the two files cannot share one table. Rewrite {item.uri} with "{name}" as {held}, '
            "or move it to a prefix of its own."
        )
