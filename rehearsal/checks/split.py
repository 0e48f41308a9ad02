"""Splits the records a second time: which of them a model learned from, and which it never saw."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from config.learning import Learning

ABSENT: Final = "unknown"
"""What a pipeline writes for a category that is not there."""
NO_PARTITION: Final = "__HIVE_DEFAULT_PARTITION__"
"""The value in a folder's name that stands for none."""
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
    columns = _with_what_is_needed(schema)
    records = [
        record
        for file in files
        for record in _read(file, columns, partitions=schema["partitions"])
        if all(record[name] is not None for name, column in columns.items() if column["required"])
    ]
    for record in records:
        _name_what_is_absent(record, schema)
    parts = _by_time(records, schema) if schema["time"] else _by_hash(records, schema)
    known = [record for part, record in zip(parts, records, strict=True) if part != "test"]
    test = [record for part, record in zip(parts, records, strict=True) if part == "test"]
    return Split(known=known, test=test)


def _with_what_is_needed(schema: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The columns; what the split, the scale and the baseline calculate with is required."""
    columns = {name: dict(column) for name, column in schema["columns"].items()}
    ratio_to = schema["baseline"].get("ratio_to")
    for name in {schema["target"], schema["time"], ratio_to} - {None}:
        columns[name]["required"] = True
    logarithms = {"log": {schema["target"]}, "log_ratio": {schema["target"], ratio_to}}
    for name in logarithms.get(schema["scale"], set()):
        columns[name]["above"] = max(0, columns[name].get("above", 0))
    return columns


def _read(file: Path, columns: Mapping[str, Any], *, partitions: Sequence[str]) -> Iterable[Record]:
    """The rows of a file, each value as the pipeline writes it; None is no value."""
    table = pq.ParquetFile(file).read()
    pairs = (part.partition("=") for part in file.parent.parts)
    folders = {
        name: None if value == NO_PARTITION else unquote(value)
        for name, sign, value in pairs
        if sign and name in partitions
    }
    values = {
        name: table[name].to_pylist()
        if name in table.column_names
        else [folders.get(name)] * table.num_rows
        for name in columns
    }
    for number in range(table.num_rows):
        yield {name: _value(values[name][number], columns[name]) for name in columns}


def _value(value: Any, column: Mapping[str, Any]) -> Any:
    """A value as the pipeline takes it: numbers as such, everything else as text."""
    if value is None:
        return None
    kind = column["type"]
    if kind in {"whole", "fraction"}:
        number = _number(value, whole=kind == "whole")
        if number is None or not _within(number, column):
            return None
        return number if column["kind"] == "number" else str(number)
    if kind == "boolean":
        return str(value).strip().lower()
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip() or None


def _number(value: Any, *, whole: bool) -> float | int | None:
    if whole and isinstance(value, int):
        return value
    try:
        number = float(value)
    except ValueError:
        return None
    if not math.isfinite(number) or (whole and not number.is_integer()):
        return None
    return int(number) if whole else number


def _within(number: float, column: Mapping[str, Any]) -> bool:
    return bool(
        ("above" not in column or number > column["above"])
        and ("minimum" not in column or number >= column["minimum"])
        and ("maximum" not in column or number <= column["maximum"])
    )


def _name_what_is_absent(record: Record, schema: Mapping[str, Any]) -> None:
    """A category that a record lacks has a name too; a class is a text, whatever it is of."""
    for name in schema["features"]:
        if record[name] is None and schema["columns"][name]["kind"] == "category":
            record[name] = ABSENT
    if schema["task"] == "classification":
        record[schema["target"]] = str(record[schema["target"]])


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
