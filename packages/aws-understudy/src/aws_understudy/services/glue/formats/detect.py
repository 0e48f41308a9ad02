"""Tells a file's format by its first bytes and reads its schema."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from aws_understudy.lake.s3_objects import S3Object, open_binary
from aws_understudy.services.glue.errors import CrawlRefused
from aws_understudy.services.glue.formats import csv_format, json_format, parquet_format

if TYPE_CHECKING:
    from aws_understudy.services.glue.formats.classifiers import CsvClassifier
    from aws_understudy.services.glue.formats.schema import FileSchema

_UNSUPPORTED = {b"ORC": "ORC", b"Obj\x01": "Avro", b"PK\x03\x04": "a zip archive"}
_HEAD_BYTES = 4096


def read_schema(*, s3: Any, item: S3Object, classifier: CsvClassifier | None) -> FileSchema:
    """Read one file's schema.

    Glue may skip what it cannot read. Here an empty, truncated or unknown file ends the crawl,
    because a table that silently lacks a file's rows answers every query wrongly.

    Raises:
        CrawlRefused: names the file and says what is wrong with it.
    """
    if item.size == 0:
        raise CrawlRefused(
            f"{item.uri} is empty (0 bytes): its rows would silently be missing from the table. "
            "Upload it again, or delete it."
        )
    try:
        return _read_schema(s3=s3, item=item, classifier=classifier)
    except (OSError, EOFError, zlib.error) as error:
        raise CrawlRefused(
            f"{item.uri} cannot be unpacked: {error}. It is most likely truncated or damaged; "
            "upload it again."
        ) from error


def _read_schema(*, s3: Any, item: S3Object, classifier: CsvClassifier | None) -> FileSchema:
    head = _head(s3=s3, item=item)
    for magic, name in _UNSUPPORTED.items():
        if head.startswith(magic):
            raise CrawlRefused(f"{item.uri} is {name}; the emulator reads CSV, JSON and Parquet.")
    if head.startswith(parquet_format.MAGIC) or item.key.lower().endswith((".parquet", ".parq")):
        return parquet_format.read_schema(s3=s3, item=item)
    if b"\x00" in head:
        raise CrawlRefused(f"{item.uri} is a binary file, neither Parquet nor text.")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return json_format.read_schema(s3=s3, item=item)
    return csv_format.read_schema(s3=s3, item=item, classifier=classifier)


def _head(*, s3: Any, item: S3Object) -> bytes:
    with open_binary(s3=s3, item=item) as stream:
        return stream.read(_HEAD_BYTES)
