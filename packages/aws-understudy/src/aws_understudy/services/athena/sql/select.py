"""Runs a query: resolve, translate, see what it needs, load that, run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from aws_understudy.services.athena.engine import open_engine
from aws_understudy.services.athena.errors import QueryCancelled, QueryError
from aws_understudy.services.athena.scan.layout import Layout
from aws_understudy.services.athena.scan.scan import FileScan, load, plan
from aws_understudy.services.athena.sql.bind.statement import Source, bind_statement, teach
from aws_understudy.services.athena.sql.engine_errors import query_error
from aws_understudy.services.athena.sql.parse import bind_parameters, parse_query
from aws_understudy.services.athena.sql.pruning import prune
from aws_understudy.services.athena.sql.resolve import Resolved, Resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_understudy.services.athena.catalog import Catalog
    from aws_understudy.services.athena.sql.bind.queries import BoundQuery
    from aws_understudy.services.athena.trino_types import Type


_BATCH = 100_000
RESULT_LIMIT = 512 * 2**20
"""The bytes that the rows of one query may have here."""
_REFERENCE = re.compile(r"\b(t\d+)_(c\d+|p\d+|path)\b")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The rows of a query."""

    names: list[str]
    types: list[Type]
    """Trino's types."""
    rows: pa.Table


@dataclass(kw_only=True)
class QueryRunner:
    """Runs queries for one execution; ``bytes_scanned`` adds up over them."""

    catalog: Catalog
    s3: Any
    database: str
    check_scan: Callable[[int], None] = lambda _: None
    """Called with the bytes to be scanned before any is read; raises above the limit."""
    on_engine: Callable[[duckdb.DuckDBPyConnection | None], None] = lambda _: None
    """Told which engine runs, so that it can be interrupted."""
    bytes_scanned: int = 0

    def run(self, *, sql: str, parameters: Sequence[str] = ()) -> Answer:
        """Run a SELECT.

        Raises:
            QueryError: by Athena's error names.
            QueryCancelled: interrupted, or above the bytes limit.
        """
        tree = bind_parameters(tree=parse_query(sql), parameters=parameters)
        resolved = Resolver(catalog=self.catalog, database=self.database).resolve(
            tree=tree, sql=sql
        )
        with open_engine() as engine:
            self.on_engine(engine)
            try:
                return self._run(engine=engine, resolved=resolved, sql=sql)
            except duckdb.InterruptException as error:
                raise QueryCancelled("Query was cancelled by the user") from error
            except duckdb.Error as error:
                raise query_error(error=error, sql=sql, shown=resolved.shown) from error
            finally:
                self.on_engine(None)

    def explain(self, *, sql: str, parameters: Sequence[str] = ()) -> str:
        """Give the engine's plan, without reading data."""
        tree = bind_parameters(tree=parse_query(sql), parameters=parameters)
        resolved = Resolver(catalog=self.catalog, database=self.database).resolve(
            tree=tree, sql=sql
        )
        with open_engine() as engine:
            try:
                _, query = _prepare(engine=engine, resolved=resolved, sql=sql)
                plans = engine.execute(f"EXPLAIN {query.sql}").fetchall()
            except duckdb.Error as error:
                raise query_error(error=error, sql=sql, shown=resolved.shown) from error
        return "\n".join(text for _, text in plans)

    def describe(self, *, sql: str) -> Answer:
        """Give the columns of a query without its rows."""
        resolved = Resolver(catalog=self.catalog, database=self.database).resolve(
            tree=parse_query(sql), sql=sql
        )
        with open_engine() as engine:
            try:
                _, query = _prepare(engine=engine, resolved=resolved, sql=sql)
                engine.execute(f"EXPLAIN {query.sql}")
            except duckdb.Error as error:
                raise query_error(error=error, sql=sql, shown=resolved.shown) from error
            return _answer(query, pa.table({}))

    def _run(self, *, engine: duckdb.DuckDBPyConnection, resolved: Resolved, sql: str) -> Answer:
        layouts, query = _prepare(engine=engine, resolved=resolved, sql=sql)
        wanted = _needed(engine=engine, sql=query.sql)
        scans = {
            internal: self._plan(layout=layout, resolved=resolved, wanted=wanted)
            for internal, layout in layouts.items()
        }
        total = sum(scan.scanned for files in scans.values() for scan in files)
        self.check_scan(total)
        self.bytes_scanned += total
        for internal, layout in layouts.items():
            rows = load(
                layout=layout, scans=scans[internal], needed=wanted.get(layout.prefix, set())
            )
            engine.register(layout.source, _complete(rows, layout))
        self.check_scan(0)  # it may have been stopped while it read
        return _answer(query, self._fetched(engine, query.sql))

    def _fetched(self, engine: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
        """Fetch the rows batch by batch, so that a stop is seen and their size has a bound."""
        reader: pa.RecordBatchReader = engine.sql(sql).to_arrow_reader(_BATCH)
        batches, size = [], 0
        for batch in reader:
            self.check_scan(0)
            size += batch.nbytes
            if size > RESULT_LIMIT:
                raise QueryError(
                    "EXCEEDED_MEMORY_LIMIT",
                    f"The result is larger than {RESULT_LIMIT} bytes, which is what the emulator "
                    "holds of one query. Select fewer rows or columns, or write them by UNLOAD "
                    "in parts.",
                )
            batches.append(batch)
        return pa.Table.from_batches(batches, schema=reader.schema)

    def _plan(
        self, *, layout: Layout, resolved: Resolved, wanted: dict[str, set[str]]
    ) -> list[FileScan]:
        partitions = prune(
            table=layout.table,
            partitions=self.catalog.partitions(layout.table),
            uses=resolved.uses[layout.internal],
        )
        return plan(
            s3=self.s3,
            layout=layout,
            partitions=partitions,
            needed=wanted.get(layout.prefix, set()),
        )


def _prepare(
    *, engine: duckdb.DuckDBPyConnection, resolved: Resolved, sql: str
) -> tuple[dict[str, Layout], BoundQuery]:
    """Bind the query, and register the tables without rows, so that the engine can plan it."""
    layouts = {i: Layout(internal=i, table=table) for i, table in resolved.tables.items()}
    for layout in layouts.values():
        engine.register(layout.source, layout.schema().empty_table())
    sources = {i: Source(layout.source, layout.columns()) for i, layout in layouts.items()}
    query, context = bind_statement(tree=resolved.tree, text=sql, sources=sources)
    resolved.shown = context.shown
    teach(engine, context)
    return layouts, query


def _needed(*, engine: duckdb.DuckDBPyConnection, sql: str) -> dict[str, set[str]]:
    """Explain the query and collect the columns by table prefix: ``{"t0": {"c1", "p0"}}``."""
    plan = engine.execute(f"EXPLAIN (FORMAT JSON) {sql}").fetchall()
    columns: dict[str, set[str]] = {}
    for _, text in plan:
        for prefix, short in _REFERENCE.findall(text):
            columns.setdefault(prefix, set()).add(short)
    return columns


def _complete(rows: pa.Table, layout: Layout) -> pa.Table:
    """Add the columns that are not needed as NULL, so that the view still binds."""
    schema = layout.schema()
    held = set(rows.column_names)
    arrays = [
        rows.column(f.name) if f.name in held else pa.nulls(rows.num_rows, f.type) for f in schema
    ]
    return pa.table(arrays, names=schema.names)


def _answer(query: BoundQuery, rows: pa.Table) -> Answer:
    names = [column.name for column in query.columns]
    return Answer(names=names, types=[column.type for column in query.columns], rows=rows)


def named_columns(answer: Answer) -> list[tuple[str, Type]]:
    """Give name and type of each column of a query that becomes a table or view.

    Raises:
        QueryError: a column has no name of its own, or the name of another.
    """
    for at, name in enumerate(answer.names):
        if name == f"_col{at}":
            raise QueryError(
                "COLUMN_NAME_NOT_SPECIFIED",
                f"line 1:1: Column name not specified at position {at + 1}",
            )
        if name in answer.names[:at]:
            message = f"line 1:1: Column name '{name}' specified more than once"
            raise QueryError("DUPLICATE_COLUMN_NAME", message)
    return list(zip(answer.names, answer.types, strict=True))
