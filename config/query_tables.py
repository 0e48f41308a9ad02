"""Holds the SQL of a platform to its tables: a query of another table would fail once deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.query_file import NamedQuery, QueryError, queries_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.settings import Settings


def refuse_unknown_tables(settings: Settings) -> None:
    """Parse every query of a configuration, and look up the tables that it names.

    Raises:
        QueryError: one is no SQL, or names a table that no data set, view or pipeline makes.
    """
    if not settings.has_sql:
        return
    queries = queries_of(settings.datasets)
    known = {
        *(settings.table_name(dataset) for dataset in settings.datasets),
        *(query.name for _, query in queries if query.kind == "view"),
        *(learning.answers_table for learning in settings.learnings),
    }
    for dataset, query in queries:
        statement = query.over(settings.tables_for(dataset))
        unknown = sorted(set(_tables_in(query, statement, settings.database_name)) - known)
        if unknown:
            raise QueryError(
                f"{query.path}: asks for the table {unknown[0]!r}, which no data set of the "
                f"settings makes; there are {', '.join(sorted(known))}"
            )


def _tables_in(query: NamedQuery, statement: str, database: str) -> Iterator[str]:
    """The tables of the platform's database that a statement reads."""
    import sqlglot  # noqa: PLC0415 - only validation pays for loading it
    from sqlglot import exp  # noqa: PLC0415 - ditto

    try:
        parsed = sqlglot.parse_one(statement, dialect="athena")
    except sqlglot.errors.ParseError as error:
        reason = str(error).splitlines()[0]
        raise QueryError(f"{query.path}: is not SQL as Athena takes it: {reason}") from None
    made = parsed.this if isinstance(parsed, exp.Create) else None
    within = {common.alias for common in parsed.find_all(exp.CTE)}
    for table in parsed.find_all(exp.Table):
        if table is not made and table.name not in within and table.db in {"", database}:
            yield table.name.lower()
