"""Trino's types: their names, and how the engine holds their values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aws_understudy.lake.hive_schema import split_top

TIMESTAMP_TZ = "timestamp with time zone"
INTERVAL_DAY = "interval day to second"
INTERVAL_YEAR = "interval year to month"
MAX_PRECISION = 38

_DUCK = {
    "boolean": "BOOLEAN",
    "tinyint": "TINYINT",
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "real": "FLOAT",
    "double": "DOUBLE",
    "varchar": "VARCHAR",
    "char": "VARCHAR",
    "json": "VARCHAR",
    "uuid": "VARCHAR",
    "varbinary": "BLOB",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    TIMESTAMP_TZ: "STRUCT(t TIMESTAMP, z VARCHAR)",
    INTERVAL_DAY: "BIGINT",
    INTERVAL_YEAR: "INTEGER",
    "unknown": "INTEGER",
}
_HIVE = {
    "boolean": "boolean",
    "tinyint": "tinyint",
    "smallint": "smallint",
    "integer": "int",
    "bigint": "bigint",
    "real": "float",
    "double": "double",
    "varbinary": "binary",
    "date": "date",
    "timestamp": "timestamp",
}


@dataclass(frozen=True)
class Type:
    """A type: ``Type("decimal", (10, 2))``, ``Type("array", parts=(BIGINT,))``.

    The engine holds a timestamp with time zone as its moment in UTC and its zone, an interval as
    milliseconds or months, JSON as its text, and a char padded to its length.
    """

    name: str
    sizes: tuple[int, ...] = ()
    """A length, a precision, or precision and scale; a varchar without is unbounded."""
    parts: tuple[Type, ...] = ()
    """Of an array its elements' type, of a map its key's and value's, of a row its fields'."""
    fields: tuple[str | None, ...] = ()
    """The names of a row's fields."""

    def __str__(self) -> str:
        """Write it as Trino does."""
        if self.name == "row":
            pairs = zip(self.fields, self.parts, strict=True)
            inner = ", ".join(f"{n} {t}" if n else str(t) for n, t in pairs)
            return f"row({inner})"
        inner = ", ".join(map(str, self.parts)) or ",".join(map(str, self.sizes))
        if self.name == TIMESTAMP_TZ:
            return f"timestamp({inner}) with time zone"
        return f"{self.name}({inner})" if inner else self.name

    @property
    def duck(self) -> str:
        """The engine's type."""
        if self.name == "array":
            return f"{self.parts[0].duck}[]"
        if self.name == "map":
            return f"MAP({self.parts[0].duck}, {self.parts[1].duck})"
        if self.name == "row":
            pairs = zip(self.field_names, self.parts, strict=True)
            inner = ", ".join(f"{quoted(n)} {t.duck}" for n, t in pairs)
            return f"STRUCT({inner})"
        if self.name == "decimal":
            return f"DECIMAL({self.sizes[0]},{self.sizes[1]})"
        return _DUCK[self.name]

    @property
    def field_names(self) -> list[str]:
        """The names by which the engine knows a row's fields."""
        return [name or f"_{at}" for at, name in enumerate(self.fields)]

    @property
    def hive(self) -> str | None:
        """The type in which a table stores it; None where no table can."""
        if self.name in {"varchar", "char"}:
            return f"{self.name}({self.sizes[0]})" if self.sizes else "string"
        if self.name == "decimal":
            return f"decimal({self.sizes[0]},{self.sizes[1]})"
        inner = [part.hive for part in self.parts]
        if None in inner or None in self.fields:
            return None
        if self.name == "row":
            pairs = zip(self.field_names, inner, strict=True)
            return f"struct<{','.join(f'{n}:{t}' for n, t in pairs)}>"
        if inner:
            return f"{self.name}<{','.join(map(str, inner))}>"
        return _HIVE.get(self.name)


def quoted(name: str) -> str:
    """Quote an identifier for the engine."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


BOOLEAN, TINYINT, SMALLINT = Type("boolean"), Type("tinyint"), Type("smallint")
INTEGER, BIGINT, REAL, DOUBLE = Type("integer"), Type("bigint"), Type("real"), Type("double")
VARCHAR, VARBINARY, JSON, DATE = Type("varchar"), Type("varbinary"), Type("json"), Type("date")
UNKNOWN, UUID = Type("unknown"), Type("uuid")
DAYS, MONTHS = Type(INTERVAL_DAY), Type(INTERVAL_YEAR)
INTEGERS = ("tinyint", "smallint", "integer", "bigint")
DIGITS = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}
FLOATS = ("real", "double")
NUMBERS = (*INTEGERS, "decimal", *FLOATS)
TIMESTAMPS = ("timestamp", TIMESTAMP_TZ)


def decimal(precision: int, scale: int) -> Type:
    """Make a decimal type, of at most 38 digits."""
    return Type("decimal", (min(MAX_PRECISION, precision), scale))


def varchar(length: int | None) -> Type:
    """Make a varchar type; None is unbounded."""
    return Type("varchar", () if length is None else (length,))


def timestamp(precision: int) -> Type:
    """Make a timestamp type."""
    return Type("timestamp", (precision,))


def timestamp_tz(precision: int) -> Type:
    """Make the type of a timestamp with time zone."""
    return Type(TIMESTAMP_TZ, (precision,))


def array(element: Type) -> Type:
    """Make an array type."""
    return Type("array", parts=(element,))


def map_of(key: Type, value: Type) -> Type:
    """Make a map type."""
    return Type("map", parts=(key, value))


def row(*parts: Type, fields: tuple[str | None, ...] = ()) -> Type:
    """Make a row type; without names its fields have none."""
    return Type("row", parts=parts, fields=fields or (None,) * len(parts))


_SIZED = re.compile(r"(varchar|char|decimal)\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")
_OF_HIVE = {hive: Type(name) for name, hive in _HIVE.items()} | {
    "string": VARCHAR,
    "varchar": VARCHAR,
    "real": REAL,
    "integer": INTEGER,
    "varbinary": VARBINARY,
    "timestamp": timestamp(3),
    "decimal": decimal(10, 0),
    "char": Type("char", (1,)),
}


def of_hive(hive: str) -> Type:
    """Give the type of a catalog's column, which ``arrow_type`` has taken."""
    text = hive.strip().lower()
    if text in _OF_HIVE:
        return _OF_HIVE[text]
    sized = _SIZED.fullmatch(text)
    if sized and sized[1] == "decimal":
        return decimal(int(sized[2]), int(sized[3] or 0))
    if sized:
        return Type(sized[1], (int(sized[2]),))
    outer, _, inside = text.partition("<")
    pieces = split_top(inside[:-1])
    if outer.strip() == "struct":
        pairs = [piece.partition(":") for piece in pieces]
        names = tuple(name.strip() for name, _, _ in pairs)
        return row(*(of_hive(kind) for _, _, kind in pairs), fields=names)
    if outer.startswith("timestamp"):
        return timestamp(3)
    return Type(outer.strip(), parts=tuple(of_hive(piece) for piece in pieces))
