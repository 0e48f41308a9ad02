"""Tells a person what was guessed, what is not sure, and what to run next."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from scaffold.names import reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from scaffold.texts import Plan

MOST_LINES: Final = 60
"""Of each list, so many lines are shown."""
WIDEST: Final = 32
"""The characters of a cell that are shown."""
HEAD: Final = ("header", "column", "type", "role", "empty", "example")


def report(plan: Plan, *, files: Iterable[str], into: Path, config: str) -> str:
    """All that is told once the files are written.

    Args:
        plan: What was written.
        files: The paths of the files, relative to the folder that they were written into.
        into: That folder.
        config: How ``make`` names the configuration.
    """
    look = plan.look
    count = len(look.prepared.files)
    sizes = ((count, "file"), (look.rows, "row"), (len(look.columns), "column"))
    parts = [
        f"{plan.name}: {', '.join(_number(number, what) for number, what in sizes)}",
        *_section("", list(_table(plan))),
        *_section("Not sure:", list(_doubts(plan))),
        *_section("Renamed on the way in:", list(_renames(plan))),
    ]
    if look.prepared.left_out:
        names = [str(path) for path in look.prepared.left_out]
        parts += _section("Not read, as no CSV, JSON or Parquet:", names)
    parts += _section(f"Written into {into}:", list(files))
    command = f"make demo CONFIG={shlex.quote(config)} DATA={shlex.quote(str(look.folder))}"
    return "\n".join([*parts, "", f"Next: {command}", ""])


def _section(title: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"… and {len(lines) - MOST_LINES:,} more"] if len(lines) > MOST_LINES else []
    return ["", *([title] if title else []), *(f"  {line}" for line in lines[:MOST_LINES]),
            *(f"  {line}" for line in more)]  # fmt: skip


def _table(plan: Plan) -> Iterator[str]:
    rows = [
        (
            guess.column.header,
            guess.column.name,
            guess.column.type,
            guess.role,
            f"{plan.look.rows - guess.column.figures.values:,}",
            guess.column.figures.example,
        )
        for guess in plan.guesses
    ]
    shown = [tuple(_cell(cell) for cell in row) for row in [HEAD, *rows]]
    widths = [max(len(row[place]) for row in shown[: MOST_LINES + 1]) for place in range(len(HEAD))]
    for row in shown:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _cell(text: str) -> str:
    """A value on one line; what a terminal would obey is shown as what it is."""
    printable = "".join(letter if letter.isprintable() else "·" for letter in text)
    return printable if len(printable) <= WIDEST else f"{printable[: WIDEST - 1]}…"


def _doubts(plan: Plan) -> Iterator[str]:
    place = f"datasets/{plan.name}.toml"
    for guess in plan.guesses:
        if guess.doubt:
            yield f"{guess.column.name}: {guess.doubt} ({place})"
    if not plan.views:
        yield "no view and no dashboard: no column is a category, a time or a number"


def _renames(plan: Plan) -> Iterator[str]:
    renames = plan.look.renames
    names = {guess.column.header: guess.column.name for guess in plan.guesses} | renames
    for header, name in renames.items():
        yield f"{_cell(header)} is {name}: {reason(header, name, names)}"


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
