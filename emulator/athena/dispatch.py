"""Gives each kind of statement to the module that performs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.athena import create_as, create_table, databases, insert, partitions, show, views
from emulator.athena.errors import QueryError, not_supported
from emulator.athena.outcome import Outcome, of_answer, of_lines
from emulator.athena.prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.athena.clients import Clients
    from emulator.athena.executions import Execution
    from emulator.athena.select import QueryRunner

# Words that begin statements which Athena knows and the emulator does not perform.
_NOT_HERE = {
    *("ALTER", "ANALYZE", "CALL", "CREATE", "DEALLOCATE", "DELETE", "DROP", "MERGE", "OPTIMIZE"),
    *("PREPARE", "SHOW", "UPDATE", "USE", "VACUUM", "MSCK", "INSERT", "EXPLAIN"),
}


def perform(*, clients: Clients, execution: Execution, runner: QueryRunner) -> Outcome:
    """Perform the statement.

    Raises:
        QueryError: it failed, or is not supported.
    """
    kind, text = execution.statement.substatement, execution.statement.text
    catalog, database = runner.catalog, runner.database
    here: dict[str, Any] = {"catalog": catalog, "text": text, "database": database}
    writing: dict[str, Any] = {"runner": runner, "execution": execution, "text": text}
    actions: dict[str, Callable[[], Outcome]] = {
        "SELECT": lambda: of_answer(runner.run(sql=text, parameters=execution.parameters)),
        "EXECUTE": lambda: _execute(clients=clients, execution=execution, runner=runner),
        "EXPLAIN": lambda: _explain(execution=execution, runner=runner),
        "INSERT": lambda: insert.insert(**writing),
        "UNLOAD": lambda: insert.unload(**writing),
        "CREATE_TABLE_AS_SELECT": lambda: create_as.create_table_as(**writing),
        "CREATE_TABLE": lambda: create_table.create_external_table(**here),
        "CREATE_VIEW": lambda: views.create_view(runner=runner, text=text),
        "DROP_VIEW": lambda: views.drop_view(**here),
        "SHOW_CREATE_VIEW": lambda: views.show_create_view(**here),
        "CREATE_DATABASE": lambda: databases.create_database(catalog=catalog, text=text),
        "DROP_DATABASE": lambda: databases.drop_database(catalog=catalog, text=text),
        "DROP_TABLE": lambda: databases.drop_table(**here),
        "ALTER_TABLE": lambda: partitions.alter_table(**here),
        "MSCK_REPAIR_TABLE": lambda: partitions.repair(s3=runner.s3, **here),
        "SHOW_DATABASES": lambda: show.show_databases(catalog=catalog, text=text),
        "SHOW_TABLES": lambda: show.show_tables(**here),
        "SHOW_VIEWS": lambda: show.show_tables(**here),
    }
    for of_table in ("SHOW_PARTITIONS", "SHOW_COLUMNS", "SHOW_CREATE_TABLE", "DESCRIBE_TABLE"):
        actions[of_table] = lambda: show.show_of_table(**here)
    action = actions.get(kind)
    if action is None:
        raise _unknown(text)
    return action()


def _unknown(text: str) -> QueryError:
    word = (text.split(maxsplit=1) or [""])[0]
    if word.upper() in _NOT_HERE:
        return not_supported(f"The statement {' '.join(text.upper().split()[:2])}")
    return QueryError("SYNTAX_ERROR", f"line 1:1: mismatched input '{word}'")


def _execute(*, clients: Clients, execution: Execution, runner: QueryRunner) -> Outcome:
    sql, parameters = prepared(
        athena=clients.get("athena"),
        text=execution.statement.text,
        workgroup=execution.settings.workgroup,
        parameters=execution.parameters,
    )
    return of_answer(runner.run(sql=sql, parameters=parameters))


def _explain(*, execution: Execution, runner: QueryRunner) -> Outcome:
    query = execution.statement.text[len("EXPLAIN") :].strip()
    if query.upper().startswith(("ANALYZE", "(")):
        raise not_supported("EXPLAIN ANALYZE, and EXPLAIN with options,")
    plan = runner.explain(sql=query, parameters=execution.parameters)
    note = "Query plan of the emulator's engine (DuckDB), not of Athena's"
    return of_lines(name="Query Plan", lines=[note, *plan.splitlines()])
