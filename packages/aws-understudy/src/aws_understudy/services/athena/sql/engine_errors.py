"""Says the engine's errors by Athena's names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb

from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.sql.functions import position

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COLUMN = [
    re.compile(r'Referenced column "([^"]+)" not found'),
    re.compile(r'does not have a column named "([^"]+)"'),
]
_MARKED = re.compile("\x01(.*?)\x02(.*?)\x03", re.DOTALL)
_WORDS = [
    ("More than one row returned by a subquery", "SUBQUERY_MULTIPLE_ROWS",
     "Scalar sub-query has returned multiple rows"),
    ("Type INT", "NUMERIC_VALUE_OUT_OF_RANGE", "The number is out of the range of its type"),
    ("Map keys must be unique", "INVALID_FUNCTION_ARGUMENT", "Duplicate map keys are not allowed"),
    ("Map keys can not be NULL", "INVALID_FUNCTION_ARGUMENT", "map key cannot be null"),
]  # fmt: skip
_TABLE = re.compile(r'Referenced table "([^"]+)" not found')
_AMBIGUOUS = re.compile(r'Ambiguous reference to column name "([^"]+)"')
_FUNCTION = re.compile(r"(?:Function|Macro) with name \"?(\w+)\"? does not exist", re.IGNORECASE)
_GROUPED = re.compile(r'column "?([\w$]+)"? must appear in the GROUP BY', re.IGNORECASE)


def query_error(*, error: duckdb.Error, sql: str, shown: Mapping[str, str]) -> QueryError:
    """Make the QueryError of an engine's error.

    ``sql`` is the query's own text, and ``shown`` has its names of the engine's columns.
    """
    text = str(error)
    marked = _MARKED.search(text)
    if marked:
        return QueryError(marked[1], marked[2])
    for pattern, make in _BINDING:
        match = pattern.search(text)
        if match:
            name = shown.get(match[1], match[1])
            return make(name, _place(sql, name))
    for words, name, message in _WORDS:
        if words in text:
            return QueryError(name, message)
    if "ivision by zero" in text:
        return QueryError("DIVISION_BY_ZERO", "Division by zero")
    first = re.split(r"\n\s*\n|\nLINE \d|\n", text)[0]
    for kind, name in _KINDS:
        if isinstance(error, kind):
            return QueryError(name, first)
    return QueryError("GENERIC_INTERNAL_ERROR", first)


def _place(sql: str, name: str) -> str:
    """Find a name in the query; the engine only knows the place in its translation."""
    occurrence = re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", sql, re.IGNORECASE)
    return position(sql, occurrence.start()) if occurrence else "line 1:1"


def _no_column(name: str, where: str) -> QueryError:
    return QueryError(
        "COLUMN_NOT_FOUND",
        f"{where}: Column '{name}' cannot be resolved or requester is not authorized to access "
        "requested resources",
    )


def _ambiguous(name: str, where: str) -> QueryError:
    return QueryError("AMBIGUOUS_NAME", f"{where}: Column '{name}' is ambiguous")


def _ungrouped(name: str, where: str) -> QueryError:
    return QueryError(
        "EXPRESSION_NOT_AGGREGATE",
        f"{where}: '{name}' must be an aggregate expression or appear in GROUP BY clause",
    )


def _no_function(name: str, where: str) -> QueryError:
    return not_supported(f"{where}: The function {name}")


_BINDING: list[tuple[re.Pattern[str], Callable[[str, str], QueryError]]] = [
    (_GROUPED, _ungrouped),
    *((pattern, _no_column) for pattern in _COLUMN),
    (_TABLE, _no_column),
    (_AMBIGUOUS, _ambiguous),
    (_FUNCTION, _no_function),
]
# The first that fits names the error.
_KINDS: list[tuple[type[duckdb.Error], str]] = [
    (duckdb.PermissionException, "PERMISSION_DENIED"),
    (duckdb.ConversionException, "INVALID_CAST_ARGUMENT"),
    (duckdb.OutOfRangeException, "NUMERIC_VALUE_OUT_OF_RANGE"),
    (duckdb.OutOfMemoryException, "EXCEEDED_MEMORY_LIMIT"),
    (duckdb.BinderException, "TYPE_MISMATCH"),
    (duckdb.ParserException, "NOT_SUPPORTED"),
    (duckdb.CatalogException, "NOT_SUPPORTED"),
    (duckdb.NotImplementedException, "NOT_SUPPORTED"),
    (duckdb.InvalidInputException, "INVALID_FUNCTION_ARGUMENT"),
]
