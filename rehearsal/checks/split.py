"""Splits the records a second time: which of them a model learned from, and which it never saw."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from config.learning import Learning

ABSENT: Final = "unknown"
"""What a pipeline writes for a category that is not there."""
DIVIDER: Final = "\x1f"
NEEDED: Final = {"test": 2, "validation": 1}
"""The values of the time that must be left over for the sets before each."""

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Split:
    """Usable records, as a pipeline writes them: each has its features, its target and its keys."""

    known: list[Record]
    """Those for training and validation."""
    test: list[Record]


def split_records(files: Iterable[Path], learning: Learning) -> Split:
    """Read the prepared Parquet files and split their usable rows as the pipeline has to."""
    schema = learning.schema()
    records = [record for file in files for record in _usable(file, schema)]
    parts = _by_time(records, schema) if schema["time"] else _by_hash(records, schema)
    known = [record for part, record in zip(parts, records, strict=True) if part != "test"]
    test = [record for part, record in zip(parts, records, strict=True) if part == "test"]
    return Split(known=known, test=test)


def _usable(file: Path, schema: Mapping[str, Any]) -> Iterable[Record]:
    """The rows of a file that are of use to a model, each value as the pipeline writes it."""
    columns: dict[str, Any] = schema["columns"]
    table = pq.ParquetFile(file).read()
    present = [name for name in columns if name in table.column_names]
    values = {name: table[name].to_pylist() for name in present}
    folders = _of_folders(file, schema["partitions"])
    for number in range(table.num_rows):
        record = {
            name: _value(values[name][number] if name in values else folders.get(name), column)
            for name, column in columns.items()
        }
        if all(_is_of_use(record[name], column) for name, column in columns.items()):
            yield record


def _of_folders(file: Path, partitions: Sequence[str]) -> dict[str, str]:
    """The values that stand in the names of the folders, ``column=value``."""
    pairs = (part.partition("=") for part in file.parent.parts)
    return {name: value for name, sign, value in pairs if sign and name in partitions}


def _value(value: Any, column: Mapping[str, Any]) -> Any:
    """A value as the pipeline takes it: numbers as such, categories as text."""
    if column["kind"] == "number":
        return _number(value, whole=column["type"] == "whole")
    if column["type"] in {"date", "timestamp"}:
        return value
    return ABSENT if value is None else str(value).strip() or ABSENT


def _number(value: Any, *, whole: bool) -> float | int | None:
    if value is None or not math.isfinite(number := float(value)):
        return None
    return int(number) if whole and number.is_integer() else number


def _is_of_use(value: Any, column: Mapping[str, Any]) -> bool:
    if value is None or (value == ABSENT and column["kind"] == "category"):
        return not column["required"]
    return bool(
        ("above" not in column or value > column["above"])
        and ("minimum" not in column or value >= column["minimum"])
        and ("maximum" not in column or value <= column["maximum"])
    )


def _by_time(records: Sequence[Record], schema: Mapping[str, Any]) -> list[str]:
    """Whole values of the time: the newest for the test, those before for the validation."""
    rows = Counter(record[schema["time"]] for record in records)
    values = sorted(rows)
    part_of: dict[Any, str] = {}
    for part, reserve in NEEDED.items():
        taken = 0
        while len(values) > reserve and taken < schema["split"][part] * len(records):
            value = values.pop()
            part_of[value] = part
            taken += rows[value]
    return [part_of.get(record[schema["time"]], "train") for record in records]


def _by_hash(records: Sequence[Record], schema: Mapping[str, Any]) -> list[str]:
    """By a fraction that the text of a row gives, whatever rows stand beside it."""
    names = schema["key"] or schema["features"]
    test, validation, seed = (schema["split"][key] for key in ("test", "validation", "seed"))

    def part(record: Record) -> str:
        text = DIVIDER.join([str(seed), *(_text(record[name]) for name in names)])
        first = hashlib.sha256(text.encode()).digest()[:8]
        share = int.from_bytes(first, "big") / 2**64
        return "test" if share < test else "validation" if share < test + validation else "train"

    return [part(record) for record in records]


def _text(value: Any) -> str:
    """A value as it stands in a CSV file; Python writes a number with all the digits it needs."""
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)
