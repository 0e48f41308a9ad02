"""Records that the model has not seen: rows of the prepared files in the test years."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TARGET = "landed_value"
WEIGHT = "tonnes"
# What the pipeline's first step leaves out as well; an endpoint refuses a weight of nothing.
FEATURES = (
    "year", "tonnes", "fishing_entity", "fishing_sector", "catch_type", "reporting_status",
    "gear_type", "end_use_type", "area_name", "common_name", "functional_group",
    "commercial_group",
)  # fmt: skip


def held_out_records(
    files: Sequence[Path], *, years: Sequence[int], at_most: int
) -> tuple[list[dict[str, Any]], list[float], bool]:
    """Take rows of the test years, evenly over all of them, the same each time.

    Args:
        files: The prepared Parquet files.
        years: First and last year of the test.
        at_most: How many records to take.

    Returns:
        The records without the value, their actual values, and whether these are all.
    """
    tables = [_wanted(pq.ParquetFile(file).read()) for file in files]
    table = pa.concat_tables(tables, promote_options="permissive")
    usable = table.filter(
        (pc.field("year") >= years[0])
        & (pc.field("year") <= years[1])
        & (pc.field(WEIGHT) > 0)
        & (pc.field(TARGET) > 0)
    )
    step = max(1, math.ceil(usable.num_rows / at_most))
    taken = usable.take(list(range(0, usable.num_rows, step)))
    rows = taken.drop_columns([TARGET]).to_pylist()
    return rows, taken.column(TARGET).to_pylist(), step == 1


def _wanted(table: pa.Table) -> pa.Table:
    return table.select([name for name in (*FEATURES, TARGET) if name in table.column_names])
