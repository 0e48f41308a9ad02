"""Places on an axis: even steps that people count in, linear or by powers of ten."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
PARTS: Final = 4
"""About so many steps are on an axis."""
POWERS: Final = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
TINY: Final = 1e-3
SPAN_OF_POWERS: Final = 1000
"""Values further apart than this are shown by powers of ten."""


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A labelled place on an axis."""

    place: float
    label: str


@dataclass(frozen=True, kw_only=True)
class Scale:
    """From values to places: the low value at ``start``, the high one at ``end``."""

    low: float
    high: float
    start: float
    end: float
    powers: bool = False

    def place(self, value: float) -> float:
        """Where a value stands; one outside stands at the edge."""
        value = min(max(value, self.low), self.high)
        low, high = self.low, self.high
        if self.powers:
            value, low, high = math.log10(value), math.log10(low), math.log10(high)
        share = (value - low) / (high - low) if high > low else 0.5
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[Tick]:
        """A few places that people count in."""
        values = _powers(self.low, self.high) if self.powers else _steps(self.low, self.high)
        return [Tick(place=self.place(value), label=short(value)) for value in values]


def scale_of(
    values: Iterable[float], *, start: float, end: float, from_nothing: bool = True
) -> Scale:
    """A scale on which all values have a place; its ends are steps that people count in."""
    finite = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    if from_nothing:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = low + 1
    step = _step(low, high)
    return Scale(
        low=math.floor(low / step) * step,
        high=math.ceil(high / step - 1e-9) * step,
        start=start,
        end=end,
    )


def scale_of_errors(values: Iterable[float], *, start: float, end: float) -> Scale:
    """A scale for both axes of predictions: by powers of ten where values lie far apart."""
    finite = [value for value in values if math.isfinite(value)]
    if finite and min(finite) > 0 and max(finite) / min(finite) > SPAN_OF_POWERS:
        low, high = math.floor(math.log10(min(finite))), math.ceil(math.log10(max(finite)))
        return Scale(low=10.0**low, high=10.0**high, start=start, end=end, powers=True)
    return scale_of(finite, start=start, end=end, from_nothing=False)


def short(value: float) -> str:
    """A number on an axis, such as 1.5 M."""
    if value and abs(value) < TINY:
        return f"{value:.0e}"
    for power, letter in POWERS:
        if abs(value) >= power:
            return f"{value / power:g} {letter}"
    return f"{value:g}"


def _step(low: float, high: float) -> float:
    rough = (high - low) / PARTS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def _steps(low: float, high: float) -> list[float]:
    step = _step(low, high)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def _powers(low: float, high: float) -> list[float]:
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    every = max(1, math.ceil((last - first) / PARTS))
    return [10.0**exponent for exponent in range(first, last + 1, every)]
