"""Where the bars and lines of an answer stand; the template only draws them."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from rehearsal.reporting.page.drawing import column
from rehearsal.reporting.page.scale import Scale, Tick, scale_of, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rehearsal.answer import Answer
    from rehearsal.reporting.page.drawing import Drawing

WIDTH: Final = 420
HEIGHT: Final = 210
LEFT, RIGHT, TOP, BOTTOM = 46, 18, 8, 22
MOST_GROUPS: Final = 5
"""Told apart by colour; the rest are drawn together."""
MOST_BARS: Final = 12
ROW: Final = 22
LABEL: Final = 150
"""The width of the names before lying bars."""
LETTERS: Final = 24
MOST_LABELS: Final = 6
REST: Final = "others"

Values = dict[str, dict[Any, float]]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A bar, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    colour: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line through its points."""

    points: list[tuple[float, float]]
    colour: int


@dataclass(frozen=True, kw_only=True)
class Name:
    """The name before a lying bar, and the value behind it."""

    y: float
    text: str
    value: str
    end: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing in a box of 420 by ``height``."""

    title: str
    description: str
    height: int
    along: list[Tick]
    """Along the axis, from left to right."""
    up: list[Tick]
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    """By the number of their colour; empty where there is one."""
    left_out: int = 0
    """Bars that are not drawn."""


def chart_of(answer: Answer, drawing: Drawing) -> Chart | None:
    """Arrange an answer; None where nothing of it can be drawn."""
    values = _values(answer, drawing)
    places = sorted({place for line in values.values() for place in line}, key=_order)
    if not places:
        return None
    below = any(value < 0 for line in values.values() for value in line.values())
    if not drawing.along_time and drawing.group is None:
        return _lying(drawing, values)
    if drawing.kind == "line" or below:
        return _lines(drawing, values, places)
    return _standing(drawing, values, places)


def _values(answer: Answer, drawing: Drawing) -> Values:
    """The sum of the value by group and category; the smaller groups together."""
    groups = column(answer, drawing.group) if drawing.group else [""] * len(answer.rows)
    values: Values = defaultdict(lambda: defaultdict(float))
    for group, place, value in zip(
        groups, column(answer, drawing.category), column(answer, drawing.value), strict=True
    ):
        if value is not None and place is not None:
            values["—" if group is None else str(group)][place] += float(value)
    ranked = sorted(values, key=lambda group: (-sum(values[group].values()), group))
    if len(ranked) <= MOST_GROUPS + 1:
        return {group: dict(values[group]) for group in ranked}
    rest: dict[Any, float] = defaultdict(float)
    for group in ranked[MOST_GROUPS:]:
        for place, value in values[group].items():
            rest[place] += value
    kept = {group: dict(values[group]) for group in ranked[:MOST_GROUPS]}
    return {**kept, f"{REST} ({len(ranked) - MOST_GROUPS})": dict(rest)}


def _order(place: Any) -> tuple[bool, Any]:
    return isinstance(place, str), place


def _lines(drawing: Drawing, values: Values, places: Sequence[Any]) -> Chart:
    up = _up(value for line in values.values() for value in line.values())
    across = {
        place: round(LEFT + (WIDTH - RIGHT - LEFT) * number / max(1, len(places) - 1), 1)
        for number, place in enumerate(places)
    }
    lines = [
        Line(
            points=[(across[place], up.place(line[place])) for place in places if place in line],
            colour=number,
        )
        for number, line in enumerate(values.values())
    ]
    return _standing_chart(drawing, values, up=up, along=_labels(across), lines=lines)


def _standing(drawing: Drawing, values: Values, places: Sequence[Any]) -> Chart:
    sums = {place: sum(line.get(place, 0.0) for line in values.values()) for place in places}
    up = _up(sums.values())
    step = (WIDTH - RIGHT - LEFT) / len(places)
    across = {place: round(LEFT + step * (n + 0.5), 1) for n, place in enumerate(places)}
    bars = []
    reached: dict[Any, float] = defaultdict(float)
    for number, (group, line) in enumerate(values.items()):
        for place, value in line.items():
            base, reached[place] = reached[place], reached[place] + value
            top = up.place(reached[place])
            bars.append(
                Bar(
                    x=round(across[place] - step * 0.38, 1),
                    y=top,
                    width=round(step * 0.76, 1),
                    height=round(up.place(base) - top, 1),
                    colour=number,
                    label=f"{place}{', ' + group if group else ''}: {short(round(value, 1))}",
                )
            )
    return _standing_chart(drawing, values, up=up, along=_labels(across), bars=bars)


def _up(values: Any) -> Scale:
    return scale_of(values, start=HEIGHT - BOTTOM, end=TOP)


def _standing_chart(
    drawing: Drawing,
    values: Values,
    *,
    up: Scale,
    along: list[Tick],
    bars: list[Bar] | None = None,
    lines: list[Line] | None = None,
) -> Chart:
    groups = list(values) if drawing.group else []
    return Chart(
        title=drawing.title,
        description=_description(drawing, values),
        height=HEIGHT,
        along=along,
        up=up.ticks(),
        bars=bars or [],
        lines=lines or [],
        groups=groups,
    )


def _labels(across: Mapping[Any, float]) -> list[Tick]:
    """The places along the axis that bear a label: so few that they do not touch."""
    every = math.ceil(len(across) / MOST_LABELS)
    return [
        Tick(place=place, label=str(name))
        for number, (name, place) in enumerate(across.items())
        if number % every == 0
    ]


def _lying(drawing: Drawing, values: Values) -> Chart:
    """Bars for names: they lie, so that the names can be read."""
    (line,) = values.values()
    ranked = sorted(line.items(), key=lambda item: -abs(item[1]))
    shown = ranked[:MOST_BARS]
    across = scale_of((value for _, value in shown), start=LABEL, end=WIDTH - 52)
    zero = across.place(0.0)
    bars, names = [], []
    for number, (place, value) in enumerate(shown):
        y, end = TOP + number * ROW, across.place(value)
        bars.append(
            Bar(
                x=min(zero, end), y=y, width=round(abs(end - zero), 1), height=ROW - 6, colour=0,
                label=f"{place}: {short(round(value, 1))}",
            )
        )  # fmt: skip
        text = str(place)
        names.append(
            Name(
                y=y + 12,
                text=text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…",
                value=short(float(f"{value:.3g}")),
                end=max(zero, end) + 5,
            )
        )
    return Chart(
        title=drawing.title,
        description=_description(drawing, values),
        height=TOP + len(shown) * ROW,
        along=[],
        up=[],
        bars=bars,
        names=names,
        left_out=len(ranked) - len(shown),
    )


def _description(drawing: Drawing, values: Values) -> str:
    """What somebody is told who does not see the picture; the rows stand in the table."""
    numbers = [value for line in values.values() for value in line.values()]
    return (
        f"{drawing.value} by {drawing.category}, from {short(float(f'{min(numbers):.3g}'))} to "
        f"{short(float(f'{max(numbers):.3g}'))}; the table has the rows"
    )
