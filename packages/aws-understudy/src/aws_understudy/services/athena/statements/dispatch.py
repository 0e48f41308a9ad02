"""Gives each kind of statement to the function that performs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.statements import (
    alter_table,
    create_as,
    create_table,
    databases,
    insert,
    partitions,
    prepared,
    queries,
    show,
    views,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_understudy.services.athena.outcome import Outcome
    from aws_understudy.services.athena.statements.work import Work

_ACTIONS: dict[str, Callable[[Work], Outcome]] = {
    "SELECT": queries.select,
    "EXECUTE": queries.execute,
    "EXPLAIN": queries.explain,
    "INSERT": insert.insert,
    "UNLOAD": insert.unload,
    "CREATE_TABLE_AS_SELECT": create_as.create_table_as,
    "CREATE_TABLE": create_table.create_external_table,
    "CREATE_VIEW": views.create_view,
    "DROP_VIEW": views.drop_view,
    "SHOW_CREATE_VIEW": views.show_create_view,
    "CREATE_DATABASE": databases.create_database,
    "DROP_DATABASE": databases.drop_database,
    "DROP_TABLE": databases.drop_table,
    "ALTER_TABLE": alter_table.alter_table,
    "PREPARE": prepared.prepare,
    "DEALLOCATE": prepared.deallocate,
    "MSCK_REPAIR_TABLE": partitions.repair,
    "SHOW_DATABASES": show.show_databases,
    "SHOW_TABLES": show.show_tables,
    "SHOW_VIEWS": show.show_tables,
    "SHOW_PARTITIONS": show.show_of_table,
    "SHOW_COLUMNS": show.show_of_table,
    "SHOW_CREATE_TABLE": show.show_of_table,
    "DESCRIBE_TABLE": show.show_of_table,
}

# Words that begin statements which Athena knows and the emulator does not perform.
_NOT_PERFORMED = {
    *("ALTER", "ANALYZE", "CALL", "CREATE", "DELETE", "DROP", "MERGE", "OPTIMIZE"),
    *("SHOW", "UPDATE", "USE", "VACUUM", "MSCK", "INSERT", "EXPLAIN"),
}


def perform(work: Work) -> Outcome:
    """Perform the statement.

    Raises:
        QueryError: it failed, or is not supported.
        LakeError: what it names in the lake cannot be read.
    """
    action = _ACTIONS.get(work.execution.statement.substatement)
    if action is None:
        raise _unknown(work.text)
    return action(work)


def _unknown(text: str) -> QueryError:
    word = (text.split(maxsplit=1) or [""])[0]
    if word.upper() in _NOT_PERFORMED:
        return not_supported(f"The statement {' '.join(text.upper().split()[:2])}")
    return QueryError("SYNTAX_ERROR", f"line 1:1: mismatched input '{word}'")
