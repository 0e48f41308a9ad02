"""Functions of arrays and maps that take no lambda."""

from __future__ import annotations

from typing import Any

from aws_understudy.services.athena.sql.bind.runtime import gathered

_NUMBERED = "CASE WHEN {1} > 0 THEN list_extract({0}, {1}) WHEN {1} < 0 THEN list_extract({0}, {1})"
ARRAYS: dict[str, list[tuple[str, Any]]] = {
    "array_distinct": [("array(T) -> array(T)", gathered.distinct)],
    "array_union": [("array(T), array(T) -> array(T)", gathered.union)],
    "array_intersect": [("array(T), array(T) -> array(T)", gathered.intersect)],
    "array_except": [("array(T), array(T) -> array(T)", gathered.except_)],
    "arrays_overlap": [("array(T), array(T) -> boolean", gathered.overlap)],
    "array_join": [
        ("array(varchar), varchar -> varchar", gathered.joined),
        ("array(varchar), varchar, varchar -> varchar", gathered.joined),
    ],
    "array_max": [("array(T) -> T", gathered.extreme(max))],
    "array_min": [("array(T) -> T", gathered.extreme(min))],
    "array_average": [("array(double) -> double", gathered.average)],
    "array_position": [
        ("array(T), T -> bigint", gathered.position),
        ("array(T), T, bigint -> bigint", gathered.position),
    ],
    "array_remove": [("array(T), T -> array(T)", gathered.remove)],
    "array_first": [("array(T) -> T", "list_extract({0}, 1)")],
    "array_last": [("array(T) -> T", "list_extract({0}, -1)")],
    "array_histogram": [("array(T) -> map(T,bigint)", gathered.histogram)],
    "cardinality": [
        ("array(T) -> bigint", "CAST(len({0}) AS BIGINT)"),
        ("map(K,V) -> bigint", "CAST(cardinality({0}) AS BIGINT)"),
    ],
    "combinations": [("array(T), bigint -> array(array(T))", gathered.combinations)],
    "contains": [("array(T), T -> boolean", gathered.contains)],
    "contains_sequence": [("array(T), array(T) -> boolean", gathered.contains_sequence)],
    "flatten": [("array(array(T)) -> array(T)", "flatten({0})")],
    "ngrams": [("array(T), bigint -> array(array(T))", gathered.ngrams)],
    "repeat": [
        ("T, bigint -> array(T)", "list_transform(range({1}), LAMBDA i : {0})"),
    ],
    "shuffle": [("array(T) -> array(T)", gathered.shuffled)],
    "slice": [("array(T), bigint, bigint -> array(T)", gathered.slice_)],
    "trim_array": [("array(T), bigint -> array(T)", gathered.trim_array)],
    "sequence": [
        ("bigint, bigint -> array(bigint)", gathered.sequence),
        ("bigint, bigint, bigint -> array(bigint)", gathered.sequence),
        (
            "date, date -> array(date)",
            lambda a, b: gathered.sequence_of_time(a, b, 86_400_000 if a <= b else -86_400_000),
        ),
        ("date, date, days -> array(date)", gathered.sequence_of_time),
        ("date, date, months -> array(date)", gathered.sequence_of_months),
        ("timestamp, timestamp, days -> array(timestamp)", gathered.sequence_of_time),
        ("timestamp, timestamp, months -> array(timestamp)", gathered.sequence_of_months),
    ],
}
MAPS: dict[str, list[tuple[str, Any]]] = {
    "map": [
        ("-> map(unknown,unknown)", "CAST(MAP {{}} AS {type})"),
    ],
    "map_keys": [("map(K,V) -> array(K)", "map_keys({0})")],
    "map_values": [("map(K,V) -> array(V)", "map_values({0})")],
    "multimap_from_entries": [],
}
TABLE = {**ARRAYS, **MAPS}
