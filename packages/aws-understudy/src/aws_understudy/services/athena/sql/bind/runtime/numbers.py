"""Numbers as Trino writes, reads and divides them."""

from __future__ import annotations

import math
import struct
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from aws_understudy.services.athena.errors import failing

_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)


def double_as_varchar(value: float) -> str:
    """Write ``1.0E7`` as a CAST does: always one digit before the point."""
    return _scientific(value, repr(value))


def real_as_varchar(value: float) -> str:
    """Write a 32-bit float as a CAST does, by the shortest digits that give it back."""
    return _scientific(value, shortest_real(value))


def shortest_real(value: float) -> str:
    """Give the shortest digits that read back as the same 32-bit float."""
    if not math.isfinite(value):
        return repr(value)
    packed = struct.pack("f", value)
    for digits in range(1, 10):
        shown = f"{value:.{digits}g}"
        if struct.pack("f", float(shown)) == packed:
            return shown
    return repr(value)


def _scientific(value: float, shortest: str) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    sign = "-" if math.copysign(1, value) < 0 else ""
    if value == 0:
        return f"{sign}0.0E0"
    _, digits, exponent = Decimal(shortest).normalize().as_tuple()
    shown = "".join(map(str, digits))
    power = len(shown) - 1 + int(exponent)
    return f"{sign}{shown[0]}.{shown[1:] or '0'}E{power}"


def quantized(value: Decimal, *, precision: int, scale: int) -> Decimal:
    """Round half away from zero to the scale.

    Raises:
        Exception: NUMERIC_VALUE_OUT_OF_RANGE, where the digits do not hold it.
    """
    rounded = value.quantize(Decimal(1).scaleb(-scale), context=_EXACT)
    if abs(rounded.scaleb(scale, context=_EXACT)) >= Decimal(10) ** precision:
        raise failing("NUMERIC_VALUE_OUT_OF_RANGE", "Decimal overflow")
    return rounded


def decimal_quotient(precision: int, scale: int) -> Any:
    """Make the division of decimals whose result has this precision and scale."""

    def divide(left: Decimal, right: Decimal) -> Decimal:
        if right == 0:
            raise failing("DIVISION_BY_ZERO", "Division by zero")
        return quantized(_EXACT.divide(left, right), precision=precision, scale=scale)

    return divide
