"""What a file of SQL expects of its answer: ``-- expect: rows > 0`` and the like."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rehearsal.answer import Answer

ROWS: Final = re.compile(r"rows\s*(?P<sign>[>=])\s*(?P<number>\d+)", re.IGNORECASE)
COLUMNS: Final = re.compile(r"(?P<kind>unique|not_null)\((?P<names>[^)]+)\)", re.IGNORECASE)
SIGNS: Final[dict[str, Callable[[int, int], bool]]] = {">": operator.gt, "=": operator.eq}


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One property, and whether the answer has it."""

    expect: str
    met: bool
    found: str
    """What the answer has, in words."""


def examine(answer: Answer, expectations: Sequence[str]) -> list[Expectation]:
    """Hold an answer to what is expected of it.

    Raises:
        RehearsalError: an expectation cannot be read, or names a column that is not there.
    """
    return [_examine(answer, text) for text in expectations]


def _examine(answer: Answer, text: str) -> Expectation:
    if match := ROWS.fullmatch(text):
        rows = len(answer.rows)
        met = SIGNS[match["sign"]](rows, int(match["number"]))
        return Expectation(expect=text, met=met, found=f"{rows} rows")
    match = COLUMNS.fullmatch(text)
    if match is None:
        raise RehearsalError(
            f"cannot expect {text!r}; allowed are rows > N, rows = N, unique(column, …) and "
            "not_null(column, …)"
        )
    places = [_place(answer, name.strip(), text) for name in match["names"].split(",")]
    values = [tuple(row[place] for place in places) for row in answer.rows]
    wrong = (
        len(values) - len(set(values))
        if match["kind"].lower() == "unique"
        else sum(None in row for row in values)
    )
    kind = "repeated" if match["kind"].lower() == "unique" else "without a value"
    found = f"{wrong} of {len(values)} rows {kind}" if wrong else f"all {len(values)} rows"
    return Expectation(expect=text, met=not wrong, found=found)


def _place(answer: Answer, name: str, text: str) -> int:
    """Where a column stands; Athena hands out names in lower case."""
    names = [column.lower() for column in answer.columns]
    if name.lower() not in names:
        raise RehearsalError(
            f"{text!r} names the column {name!r}, which the answer does not have; it has "
            f"{', '.join(answer.columns)}"
        )
    return names.index(name.lower())
