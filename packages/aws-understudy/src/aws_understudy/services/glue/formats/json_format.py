"""Reads the schema of a file of JSON lines."""

from __future__ import annotations

import json
from typing import Any

from aws_understudy.lake.hive_types import BIGINT_MAX, UNKNOWN, common, known
from aws_understudy.lake.s3_objects import S3Object, open_binary
from aws_understudy.services.glue.errors import CrawlRefused
from aws_understudy.services.glue.formats.schema import FileSchema


def read_schema(*, s3: Any, item: S3Object) -> FileSchema:
    """Read every line of the file.

    Raises:
        CrawlRefused: a line is not a JSON object, or a key changes its type between lines.
    """
    columns: dict[str, str] = {}
    rows = 0
    with open_binary(s3=s3, item=item) as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                rows += 1
                _add(columns=columns, record=_record(line, item, number), item=item, number=number)
    return FileSchema(item=item, classification="json", columns=columns, rows=rows)


def _record(line: bytes, item: S3Object, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CrawlRefused(
            f"{item.uri}, line {number}: not JSON ({error}). Athena reads one object a line."
        ) from error
    if not isinstance(record, dict):
        raise CrawlRefused(
            f"{item.uri}, line {number}: a JSON {type(record).__name__}, not an object. "
            "Athena reads one object a line; an array must be split into lines."
        )
    return record


def _add(*, columns: dict[str, str], record: dict[str, Any], item: S3Object, number: int) -> None:
    for key, value in record.items():
        name, type_name = key.lower(), hive_type(value)
        held = columns.get(name, UNKNOWN)
        merged = common(held, type_name)
        if merged is None:
            raise CrawlRefused(
                f'{item.uri}, line {number}: "{name}" is {type_name}, but {held} in earlier lines. '
                "Give it one type in the whole file."
            )
        columns[name] = merged


def hive_type(value: Any) -> str:
    """Name the Hive type of a JSON value; a whole number beyond bigint is a string."""
    if value is None:
        return UNKNOWN
    if isinstance(value, list):
        merged = UNKNOWN
        for entry in value:
            merged = common(merged, hive_type(entry)) or "string"
        return f"array<{known(merged)}>"
    if isinstance(value, dict):
        fields = ",".join(f"{k.lower()}:{known(hive_type(v))}" for k, v in value.items())
        return f"struct<{fields}>"
    if isinstance(value, int) and not -BIGINT_MAX - 1 <= value <= BIGINT_MAX:
        return "string"
    names = {bool: "boolean", int: "bigint", float: "double"}
    return names.get(type(value), "string")
