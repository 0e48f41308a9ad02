"""A file as its owner gave it, as a relation of DuckDB: the columns and types of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rehearsal.data.prepare import PreparedFile

TYPES: Final = {
    "int64": "BIGINT",
    "double": "DOUBLE",
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
}
"""Arrow's types, and DuckDB's; a column of another type stays as DuckDB reads it."""
ZONE: Final = r"'(Z|[+-][0-9]{2}:?[0-9]{2})$'"
"""How a time with a zone ends; DuckDB's cast to a time without one would drop it."""
LONGEST_LINE: Final = 2**24


def relation(file: PreparedFile) -> str:
    """A SELECT over the source; the values of its folders are columns of text at the end."""
    readers = {"csv": _csv, "json": _json, "parquet": _parquet}
    columns, reader = readers[file.kind](file)
    kinds = {field.name: str(field.type) for field in pq.read_schema(file.parquet)}
    typed = [
        f"{_cast(sql, kinds[name], text=file.kind != 'parquet')} AS {_name(name)}"
        for name, sql in zip(file.columns, columns, strict=True)
    ]
    return f"SELECT {', '.join([*typed, *_folders(file)])} FROM {reader}"  # noqa: S608 - the user's own files


def _cast(sql: str, kind: str, *, text: bool) -> str:
    if kind not in TYPES:
        return sql
    cast = f"CAST({sql} AS {TYPES[kind]})"
    if text and TYPES[kind] == "TIMESTAMP":
        zoned = f"timezone('UTC', CAST({sql} AS TIMESTAMPTZ))"
        return f"CASE WHEN regexp_matches({sql}, {ZONE}) THEN {zoned} ELSE {cast} END"
    return cast


def _csv(file: PreparedFile) -> tuple[list[str], str]:
    """Nothing is guessed: every value is text, and columns go by their places."""
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in file.columns)
    options = "auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"'"
    reader = (
        f"read_csv({_text(str(file.source))}, {options}, max_line_size = {LONGEST_LINE}, "
        f"columns = {{{columns}}}{_packed(file)})"
    )
    return [_name(name) for name in file.columns], reader


def _json(file: PreparedFile) -> tuple[list[str], str]:
    """A header with a dot is a value inside an object, or a name with a dot."""
    columns = [f"coalesce({', '.join(_paths(header))}, NULL)" for header in file.headers]
    return columns, f"read_ndjson_objects({_text(str(file.source))}{_packed(file)})"


def _paths(header: str) -> Iterator[str]:
    for parts in ([header], header.split(".")):
        path = "$" + "".join(f".{_name(part)}" for part in parts)
        yield f"json->>{_text(path)}"


def _parquet(file: PreparedFile) -> tuple[list[str], str]:
    top = set(pq.read_schema(file.source).names)
    columns = [
        _name(header) if header in top else ".".join(map(_name, header.split(".")))
        for header in file.headers
    ]
    return columns, f"read_parquet({_text(str(file.source))}, hive_partitioning = false)"


def _folders(file: PreparedFile) -> Iterator[str]:
    for name, value in file.partition.items():
        yield f"{'CAST(NULL AS VARCHAR)' if value is None else _text(value)} AS {_name(name)}"


def _packed(file: PreparedFile) -> str:
    return ", compression = 'gzip'" if file.compressed else ""


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
