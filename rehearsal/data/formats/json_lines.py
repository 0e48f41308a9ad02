"""Reads JSON: an object a line; objects in it become columns, ``outer.inner``; lists JSON text."""

from __future__ import annotations

import json
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn

import pyarrow as pa

from rehearsal.data.formats.csv_text import opened
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rehearsal.data.files import DataFile
    from rehearsal.data.formats.batch import Batch

ROWS: Final = 20_000
"""So many rows are in memory at once."""
LARGEST_WHOLE: Final = 2**63


def json_batches(file: DataFile) -> Iterator[Batch]:
    """The rows of a file of JSON lines; a column that a row lacks has no value there.

    Raises:
        DataError: a line is no object, or has a key twice.
    """
    with opened(file) as content:
        rows = _rows(file, content)
        while batch := list(islice(rows, ROWS)):
            names = dict.fromkeys(name for row in batch for name in row)
            yield {name: _array([row.get(name) for row in batch]) for name in names}


def as_json(value: Any) -> str:
    """A list or an object as compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _rows(file: DataFile, content: IO[bytes]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(content, start=1):
        if line.strip():
            yield _row(file, number, line.decode("utf-8-sig" if number == 1 else "utf-8"))


def _row(file: DataFile, number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line, parse_constant=_refuse_constant, object_pairs_hook=_unique)
        if isinstance(value, dict):
            return _unique(list(_flat(value)))
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{file.path}, line {number}: is no JSON object ({error}); each line has to hold one "
            "whole object. If the file is no data, move it out of the folder"
        ) from None
    raise DataError(
        f"{file.path}, line {number}: holds {line.strip()[:20]!r}, no JSON object; write one "
        "object a line, and no list around them"
    )


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON; write null")


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it has the key {twice!r} twice")
    if not all(name.strip() for name in value):
        raise ValueError("it has a key without a name")
    return value


def _flat(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from _flat(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", inner


def _array(values: list[Any]) -> pa.Array:
    """Values as an array of their type, or as text where they have more than one."""
    types = {type(value) for value in values} - {type(None)}
    if types == {int, float} and all(_is_exact(value) for value in values):
        return pa.array(values, pa.float64())
    if types <= {int} and all(value is None or _fits(value) for value in values):
        return pa.array(values, pa.int64() if types else pa.null())
    if types in ({float}, {bool}, {str}):
        return pa.array(values)
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _fits(value: int) -> bool:
    return -LARGEST_WHOLE <= value < LARGEST_WHOLE


def _is_exact(value: float | None) -> bool:
    """Whether a double holds a number; to ask a whole number may overflow."""
    try:
        return value is None or float(value) == value
    except OverflowError:
        return False


def _text(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)
