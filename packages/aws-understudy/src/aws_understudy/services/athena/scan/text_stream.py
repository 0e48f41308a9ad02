"""Opens an object as text, and says as Athena does what is wrong with one that cannot be read."""

from __future__ import annotations

import csv
import io
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aws_understudy.lake.s3_objects import S3Object, open_binary
from aws_understudy.services.athena.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def opened_text(
    *, s3: Any, item: S3Object, encoding: str = "utf-8", newline: str | None = None
) -> Iterator[io.TextIOWrapper]:
    """The text of an object, to be read within the block.

    Raises:
        QueryError: HIVE_BAD_DATA, where what is read is damaged, or is not UTF-8.
    """
    with open_binary(s3=s3, item=item) as stream:
        try:
            yield io.TextIOWrapper(stream, encoding=encoding, newline=newline)
        except (OSError, EOFError, zlib.error, csv.Error) as error:
            raise QueryError(
                "HIVE_BAD_DATA",
                f"{item.uri} cannot be read: {error}. It is most likely truncated or damaged; "
                "upload it again.",
            ) from error
        except UnicodeDecodeError as error:
            raise QueryError(
                "HIVE_BAD_DATA",
                f"{item.uri} is not UTF-8: {error.reason}. Athena reads text as UTF-8; "
                "save the file so.",
            ) from error
