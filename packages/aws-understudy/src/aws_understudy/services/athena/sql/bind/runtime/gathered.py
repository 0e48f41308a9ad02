"""Functions of arrays and maps, on Python's lists and dictionaries."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
from typing import Any

from aws_understudy.services.athena.errors import failing

_MOST = 10_000


def _invalid(message: str) -> Exception:
    return failing("INVALID_FUNCTION_ARGUMENT", message)


def key_of(value: Any) -> Any:
    """Make a value that can be held in a set."""
    if isinstance(value, list):
        return tuple(key_of(v) for v in value)
    if isinstance(value, dict):
        return tuple((k, key_of(v)) for k, v in value.items())
    return value


def distinct(values: list[Any]) -> list[Any]:
    """Keep the first of each value."""
    return list({(v is None, key_of(v)): v for v in values}.values())


def union(left: list[Any], right: list[Any]) -> list[Any]:
    """Give the values of either, once each."""
    return distinct([*left, *right])


def intersect(left: list[Any], right: list[Any]) -> list[Any]:
    """Give the values of both, once each."""
    held = {key_of(v) for v in right}
    return distinct([v for v in left if key_of(v) in held])


def except_(left: list[Any], right: list[Any]) -> list[Any]:
    """Give the values of the first that the second lacks, once each."""
    held = {key_of(v) for v in right}
    return distinct([v for v in left if key_of(v) not in held])


def overlap(left: list[Any], right: list[Any]) -> bool | None:
    """Whether they share a value; NULL where only a NULL could be shared."""
    if {key_of(v) for v in left if v is not None} & {key_of(v) for v in right if v is not None}:
        return True
    unsure = left and right and (None in left or None in right)
    return None if unsure else False


def contains(values: list[Any], value: Any) -> bool | None:
    """Whether the array holds the value; NULL where a NULL could be it."""
    if value in [v for v in values if v is not None]:
        return True
    return None if None in values else False


def position(values: list[Any], value: Any, instance: int = 1) -> int:
    """Give the place of the n-th such element, counted from 1; 0 where there is none."""
    if not instance:
        raise _invalid("array_position cannot take a 0-valued instance argument.")
    places = [at for at, v in enumerate(values, start=1) if v is not None and v == value]
    at = instance - 1 if instance > 0 else instance
    return places[at] if -len(places) <= at < len(places) else 0


def remove(values: list[Any], value: Any) -> list[Any]:
    """Leave out every such element."""
    return [v for v in values if v is None or v != value]


def joined(values: list[Any], delimiter: str, null: str | None = None) -> str:
    """Join texts; NULLs are left out, or replaced."""
    shown = [null if v is None else v for v in values]
    return delimiter.join(v for v in shown if v is not None)


def slice_(values: list[Any], start: int, length: int) -> list[Any]:
    """Take some elements from a place counted from 1, or from the end where it is negative."""
    if not start:
        raise _invalid("SQL array indices start at 1")
    if length < 0:
        raise _invalid("length must be greater than or equal to 0")
    begin = start - 1 if start > 0 else len(values) + start
    return [] if begin < 0 else values[begin : begin + length]


def extreme(pick: Any) -> Any:
    """Make array_max or array_min: NULL where a NULL is in the array, or nothing."""

    def made(values: list[Any]) -> Any:
        if not values or None in values:
            return None
        nan = next((v for v in values if isinstance(v, float) and math.isnan(v)), None)
        return nan if nan is not None else pick(values)

    return made


def average(values: list[Any]) -> float | None:
    """Give the mean of the elements that are not NULL."""
    held = [v for v in values if v is not None]
    return sum(held) / len(held) if held else None


def combinations(values: list[Any], size: int) -> list[list[Any]]:
    """Give every choice of ``size`` elements, in order."""
    if not 0 <= size <= 5:  # noqa: PLR2004 - Trino's limit
        raise _invalid(f"combination size must not exceed 5: {size}")
    return [list(c) for c in itertools.combinations(values, size)]


def ngrams(values: list[Any], size: int) -> list[list[Any]]:
    """Give every run of ``size`` neighbours."""
    if size <= 0:
        raise _invalid("N must be positive")
    if len(values) <= size:
        return [values]
    return [values[at : at + size] for at in range(len(values) - size + 1)]


def histogram(values: list[Any]) -> dict[Any, int]:
    """Count each value of an array."""
    counts: dict[Any, int] = {}
    for value in values:
        if value is not None:
            counts[value] = counts.get(value, 0) + 1
    return counts


def contains_sequence(values: list[Any], part: list[Any]) -> bool:
    """Whether the part is in the array, its elements beside each other."""
    width = len(part)
    return any(values[at : at + width] == part for at in range(len(values) - width + 1))


def trim_array(values: list[Any], count: int) -> list[Any]:
    """Leave out the last elements."""
    if not 0 <= count <= len(values):
        raise _invalid(f"size must not exceed array cardinality {len(values)}: {count}")
    return values[: len(values) - count]


def shuffled(values: list[Any]) -> list[Any]:
    """Give the elements in any order."""
    return random.sample(values, len(values))


def sequence(start: int, stop: int, step: int | None = None) -> list[int]:
    """Give the numbers from one to the other, either way."""
    width = (1 if start <= stop else -1) if step is None else step
    _check_step(width, forward=start <= stop)
    count = (stop - start) // width + 1
    if count > _MOST:
        raise _too_many()
    return list(range(start, start + count * width, width))


def _check_step(step: int, *, forward: bool) -> None:
    if not step:
        raise _invalid("step must not be zero")
    if (step > 0) != forward:
        raise _invalid(
            "sequence stop value should be greater than or equal to start value if step is "
            "greater than zero otherwise stop should be less than or equal to start"
        )


def _too_many() -> Exception:
    return _invalid(f"result of sequence function must not have more than {_MOST} entries")


def sequence_of_time(start: Any, stop: Any, millis: int) -> list[Any]:
    """Give the moments from one to the other by a step of milliseconds."""
    step = dt.timedelta(milliseconds=millis)
    _check_step(millis, forward=start <= stop)
    count = (stop - start) // step + 1
    if count > _MOST:
        raise _too_many()
    return [start + at * step for at in range(count)]


def sequence_of_months(start: Any, stop: Any, months: int) -> list[Any]:
    """Give the moments from one to the other by a step of months."""
    _check_step(months, forward=start <= stop)
    gathered_map: list[Any] = []
    while True:
        moment = _later(start, months * len(gathered_map))
        if (moment > stop) if months > 0 else (moment < stop):
            return gathered_map
        if len(gathered_map) >= _MOST:
            raise _too_many()
        gathered_map.append(moment)


def _later(moment: Any, months: int) -> Any:
    index = moment.year * 12 + moment.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return moment.replace(year=year, month=month, day=min(moment.day, last))


def no_duplicates(keys: list[Any]) -> list[Any]:
    """Check a map's keys."""
    held = set()
    for key in keys:
        if key is None:
            raise _invalid("map key cannot be null")
        if key_of(key) in held:
            raise _invalid(f"Duplicate map keys ({key}) are not allowed")
        held.add(key_of(key))
    return keys


def multimap(keys: list[Any], values: list[Any]) -> dict[Any, list[Any]]:
    """Make a map that holds all values of a key, in order."""
    gathered_map: dict[Any, list[Any]] = {}
    for key, value in zip(keys, values, strict=True):
        if key is None:
            raise _invalid("map key cannot be null")
        gathered_map.setdefault(key, []).append(value)
    return gathered_map


def merged(maps: list[dict[Any, Any]]) -> dict[Any, Any]:
    """Merge maps: of a key in several the last map's value."""
    gathered_map: dict[Any, Any] = {}
    for held in maps:
        gathered_map |= held or {}
    return gathered_map


def merged_first(maps: list[dict[Any, Any]]) -> dict[Any, Any]:
    """Merge maps: of a key in several the first map's value."""
    gathered_map: dict[Any, Any] = {}
    for held in maps:
        for key, value in (held or {}).items():
            gathered_map.setdefault(key, value)
    return gathered_map


def cosine(left: dict[Any, float], right: dict[Any, float]) -> float | None:
    """Give the similarity of two sparse vectors."""
    if None in left.values() or None in right.values():
        return None
    lengths = [math.sqrt(sum(v * v for v in held.values())) for held in (left, right)]
    if not all(lengths):
        return None
    return sum(v * right.get(k, 0) for k, v in left.items()) / (lengths[0] * lengths[1])


def bucket(value: float, low: float, high: float, count: int) -> int:
    """Give the number of the bucket of equal width."""
    if count <= 0:
        raise _invalid("bucketCount must be greater than 0")
    if low == high:
        raise _invalid("bounds cannot equal each other")
    if math.isnan(value):
        raise _invalid("operand must not be NaN")
    ahead = (value - low) / (high - low)
    if ahead < 0:
        return 0
    return count + 1 if ahead >= 1 else int(count * ahead) + 1


def bucket_of(value: float, bins: list[float]) -> int:
    """Give the number of the bucket by the bins' lower bounds."""
    if not bins:
        raise _invalid("Bins cannot be an empty array")
    if bins != sorted(bins):
        raise _invalid("Bin values are not sorted in ascending order")
    return sum(value >= b for b in bins)
