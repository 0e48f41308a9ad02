"""Reads text files of a table: delimited (with and without quotes) and JSON lines."""

from __future__ import annotations

import csv
import json
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from aws_understudy.lake.delimited import row_reader
from aws_understudy.lake.hive_types import BIGINT_MAX
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.scan.text_stream import opened_text
from aws_understudy.services.athena.scan.text_values import typed_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from aws_understudy.lake.s3_objects import S3Object
    from aws_understudy.services.athena.catalog import CatalogTable

_LAZY = "LazySimpleSerDe"
_QUOTED = "OpenCSVSerde"
_NULL = "\\N"
_SHOWN = 40


def reads(serde: str) -> bool:
    """Whether the SerDe's files can be read here."""
    return serde.endswith((_LAZY, _QUOTED)) or "json" in serde.lower()


def plan(
    *,
    s3: Any,
    item: S3Object,
    schema: pa.Schema,
    table: CatalogTable,
    descriptor: Mapping[str, Any],
) -> tuple[int, Callable[[], pa.Table]]:
    """Return the file's size, all of which must be read, and a loader."""
    serde = descriptor["SerdeInfo"]["SerializationLibrary"]

    def read(text: Iterable[str]) -> pa.Table:
        if "json" in serde.lower():
            stated = descriptor["SerdeInfo"].get("Parameters") or {}
            lenient = stated.get("ignore.malformed.json", "").lower() == "true"
            return _json(text, schema=schema, item=item, lenient=lenient)
        rows = _delimited(text, table=table, descriptor=descriptor)
        names = [c["Name"].lower() for c in descriptor.get("Columns", [])]
        return _columns(rows, names=names, schema=schema, item=item, serde=serde)

    def load() -> pa.Table:
        with opened_text(s3=s3, item=item, encoding="utf-8-sig", newline="") as text:
            return read(text)

    return item.size, load


def _delimited(
    text: Iterable[str], *, table: CatalogTable, descriptor: Mapping[str, Any]
) -> Iterator[list[str]]:
    serde = descriptor["SerdeInfo"].get("Parameters") or {}
    skip = int(
        table.parameters.get("skip.header.line.count")
        or (descriptor.get("Parameters") or {}).get("skip.header.line.count")
        or 0
    )
    if descriptor["SerdeInfo"]["SerializationLibrary"].endswith(_QUOTED):
        reader = row_reader(
            text,
            delimiter=serde.get("separatorChar", ","),
            quotechar=serde.get("quoteChar", '"'),
            escapechar=serde.get("escapeChar", "\\"),
        )
    else:
        delimiter = serde.get("field.delim") or serde.get("serialization.format") or "\x01"
        # Hive ignores quotes here, and so do we.
        reader = row_reader(
            text,
            delimiter=delimiter,
            quoting=csv.QUOTE_NONE,
            escapechar=serde.get("escape.delim"),
        )
    return (row for row in islice(reader, skip, None) if row)


def _columns(
    rows: Iterator[list[str]],
    *,
    names: Sequence[str],
    schema: pa.Schema,
    item: S3Object,
    serde: str,
) -> pa.Table:
    """Pick the needed fields by position; a short row lacks its last ones, a long one is cut."""
    places = [(f.name, names.index(f.name)) for f in schema if f.name in names]
    texts: dict[str, list[str | None]] = {name: [] for name, _ in places}
    count = 0
    for row in rows:
        count += 1
        for name, at in places:
            value = row[at] if at < len(row) else None
            texts[name].append(None if value == _NULL else value)
    strict = serde.endswith(_QUOTED)
    return typed_table(texts=texts, rows=count, schema=schema, strict=strict, uri=item.uri)


def _json(text: Iterable[str], *, schema: pa.Schema, item: S3Object, lenient: bool) -> pa.Table:
    """Read an object a line; with ``lenient`` a line that is none is a row of NULLs."""
    values: dict[str, list[Any]] = {f.name: [] for f in schema}
    count = 0
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            record = {k.lower(): v for k, v in json.loads(line).items()}
        except (ValueError, AttributeError, RecursionError) as error:
            if not lenient:
                message = f"{item.uri}, line {number}: Row is not a valid JSON Object"
                raise QueryError("HIVE_CURSOR_ERROR", message) from error
            record = {}
        count += 1
        for field in schema:
            value = record.get(field.name)
            try:
                values[field.name].append(_fit(value, field.type))
            except OverflowError:
                raise QueryError(
                    "HIVE_BAD_DATA",
                    f"{item.uri}, line {number}: no {field.type} holds the value of {field.name}, "
                    f"{str(value)[:_SHOWN]}; make the column a string, or correct the value.",
                ) from None
    try:
        arrays = [pa.array(values[f.name], f.type) for f in schema]
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise QueryError("HIVE_BAD_DATA", f"{item.uri}: {error}") from error
    return pa.table(arrays, schema=schema) if arrays else pa.table({"": pa.nulls(count)})


def _fit(value: Any, kind: pa.DataType) -> Any:
    """Fit a JSON value to the column's type, as the JSON SerDe does."""
    if pa.types.is_string(kind) and value is not None and not isinstance(value, str):
        return json.dumps(value)
    if (
        pa.types.is_integer(kind)
        and isinstance(value, int)
        and not -BIGINT_MAX - 1 <= value <= BIGINT_MAX
    ):
        raise OverflowError(value)
    if pa.types.is_floating(kind) and isinstance(value, int):
        return float(value)
    if pa.types.is_list(kind) and isinstance(value, list):
        return [_fit(entry, kind.value_type) for entry in value]
    if isinstance(value, dict):
        return _fit_object(value, kind)
    return value


def _fit_object(value: dict[str, Any], kind: pa.DataType) -> Any:
    if pa.types.is_struct(kind):
        lower = {k.lower(): v for k, v in value.items()}
        return {f.name: _fit(lower.get(f.name), f.type) for f in kind}
    if pa.types.is_map(kind):
        return [(k, _fit(v, kind.item_type)) for k, v in value.items()]
    return value
