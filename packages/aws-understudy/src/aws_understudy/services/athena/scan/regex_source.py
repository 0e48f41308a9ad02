"""Reads text of a table by a regular expression, as RegexSerDe does: a group is a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.regular import compiled
from aws_understudy.services.athena.scan.text_stream import opened_text
from aws_understudy.services.athena.scan.text_values import typed_table

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Mapping

    import pyarrow as pa

    from aws_understudy.lake.s3_objects import S3Object
    from aws_understudy.services.athena.catalog import CatalogTable


def reads(serde: str) -> bool:
    """Whether it is the SerDe of regular expressions."""
    return serde.endswith("RegexSerDe")


def plan(
    *,
    s3: Any,
    item: S3Object,
    schema: pa.Schema,
    table: CatalogTable,
    descriptor: Mapping[str, Any],
) -> tuple[int, Callable[[], pa.Table]]:
    """Return the file's size, all of which must be read, and a loader."""
    pattern = _pattern(table, descriptor)
    names = [c["Name"].lower() for c in descriptor.get("Columns", [])]
    skip = int(table.parameters.get("skip.header.line.count") or 0)

    def load() -> pa.Table:
        with opened_text(s3=s3, item=item) as text:
            lines = text.read().split("\n")
        held = lines[:-1] if lines[-1] == "" else lines
        return _rows(held[skip:], pattern=pattern, names=names, schema=schema, uri=item.uri)

    return item.size, load


def _pattern(table: CatalogTable, descriptor: Mapping[str, Any]) -> re.Pattern[str]:
    parameters = descriptor["SerdeInfo"].get("Parameters") or {}
    written = parameters.get("input.regex")
    if not written:
        message = (
            f"Table {table.database}.{table.name} has no input.regex among its SERDEPROPERTIES"
        )
        raise QueryError("HIVE_INVALID_METADATA", message)
    insensitive = parameters.get("input.regex.case.insensitive", "").lower() == "true"
    try:
        return compiled(f"(?i){written}" if insensitive else written)
    except ValueError as error:
        message = f"input.regex is no regular expression that can be run: {written}"
        raise QueryError("HIVE_SERDE_NOT_FOUND", message) from error


def _rows(
    lines: Iterable[str], *, pattern: re.Pattern[str], names: list[str], schema: pa.Schema, uri: str
) -> pa.Table:
    """Match whole lines; of one that does not match every column is NULL."""
    places = [(f.name, names.index(f.name)) for f in schema if f.name in names]
    texts: dict[str, list[str | None]] = {name: [] for name, _ in places}
    count = 0
    for line in lines:
        count += 1
        match = pattern.fullmatch(line.removesuffix("\r"))
        groups = match.groups() if match else ()
        for name, at in places:
            texts[name].append(groups[at] if at < len(groups) else None)
    return typed_table(texts=texts, rows=count, schema=schema, strict=False, uri=uri)
