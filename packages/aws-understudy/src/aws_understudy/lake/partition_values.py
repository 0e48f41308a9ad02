"""Turns partition values, which are text in paths and catalog, into the keys' types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from aws_understudy.lake.errors import PartitionValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


def typed_column(*, values: Sequence[str], kind: pa.DataType) -> pa.Array:
    """Convert the text of partition values.

    Raises:
        PartitionValueError: a value is not of the key's type.
    """
    texts = pa.array([None if v == HIVE_NULL else v for v in values], pa.string())
    try:
        return texts if pa.types.is_string(kind) else texts.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise PartitionValueError(f"{list(values)[:3]}: {error}") from error
