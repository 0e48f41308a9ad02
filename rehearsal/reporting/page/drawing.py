"""Decides what of an answer is drawn: which column along the axis, which value, which groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.dashboard_file import Visual
    from rehearsal.answer import Answer

TIMES: Final = frozenset({"year", "quarter", "month", "week", "day", "date", "hour"})
MOMENT: Final = re.compile(r"\d{4}-\d\d(-\d\d([ T]\d\d:.*)?)?")
FEWEST_OF_A_LINE: Final = 3
"""Fewer points are drawn as bars."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What is drawn, as the answer calls it."""

    kind: Literal["bar", "line"]
    title: str
    category: str
    """The column along the axis."""
    along_time: bool
    value: str
    group: str | None
    """The column whose values are told apart by colour."""


def drawings_of(
    answer: Answer, *, name: str, time: str | None, visuals: Sequence[Visual]
) -> list[Drawing]:
    """What the dashboard declares of a view; else what suits the answer, which may be nothing.

    Args:
        answer: Columns and rows.
        name: Of the query or view.
        time: The column that orders the data set's rows in time.
        visuals: Of the data set's dashboard.
    """
    own = [visual for visual in visuals if visual.view == name]
    if own:
        return [_declared(visual, answer, time) for visual in own if visual.kind != "table"]
    chosen = _chosen(answer, time)
    return [chosen] if chosen else []


def column(answer: Answer, name: str) -> list[Any]:
    """The values of a column; Athena hands out names in lower case."""
    place = [known.lower() for known in answer.columns].index(name.lower())
    return [row[place] for row in answer.rows]


def _declared(visual: Visual, answer: Answer, time: str | None) -> Drawing:
    return Drawing(
        kind="line" if visual.kind == "line" else "bar",
        title=visual.title,
        category=visual.category,
        along_time=_is_time(visual.category, column(answer, visual.category), time),
        value=visual.value,
        group=visual.group,
    )


def _chosen(answer: Answer, time: str | None) -> Drawing | None:
    kinds = {name: _kind(name, column(answer, name), time) for name in answer.columns}
    numbers = [name for name, kind in kinds.items() if kind == "number"]
    texts = [name for name, kind in kinds.items() if kind == "text" and _distinct(answer, name) > 1]
    times = [name for name, kind in kinds.items() if kind == "time" and _distinct(answer, name) > 1]
    if not numbers or not (times or texts):
        return None
    category, value = (times or texts)[0], numbers[-1]
    # Where the category repeats, something else tells the rows apart: what has the fewest values.
    repeats = _distinct(answer, category) < len(answer.rows)
    others = [name for name in texts if name != category] if repeats else []
    group = min(others, key=lambda name: _distinct(answer, name), default=None)
    is_line = bool(times) and _distinct(answer, category) >= FEWEST_OF_A_LINE
    by = f"{category} and {group}" if group else category
    whole = _distinct(answer, category, *([group] if group else [])) == len(answer.rows)
    return Drawing(
        kind="line" if is_line else "bar",
        title=f"{value} by {by}" if whole else f"Sum of {value} by {by}",
        category=category,
        along_time=bool(times),
        value=value,
        group=group,
    )


def _distinct(answer: Answer, *names: str) -> int:
    return len(set(zip(*(column(answer, name) for name in names), strict=True)))


def _kind(name: str, values: Sequence[Any], time: str | None) -> Literal["number", "text", "time"]:
    if _is_time(name, values, time):
        return "time"
    present = [value for value in values if value is not None]
    numeric = present and all(isinstance(value, int | float | Decimal) for value in present)
    return "number" if numeric else "text"


def _is_time(name: str, values: Sequence[Any], time: str | None) -> bool:
    if name.lower() in {*TIMES, time}:
        return True
    present = [value for value in values if value is not None]
    return bool(present) and all(
        isinstance(value, str) and MOMENT.fullmatch(value) for value in present
    )
