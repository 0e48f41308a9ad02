"""Writes the first questions to a data set: an overview, and its rows by category and by time."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from scaffold.guess import is_classified
from scaffold.look import SQL_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from config.dataset import Type
    from scaffold.guess import Guess
    from scaffold.look import Found, Looked

MOST_NUMBERS: Final = 10
MOST_CATEGORIES: Final = 5
MOST_VIEWS: Final = 2
"""Of the categories, so many get a view of their own."""
FEWEST_STEPS: Final = 5
"""The width of a histogram's steps is the power of ten that makes so many at least."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One query in Athena SQL, and the same question in DuckDB's."""

    name: str
    kind: Literal["query", "view"]
    description: str
    expressions: Mapping[str, str]
    """The columns of the answer, and what each is; SQL that Athena and DuckDB read alike."""
    group: str = ""
    """The first column, if the rows are counted by it."""
    types: Mapping[str, Type] | None = None
    """Of a view: the types of its columns, for a dashboard."""
    over_time: bool = False

    @property
    def statement(self) -> str:
        """The SQL for Athena."""
        head = f"CREATE OR REPLACE VIEW {self.name} AS\n" if self.kind == "view" else ""
        columns = ",\n".join(
            f'  {sql} AS "{name}"' if sql != f'"{name}"' else f"  {sql}"
            for name, sql in self.expressions.items()
        )
        tail = f"\nGROUP BY {self.expressions[self.group]}" if self.group else ""
        return f"{head}SELECT\n{columns}\nFROM ${{table}}{tail}\n"

    def reference(self, view: str) -> str:
        """The SQL for DuckDB over the files, which are a view there."""
        columns = ", ".join(f'{sql} AS "{name}"' for name, sql in self.expressions.items())
        return f"FROM {view}\nSELECT {columns}{' GROUP BY ALL' if self.group else ''}\n"


def questions(look: Looked, guesses: Sequence[Guess]) -> list[Question]:
    """An overview of the rows, and views of how many there are of each kind."""
    by_role: dict[str, list[Found]] = {}
    for guess in guesses:
        by_role.setdefault(guess.role, []).append(guess.column)
    measured = next(_numbers(by_role), None)
    categories = [*_targets_of_kinds(by_role), *by_role.get("category", [])]
    views = [_by_time(look.name, column, measured) for column in by_role.get("time", [])]
    views += [_by_category(look.name, column, measured) for column in categories[:MOST_VIEWS]]
    if not views and measured is not None:
        views = [_by_steps(look.name, measured)]
    return [_overview(look, by_role), *views]


def expected(look: Looked, question: Question) -> list[str]:
    """What an answer has to be, as it is of the rows that there are."""
    answer = look.connection.execute(question.reference(f"{look.name}_files"))
    names = [column[0] for column in answer.description or ()]
    rows = answer.fetchall()
    full = [name for place, name in enumerate(names) if all(row[place] is not None for row in rows)]
    unique = [f"unique({question.group})"] if question.group else []
    return [f"rows = {len(rows)}", *unique, *([f"not_null({', '.join(full)})"] if full else [])]


def _targets_of_kinds(by_role: Mapping[str, Sequence[Found]]) -> list[Found]:
    return [column for column in by_role.get("target", []) if is_classified(column)]


def _numbers(by_role: Mapping[str, Sequence[Found]]) -> Iterator[Found]:
    """What can be averaged, the target first."""
    yield from (column for column in by_role.get("target", []) if not is_classified(column))
    yield from by_role.get("number", [])


def _value(column: Found) -> str:
    """A column in SQL; a folder's value has the type that the crawler gave it."""
    if column.is_partition:
        return f'CAST("{column.name}" AS {SQL_TYPES[column.type]})'
    return f'"{column.name}"'


def _overview(look: Looked, by_role: Mapping[str, Sequence[Found]]) -> Question:
    expressions = {"row_count": "COUNT(*)"}
    kinds = [*_targets_of_kinds(by_role), *by_role.get("category", [])][:MOST_CATEGORIES]
    for column in [*by_role.get("key", []), *kinds]:
        expressions[f"different_{column.name}"] = f"COUNT(DISTINCT {_value(column)})"
    for column in by_role.get("time", []):
        expressions[f"first_{column.name}"] = _as_plain(f"MIN({_value(column)})", column)
        expressions[f"last_{column.name}"] = _as_plain(f"MAX({_value(column)})", column)
    for column in list(_numbers(by_role))[:MOST_NUMBERS]:
        value = _value(column)
        expressions[f"smallest_{column.name}"] = f"MIN({value})"
        expressions[f"average_{column.name}"] = f"AVG({value})"
        expressions[f"largest_{column.name}"] = f"MAX({value})"
    return Question(
        name=f"{look.name}_overview",
        kind="query",
        description="How many rows there are, of how many kinds, and the range of the numbers.",
        expressions=expressions,
    )


def _as_plain(value: str, column: Found) -> str:
    """A date as text, which every client shows alike."""
    day = f"CAST({value} AS DATE)" if column.type == "timestamp" else value
    return day if column.type == "whole" else f"CAST({day} AS VARCHAR)"


def _by_time(name: str, column: Found, measured: Found | None) -> Question:
    value = _value(column)
    is_year = column.type == "whole"
    group = column.name if is_year else f"{column.name}_year"
    year = value if is_year else f"EXTRACT(YEAR FROM {value})"
    question = _counted(name, column.name, group=group, expression=year, kind="whole", of=measured)
    return replace(question, over_time=True)


def _by_category(name: str, column: Found, measured: Found | None) -> Question:
    """Booleans as text, which every client shows alike."""
    value = _value(column)
    is_flag = column.type == "boolean"
    expression = f"CAST({value} AS VARCHAR)" if is_flag else value
    return _counted(
        name, column.name, group=column.name, expression=expression,
        kind="text" if is_flag else column.type, of=measured,
    )  # fmt: skip


def _by_steps(name: str, column: Found) -> Question:
    """How the values of a number are spread."""
    spread = float(column.figures.largest) - float(column.figures.smallest)
    width = f"1E{math.floor(math.log10(spread / FEWEST_STEPS)) if spread else 0}"
    steps = f"FLOOR(CAST({_value(column)} AS DOUBLE) / {width}) * {width}"
    group = f"{column.name}_from"
    return _counted(name, column.name, group=group, expression=steps, kind="fraction", of=None)


def _counted(
    name: str, by: str, *, group: str, expression: str, kind: Type, of: Found | None
) -> Question:
    expressions = {group: expression, _count(group): "COUNT(*)"}
    types: dict[str, Type] = {group: kind, _count(group): "whole"}
    description = f"How many rows there are by {by}"
    if of is not None:
        average = f"average_{of.name}"
        expressions[average], types[average] = f"AVG({_value(of)})", "fraction"
        description += f", and their average {of.name}"
    return Question(
        name=f"{name}_by_{by}",
        kind="view",
        description=f"{description}.",
        expressions=expressions,
        group=group,
        types=types,
    )


def _count(group: str) -> str:
    return "row_count" if group != "row_count" else "rows_counted"
