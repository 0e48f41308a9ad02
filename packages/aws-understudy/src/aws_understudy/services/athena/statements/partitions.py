"""MSCK REPAIR TABLE, ALTER TABLE ADD and DROP PARTITION."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from aws_understudy.lake.s3_objects import list_data, split_uri
from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.outcome import Outcome, of_lines
from aws_understudy.services.athena.statements.ddl_text import (
    NAME,
    STRING,
    match,
    pairs,
    s3_location,
    table_name,
)
from aws_understudy.services.athena.statements.ddl_text import unquote as unquoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_understudy.services.athena.catalog import Catalog, CatalogTable
    from aws_understudy.services.athena.statements.work import Work

_MSCK = re.compile(rf"MSCK\s+REPAIR\s+TABLE\s+{NAME}\s*", re.IGNORECASE)
_ONE = rf"PARTITION\s*\(([^)]*)\)(?:\s*LOCATION\s*({STRING}))?"
_ALTER = re.compile(
    rf"ALTER\s+TABLE\s+{NAME}\s+(?P<verb>ADD|DROP)\s+(?P<quietly>IF\s+(?:NOT\s+)?EXISTS\s+)?"
    rf"(?P<list>{_ONE}(?:\s*,?\s*{_ONE})*)\s*",
    re.IGNORECASE,
)
_BATCH = 100


def alter_table(work: Work) -> Outcome:
    """Add or drop partitions.

    Raises:
        QueryError: NOT_SUPPORTED for other changes; a partition exists or is of other keys.
    """
    if not _ALTER.fullmatch(work.text):
        raise not_supported(f"ALTER TABLE as in {work.text[:60]!r}")
    parts = match(_ALTER, work.text)
    table = _table(work=work, name=parts["name"])
    held = {p.values for p in work.catalog.partitions(table)}
    where = {"DatabaseName": table.database, "TableName": table.name}
    for spec, location in re.findall(_ONE, parts["list"], re.IGNORECASE):
        values = _values(table=table, spec=spec)
        if parts["verb"].upper() == "DROP":
            if values in held:
                work.catalog.glue.delete_partition(**where, PartitionValues=list(values))
            elif not parts["quietly"]:
                raise QueryError("HIVE_PARTITION_NOT_FOUND", f"Partition not found: {spec}")
        elif values not in held:
            uri = s3_location(unquoted(location)) if location else _folder(table, values)
            entry = _entry(table=table, values=values, location=uri)
            work.catalog.glue.create_partition(**where, PartitionInput=entry)
        elif not parts["quietly"]:
            raise QueryError("ALREADY_EXISTS", f"Partition already exists: {spec}")
    return Outcome()


def set_location(work: Work, name: str, spec: str, uri: str) -> Outcome:
    """Move one partition to another folder.

    Raises:
        QueryError: there is no such partition.
    """
    table = _table(work=work, name=name)
    values = _values(table=table, spec=spec)
    if values not in {p.values for p in work.catalog.partitions(table)}:
        raise QueryError("HIVE_PARTITION_NOT_FOUND", f"Partition not found: {spec}")
    work.catalog.glue.update_partition(
        DatabaseName=table.database,
        TableName=table.name,
        PartitionValueList=list(values),
        PartitionInput=_entry(table=table, values=values, location=uri),
    )
    return Outcome()


def repair(work: Work) -> Outcome:
    """Add the partitions whose ``key=value`` folders are in S3 and not in the catalog.

    Raises:
        QueryError: the table is missing or has no partition keys.
    """
    table = _table(work=work, name=match(_MSCK, work.text)["name"])
    held = {p.values for p in work.catalog.partitions(table)}
    new = [v for v in _in_storage(s3=work.s3, table=table) if v not in held]
    add_partitions(catalog=work.catalog, table=table, values=new)
    names = [_label(table, v) for v in new]
    missing = "".join(f"\t{table.name}:{name}" for name in names)
    lines = [f"Partitions not in metastore:{missing}"] if names else []
    lines += [f"Repair: Added partition to metastore {table.name}:{name}" for name in names]
    return of_lines(name="result", lines=lines)


def add_partitions(
    *, catalog: Catalog, table: CatalogTable, values: Sequence[tuple[str, ...]]
) -> None:
    """Add partitions at their usual folders."""
    for start in range(0, len(values), _BATCH):
        entries = [
            _entry(table=table, values=v, location=_folder(table, v))
            for v in values[start : start + _BATCH]
        ]
        answer = catalog.glue.batch_create_partition(
            DatabaseName=table.database, TableName=table.name, PartitionInputList=entries
        )
        if answer.get("Errors"):
            raise QueryError("HIVE_METASTORE_ERROR", f"BatchCreatePartition: {answer['Errors']}")


def show_partitions(*, catalog: Catalog, table: CatalogTable) -> Outcome:
    """List partitions as ``key=value/key=value``."""
    _check_keys(table)
    lines = sorted(_label(table, p.values) for p in catalog.partitions(table))
    return of_lines(name="partition", lines=lines)


def _table(*, work: Work, name: str) -> CatalogTable:
    full = table_name(name, database=work.database)
    table = work.catalog.get(database=full.database, name=full.name)
    _check_keys(table)
    return table


def _check_keys(table: CatalogTable) -> None:
    if not table.keys:
        raise QueryError(
            "INVALID_TABLE_PROPERTY", f"Table {table.database}.{table.name} is not partitioned"
        )


def _in_storage(*, s3: Any, table: CatalogTable) -> list[tuple[str, ...]]:
    location = table.record["StorageDescriptor"]["Location"].rstrip("/") + "/"
    keys = [name for name, _ in table.keys]
    _, prefix = split_uri(location)
    values: dict[tuple[str, ...], None] = {}
    for item in list_data(s3=s3, uri=location):
        folders = [f.partition("=") for f in item.key[len(prefix) :].split("/")[:-1]]
        if [f[0].lower() for f in folders[: len(keys)]] == keys:
            values[tuple(unquote(f[2]) for f in folders[: len(keys)])] = None
    return list(values)


def _values(*, table: CatalogTable, spec: str) -> tuple[str, ...]:
    stated = {k.lower(): v for k, v in pairs(spec).items()}
    keys = [name for name, _ in table.keys]
    if sorted(stated) != sorted(keys):
        raise QueryError(
            "INVALID_PARTITION_SPEC", f"PARTITION ({spec}): the table's keys are {keys}"
        )
    return tuple(stated[key] for key in keys)


def _label(table: CatalogTable, values: Sequence[str]) -> str:
    return "/".join(
        f"{k}={quote(v, safe=' ')}" for (k, _), v in zip(table.keys, values, strict=True)
    )


def _folder(table: CatalogTable, values: Sequence[str]) -> str:
    base = str(table.record["StorageDescriptor"]["Location"]).rstrip("/")
    return f"{base}/{_label(table, values)}/"


def _entry(*, table: CatalogTable, values: Sequence[str], location: str) -> dict[str, Any]:
    descriptor = {**table.record["StorageDescriptor"], "Location": location}
    return {"Values": list(values), "StorageDescriptor": descriptor, "Parameters": {}}
