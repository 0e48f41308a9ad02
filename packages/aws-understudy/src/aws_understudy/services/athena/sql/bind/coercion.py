"""Which types become which without being asked, and the common type of two."""

from __future__ import annotations

from aws_understudy.services.athena.trino_types import (
    DATE,
    DIGITS,
    DOUBLE,
    FLOATS,
    INTEGERS,
    MAX_PRECISION,
    REAL,
    TIMESTAMP_TZ,
    TIMESTAMPS,
    UNKNOWN,
    Type,
    decimal,
    varchar,
)

_LADDER = (DATE.name, *TIMESTAMPS)


def common_type(first: Type, second: Type) -> Type | None:
    """Give the type to which both go without being asked, or None."""
    if second in {first, UNKNOWN}:
        return first
    if first == UNKNOWN:
        return second
    for rule in (_numbers, _texts, _moments, _nested):
        common = rule(first, second)
        if common is not None:
            return common
    return None


def coerces(source: Type, target: Type) -> bool:
    """Whether a value goes to another type without being asked."""
    if target.name == "varchar" and not target.sizes and source.name in {"varchar", "char"}:
        return True
    return common_type(source, target) == target


def _numbers(first: Type, second: Type) -> Type | None:
    names = {first.name, second.name}
    if not names <= {*INTEGERS, "decimal", *FLOATS}:
        return None
    if "double" in names:
        return DOUBLE
    if "real" in names:
        return REAL
    if "decimal" not in names:
        return max(first, second, key=lambda t: INTEGERS.index(t.name))
    (p1, s1), (p2, s2) = exact(first), exact(second)
    scale = max(s1, s2)
    return decimal(min(MAX_PRECISION, max(p1 - s1, p2 - s2) + scale), scale)


def exact(kind: Type) -> tuple[int, int]:
    """Give precision and scale of an integer or decimal type."""
    if kind.name == "decimal":
        return kind.sizes[0], kind.sizes[1]
    return DIGITS[kind.name], 0


def _texts(first: Type, second: Type) -> Type | None:
    if not {first.name, second.name} <= {"varchar", "char"}:
        return None
    longest = max(first.sizes[0], second.sizes[0]) if first.sizes and second.sizes else None
    if first.name == second.name == "char":
        return Type("char", (longest or 1,))
    return varchar(longest)


def _moments(first: Type, second: Type) -> Type | None:
    if first.name == second.name == "time":
        return max(first, second, key=lambda t: t.sizes)
    if not {first.name, second.name} <= set(_LADDER):
        return None
    name = max(first.name, second.name, key=_LADDER.index)
    return Type(name, max(first.sizes, second.sizes))


def _nested(first: Type, second: Type) -> Type | None:
    if first.name != second.name or len(first.parts) != len(second.parts) or not first.parts:
        return None
    pairs = zip(first.parts, second.parts, strict=True)
    parts = [common_type(mine, other) for mine, other in pairs]
    if None in parts:
        return None
    known = tuple(part for part in parts if part is not None)
    names = zip(first.fields, second.fields, strict=True)
    fields = tuple(mine if mine == other else None for mine, other in names)
    return Type(first.name, parts=known, fields=fields)


def is_zoned(kind: Type) -> bool:
    """Whether it is a timestamp with time zone."""
    return kind.name == TIMESTAMP_TZ
