"""Leaves out partitions that a WHERE excludes, before their files are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
from sqlglot import exp

from aws_understudy.lake.hive_schema import arrow_type
from aws_understudy.lake.partition_values import typed_column
from aws_understudy.services.athena.engine import scratch_engine
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.sql.bind.statement import bind_condition, teach
from aws_understudy.services.athena.trino_types import of_hive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_understudy.services.athena.catalog import CatalogTable, Partition


def prune(
    *, table: CatalogTable, partitions: Sequence[Partition], uses: Sequence[exp.Table]
) -> list[Partition]:
    """Keep the partitions that at least one use of the table can need.

    Only conditions on partition keys alone, joined by AND, in the WHERE beside the table count;
    whatever else there is, the query itself still applies.
    """
    if not table.keys or not partitions:
        return list(partitions)
    kept: set[int] = set()
    for use in uses:
        condition = _condition(table=table, use=use)
        if condition is None:
            return list(partitions)
        kept |= _matching(table=table, partitions=partitions, condition=condition)
    return [p for i, p in enumerate(partitions) if i in kept]


def _condition(*, table: CatalogTable, use: exp.Table) -> exp.Expr | None:
    select = use.find_ancestor(exp.Select)
    where = select.args.get("where") if select else None
    if select is None or where is None:
        return None
    joins = select.args.get("joins") or []
    if any(join.side or join.kind in {"SEMI", "ANTI"} for join in joins):
        return None  # an outer join's WHERE may keep rows that have no partner
    names = {name for name, _ in table.keys}
    whole = where.this
    chosen = [p.copy() for p in (whole.flatten() if isinstance(whole, exp.And) else [whole])]
    usable = [p for p in chosen if _only_keys(p, names=names, alias=use.alias, alone=not joins)]
    if not usable:
        return None
    for part in usable:
        for column in part.find_all(exp.Column):
            column.set("table", None)
    return exp.and_(*usable)


def _only_keys(part: exp.Expr, *, names: set[str], alias: str, alone: bool) -> bool:
    if part.find(exp.Query, exp.Placeholder):
        return False
    columns = list(part.find_all(exp.Column))
    return bool(columns) and all(
        c.name.lower() in names and (c.table.lower() == alias.lower() or (alone and not c.table))
        for c in columns
    )


def _matching(
    *, table: CatalogTable, partitions: Sequence[Partition], condition: exp.Expr
) -> set[int]:
    arrays = {"i": pa.array(range(len(partitions)))}
    columns = []
    for i, (name, kind) in enumerate(table.keys):
        values = [p.values[i] for p in partitions]
        arrays[f"p{i}"] = typed_column(values=values, kind=arrow_type(kind))
        columns.append((name, f"p{i}", of_hive(kind)))
    engine = scratch_engine()
    engine.register("partitions", pa.table(arrays))
    try:
        sql, context = bind_condition(node=condition, columns=columns)
        teach(engine, context)
        result = engine.execute(f"SELECT i FROM partitions WHERE {sql}")  # noqa: S608 - bound above
        return {row[0] for row in result.fetchall()}
    except (duckdb.Error, QueryError):
        return set(range(len(partitions)))  # the query itself will say what is wrong
    finally:
        engine.unregister("partitions")
