"""Moves files between S3 and job folders, as SageMaker does before and after a container runs."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, BinaryIO

from botocore.exceptions import ClientError

from aws_understudy.services.sagemaker.containers.failures import JobFailedError
from aws_understudy.services.sagemaker.containers.outputs import files_below, open_left

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_URI = re.compile(r"s3://(?P<bucket>[^/]+)/?(?P<key>.*)")


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key (or prefix) of an S3 URI.

    Raises:
        JobFailedError: it is none.
    """
    address = _URI.fullmatch(uri)
    if address is None:
        raise JobFailedError(f"{uri!r} is no S3 URI; it must look like s3://bucket/prefix.")
    return address["bucket"], address["key"]


class Objects:
    """S3 of the emulator, by URIs."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def read(self, uri: str) -> bytes:
        """The bytes of one object.

        Raises:
            JobFailedError: it cannot be read.
        """
        bucket, key = split_uri(uri)
        try:
            content: bytes = self._client.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            raise JobFailedError(f"Cannot read {uri}: {error}") from error
        return content

    def write(self, uri: str, content: bytes | BinaryIO, *, kms_key: str = "") -> None:
        """Put one object, encrypted with a key where one is given.

        Raises:
            JobFailedError: it cannot be written.
        """
        bucket, key = split_uri(uri)
        kms = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
        body = io.BytesIO(content) if isinstance(content, bytes) else content
        try:
            self._client.put_object(Bucket=bucket, Key=key, Body=body, **kms)
        except ClientError as error:
            raise JobFailedError(f"Cannot write {uri}: {error}") from error

    def below(self, uri: str) -> list[tuple[str, str]]:
        """Every object under a prefix: its URI, and its path relative to the prefix's last "/".

        Raises:
            JobFailedError: there is none, or the bucket cannot be listed.
        """
        bucket, prefix = split_uri(uri)
        try:
            keys = list(self._keys(bucket, prefix))
        except ClientError as error:
            raise JobFailedError(f"Cannot list {uri}: {error}") from error
        # A prefix that names a folder without its final slash means that folder.
        folder = f"{prefix}/" if any(key.startswith(f"{prefix}/") for key in keys) else prefix
        root = folder[: folder.rfind("/") + 1]
        objects = [(f"s3://{bucket}/{key}", key.removeprefix(root)) for key in keys]
        if not objects:
            raise JobFailedError(f"No object lies under {uri}.")
        return objects

    def download(self, uri: str, folder: Path) -> None:
        """Copy every object under a prefix into a folder.

        Raises:
            JobFailedError: there is none, or one cannot be read.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for source, relative in self.below(uri):
            target = (folder / relative).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise JobFailedError(f"The key of {source} leads out of {folder.name}.")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.read(source))

    def upload(self, folder: Path, uri: str, *, root: Path, kms_key: str = "") -> None:
        """Copy every file that a container left in a folder under a prefix.

        Args:
            folder: one that is absent holds no file.
            uri: the prefix.
            root: the folder of the container, in which the other lies.
            kms_key: encrypts the objects; without it the bucket's default does.

        Raises:
            JobFailedError: something that is no file lies there, or S3 refuses.
        """
        for path in files_below(folder, root=root):
            target = f"{uri.rstrip('/')}/{path.relative_to(folder).as_posix()}"
            with open_left(path) as content:
                self.write(target, content, kms_key=kms_key)

    def _keys(self, bucket: str, prefix: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for item in page.get("Contents", ()):
                if not item["Key"].endswith("/"):
                    yield item["Key"]
