"""Lists the objects under an S3 address and reads them."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast

from aws_understudy.lake.errors import LakeError
from aws_understudy.lake.exclusions import excluded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SKIPPED_SUFFIX = "_$folder$"


@dataclass(frozen=True, kw_only=True)
class S3Object:
    """One data file, as the listing shows it."""

    bucket: str
    key: str
    size: int

    @property
    def uri(self) -> str:
        """The object's address, for messages."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def compressed(self) -> bool:
        """Whether its name says gzip."""
        return self.key.endswith(".gz")


def split_uri(uri: str) -> tuple[str, str]:
    """Split ``s3://bucket/prefix`` (also ``s3a``, ``s3n``) into bucket and prefix.

    Raises:
        LakeError: the path is not an S3 address.
    """
    scheme, separator, rest = uri.partition("://")
    if not separator or scheme not in {"s3", "s3a", "s3n"} or not rest.split("/")[0]:
        raise LakeError(f'"{uri}" is not an S3 path; it should look like s3://bucket/folder/.')
    bucket, _, prefix = rest.partition("/")
    return bucket, prefix


def hidden(relative_key: str) -> bool:
    """Whether Hive and Glue ignore the file: a part of its path begins with ``_`` or ``.``."""
    parts = relative_key.split("/")
    return relative_key.endswith(_SKIPPED_SUFFIX) or any(p[:1] in {"_", "."} for p in parts)


def list_data(*, s3: Any, uri: str, exclusions: Sequence[str] = ()) -> list[S3Object]:
    """List the data files under a folder (or the one file) that ``uri`` names, by key.

    Left out: hidden files, "folder" markers (zero bytes, key ending in ``/``), excluded ones.

    Raises:
        LakeError: the bucket does not exist.
    """
    bucket, prefix = split_uri(uri)
    objects = list(_listing(s3=s3, bucket=bucket, prefix=prefix))
    if any(item.key == prefix for item in objects) and not prefix.endswith("/"):
        return [item for item in objects if item.key == prefix]
    folder = prefix if not prefix or prefix.endswith("/") else f"{prefix}/"
    inside = [(o, o.key[len(folder) :]) for o in objects if o.key.startswith(folder)]
    return [
        item
        for item, relative in inside
        if relative
        and not relative.endswith("/")
        and not hidden(relative)
        and not excluded(relative, exclusions)
    ]


def _listing(*, s3: Any, bucket: str, prefix: str) -> Iterator[S3Object]:
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for entry in page.get("Contents", []):
                yield S3Object(bucket=bucket, key=entry["Key"], size=int(entry["Size"]))
    except s3.exceptions.NoSuchBucket as error:
        raise LakeError(f'The bucket "{bucket}" does not exist.') from error


def open_binary(*, s3: Any, item: S3Object) -> IO[bytes]:
    """Open an object for one pass from its start, unpacking gzip."""
    body = s3.get_object(Bucket=item.bucket, Key=item.key)["Body"]
    stream: IO[bytes] = io.BufferedReader(_BodyReader(body))
    return cast("IO[bytes]", gzip.GzipFile(fileobj=stream)) if item.compressed else stream


class _BodyReader(io.RawIOBase):
    """Gives botocore's streaming body the raw-file interface."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class RangeFile(io.RawIOBase):
    """Random access to an object by ranged GETs, so that a Parquet footer costs its own bytes."""

    def __init__(self, *, s3: Any, item: S3Object) -> None:
        self._s3 = s3
        self._item = item
        self._position = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can seek."""
        return True

    def tell(self) -> int:
        """Say where the next read begins."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move as ``io`` does."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._item.size}[whence]
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fetch the next bytes into ``buffer``."""
        last = min(self._position + len(buffer), self._item.size) - 1
        if last < self._position:
            return 0
        answer = self._s3.get_object(
            Bucket=self._item.bucket, Key=self._item.key, Range=f"bytes={self._position}-{last}"
        )
        data = answer["Body"].read()
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
