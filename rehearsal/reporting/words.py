"""Figures as a person reads them: rounded, with their names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

NAMES: Final = {
    "weighted_ape": "weighted absolute error",
    "mae": "mean absolute error",
    "rmse": "root mean squared error",
    "r2": "R²",
    "error_rate": "share of wrong answers",
    "accuracy": "share of right answers",
    "log_loss": "log loss",
    "macro_f1": "mean F1 of the classes",
}
SHARES: Final = frozenset({"weighted_ape", "error_rate", "accuracy"})
WHOLE_FROM: Final = 100
TINY: Final = 1e-4
THOUSAND: Final = 1000
SEPARATED_FROM: Final = 10_000
"""A smaller whole number may be a year, which has no comma in it."""


def measure_name(metric: str) -> str:
    """An error's name; one that is not known by its own."""
    return NAMES.get(metric, metric)


def measure(metric: str, value: float | None) -> str:
    """An error's figure: a share in percent, another one rounded; one may not be measurable."""
    if value is None:
        return "—"
    return f"{value:.1%}" if metric in SHARES else number(value)


def in_words(metric: str, value: float, *, name: bool = True) -> str:
    """An error's figure behind its name."""
    return f"{measure_name(metric)} {measure(metric, value)}" if name else measure(metric, value)


def number(value: float) -> str:
    """Three digits of a small number, all whole ones of a large one: none is shown as nothing."""
    magnitude = abs(value)
    if magnitude >= WHOLE_FROM:
        return f"{value:,.0f}"
    return f"{value:.3g}" if magnitude >= TINY or not magnitude else f"{value:.2e}"


def cell(value: Any) -> str:
    """A value of a table."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= SEPARATED_FROM else str(value)
    if isinstance(value, Decimal):
        return f"{value:,}"
    return number(value) if isinstance(value, float) else str(value)


def size(count: int) -> str:
    """Bytes with a unit that suits them."""
    amount, units = float(count), ["B", "kB", "MB", "GB"]
    while amount >= THOUSAND and len(units) > 1:
        amount /= THOUSAND
        units.pop(0)
    digits = 0 if units[0] == "B" or amount >= WHOLE_FROM else 1
    return f"{amount:.{digits}f} {units[0]}"
