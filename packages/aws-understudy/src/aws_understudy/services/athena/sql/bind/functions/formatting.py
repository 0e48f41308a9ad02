"""FORMAT: texts by a pattern of Java."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.errors import failing, not_supported
from aws_understudy.services.athena.sql.bind.casts import cast
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, mismatch
from aws_understudy.services.athena.trino_types import VARCHAR

if TYPE_CHECKING:
    from sqlglot import exp

_SPECIFIER = re.compile(r"%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])")
_WHOLE = {"d", "x", "X", "o"}


def written(_: str, values: list[Bound], scope: Scope, node: exp.Expr) -> Bound | None:
    """Bind ``format('%s is %d', a, b)``, by the rules of Java's Formatter."""
    if len(values) < 2 or not isinstance(values[0].constant, str):  # noqa: PLR2004 - and a value
        raise not_supported("format with a pattern that is not a literal")
    shown = [_formatted(value, scope, node) for value in values[1:]]
    pattern = values[0].constant

    def write(*held: Any) -> str:
        return _java_format(pattern, held)

    helper = scope.context.helper(write, [v.type for v in shown], VARCHAR, nulls=True)
    return Bound(f"{helper}({', '.join(v.sql for v in shown)})", VARCHAR)


def _formatted(value: Bound, scope: Scope, node: exp.Expr) -> Bound:
    if value.type.name in {*types.NUMBERS, "boolean", "varchar"}:
        return value
    made = cast(value, VARCHAR, scope.context)
    if made is None:
        raise mismatch(scope, node, f"format cannot write {value.type}")
    return made


def _java_format(pattern: str, values: tuple[Any, ...]) -> str:
    place = iter(values)

    def replaced(match: re.Match[str]) -> str:
        if match[5] in {"%", "n"}:
            return "%" if match[5] == "%" else "\n"
        try:
            value = values[int(match[1]) - 1] if match[1] else next(place)
        except (StopIteration, IndexError) as error:
            message = f"Format specifier '{match[0]}'"
            raise failing("INVALID_FUNCTION_ARGUMENT", message) from error
        return _one(match, value)

    shown: str = _SPECIFIER.sub(replaced, pattern)
    return shown


def _one(match: re.Match[str], value: Any) -> str:
    _, flags, width, precision, letter = match.groups()
    if letter in "sS" or value is None or letter in "bB":
        shown = (
            "null"
            if value is None
            else str(value).lower()
            if isinstance(value, bool)
            else str(value)
        )
        shown = shown[: int(precision)] if precision else shown
        shown = shown.upper() if letter in "SB" else shown
        return shown.ljust(int(width or 0)) if "-" in flags else shown.rjust(int(width or 0))
    whole, fits = letter in _WHOLE, isinstance(value, int) and not isinstance(value, bool)
    if whole != fits or (not whole and letter not in "fFeEgG") or "(" in flags:
        message = f"Invalid format string: {match.string} ({match[0]} of {value})"
        raise failing("INVALID_FUNCTION_ARGUMENT", message)
    mask = f"%{flags.replace(',', '')}{width or ''}{'' if whole else f'.{precision or 6}'}{letter}"
    if letter == "f" and math.isfinite(value):
        step = Decimal(1).scaleb(-int(precision or 6))
        value = Decimal(str(value)).quantize(step, ROUND_HALF_UP)
    if "," in flags:
        digits = "" if whole else f".{precision or 6}"
        return f"{value:{'0' if '0' in flags else ''}{width or ''},{digits}{letter}}"
    return str(mask % value)
