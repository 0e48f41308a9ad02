"""Functions of numbers."""

from __future__ import annotations

import math
import statistics
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from aws_understudy.services.athena.errors import failing
from aws_understudy.services.athena.sql.bind.core import Bound, Scope
from aws_understudy.services.athena.sql.bind.runtime import gathered, texts
from aws_understudy.services.athena.trino_types import INTEGERS, Type, decimal

_NAN = "CAST('nan' AS DOUBLE)"
_PLAIN = "atan cos degrees exp radians sin tan sinh cosh tanh"
_LOGARITHM = (
    "CASE WHEN {0} > 0 THEN " + "%s({0}) WHEN {0} = 0 THEN CAST('-inf' AS DOUBLE) "
    "WHEN {0} < 0 THEN " + _NAN + " END"
)
_UNIT = "CASE WHEN isnan({0}) OR abs({0}) > 1 THEN " + _NAN + " ELSE %s({0}) END"


def _inverse_normal(mean: float, deviation: float, share: float) -> float:
    if not 0 < share < 1:
        raise failing("INVALID_FUNCTION_ARGUMENT", "p must be 0 > p > 1")
    return statistics.NormalDist(mean, deviation).inv_cdf(share)


def _normal(mean: float, deviation: float, value: float) -> float:
    return statistics.NormalDist(mean, deviation).cdf(value)


def _wilson(sign: int) -> Any:
    def bound(successes: int, trials: int, z: float) -> float:
        if trials <= 0 or not 0 <= successes <= trials or z < 0:
            raise failing("INVALID_FUNCTION_ARGUMENT", "number of successes must be 0 to trials")
        share = successes / trials
        middle = share + z * z / (2 * trials)
        width = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
        return (middle + sign * width) / (1 + z * z / trials)

    return bound


def _cube_root(value: float) -> float:
    root = math.cbrt(value)
    whole = float(round(root)) if math.isfinite(root) else root
    return whole if whole**3 == value else root


def _power(base: float, exponent: float) -> float:
    try:
        result = math.pow(base, exponent)
    except OverflowError:
        odd = exponent == int(exponent) and int(exponent) % 2
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan
    return result


def _shift(direction: str) -> Any:
    def shifted(value: int, shift: int) -> int:
        if direction == "left":
            whole = (value << shift) & (2**64 - 1) if shift < 64 else 0  # noqa: PLR2004 - bits
            return whole - 2**64 if whole >= 2**63 else whole
        if direction == "arithmetic":
            return value >> min(shift, 63)
        return _signed((value & (2**64 - 1)) >> shift) if shift < 64 else 0  # noqa: PLR2004 - bits

    return shifted


def _signed(whole: int) -> int:
    return whole - 2**64 if whole >= 2**63 else whole


def _bit_count(value: int, bits: int) -> int:
    if not 2 <= bits <= 64 or not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):  # noqa: PLR2004 - bits
        raise failing(
            "INVALID_FUNCTION_ARGUMENT", f"Number must be representable with the bits: {value}"
        )
    return int.bit_count(value & (2**bits - 1))


def _log(base: float, value: float) -> float:
    try:
        return math.log(value) / math.log(base)
    except (ValueError, ZeroDivisionError):
        if base > 0 and value == 0:
            return -math.inf if base > 1 else math.inf
        return math.nan


TABLE: dict[str, list[tuple[str, Any]]] = {
    **{name: [("double -> double", f"{name}({{0}})")] for name in _PLAIN.split()},
    "cbrt": [("double -> double", _cube_root)],
    "acos": [("double -> double", _UNIT % "acos")],
    "asin": [("double -> double", _UNIT % "asin")],
    "atan2": [("double, double -> double", "atan2({0}, {1})")],
    "sqrt": [("double -> double", "CASE WHEN {0} < 0 THEN " + _NAN + " ELSE sqrt({0}) END")],
    **{name: [("double -> double", _LOGARITHM % name)] for name in ("ln", "log2", "log10")},
    "log": [("double, double -> double", _log)],
    "power": [("double, double -> double", _power)],
    "pow": [("double, double -> double", _power)],
    "abs": [("N -> N", "abs({0})")],
    "mod": [],
    "pi": [("-> double", "pi()")],
    "e": [("-> double", "exp(1)")],
    "infinity": [("-> double", "CAST('inf' AS DOUBLE)")],
    "nan": [("-> double", _NAN)],
    "is_nan": [("F -> boolean", "isnan({0})")],
    "is_finite": [("double -> boolean", "isfinite({0})")],
    "is_infinite": [("double -> boolean", "isinf({0})")],
    "rand": [
        ("-> double", "random()"),
        ("I -> I", "CAST(floor(random() * {0}) AS {type})"),
        ("I, I -> I", "({0} + CAST(floor(random() * ({1} - {0})) AS {type}))"),
    ],
    "bit_count": [("bigint, bigint -> bigint", _bit_count)],
    "bitwise_and": [("bigint, bigint -> bigint", "({0} & {1})")],
    "bitwise_or": [("bigint, bigint -> bigint", "({0} | {1})")],
    "bitwise_xor": [("bigint, bigint -> bigint", "xor({0}, {1})")],
    "bitwise_not": [("bigint -> bigint", "(~{0})")],
    "bitwise_left_shift": [("bigint, bigint -> bigint", _shift("left"))],
    "bitwise_right_shift": [("bigint, bigint -> bigint", _shift("right"))],
    "bitwise_right_shift_arithmetic": [("bigint, bigint -> bigint", _shift("arithmetic"))],
    "from_base": [("varchar, bigint -> bigint", texts.from_base)],
    "to_base": [("bigint, bigint -> varchar", texts.to_base)],
    "format_number": [
        ("bigint -> varchar", texts.format_number),
        ("double -> varchar", texts.format_number),
    ],
    "width_bucket": [
        ("double, double, double, bigint -> bigint", gathered.bucket),
        ("double, array(double) -> bigint", gathered.bucket_of),
    ],
    "cosine_similarity": [("map(varchar,double), map(varchar,double) -> double", gathered.cosine)],
    "normal_cdf": [("double, double, double -> double", _normal)],
    "inverse_normal_cdf": [("double, double, double -> double", _inverse_normal)],
    "wilson_interval_lower": [("bigint, bigint, double -> double", _wilson(-1))],
    "wilson_interval_upper": [("bigint, bigint, double -> double", _wilson(1))],
}
TABLE["random"] = TABLE["rand"]


def _decimals(mode: str, places: int | None, scale: int) -> Any:
    def rounded(value: Decimal) -> Decimal:
        step = Decimal(1).scaleb(-(places or 0))
        return value.quantize(step, rounding=mode).quantize(Decimal(1).scaleb(-scale))

    return rounded


_MODES = {
    "round": ROUND_HALF_UP,
    "ceiling": ROUND_CEILING,
    "ceil": ROUND_CEILING,
    "floor": ROUND_FLOOR,
    "truncate": ROUND_DOWN,
}


def rounded(name: str, arguments: list[Bound], scope: Scope) -> Bound | None:
    """Bind round, ceiling, floor, truncate; None for arguments that none of them takes."""
    value, places = arguments[0], arguments[1] if len(arguments) > 1 else None
    if places is not None and (
        places.type.name not in INTEGERS or name in {"ceil", "ceiling", "floor"}
    ):
        return None
    if value.type.name == "decimal":
        return _of_decimal(name, value, places, scope)
    if value.type.name in INTEGERS and name != "truncate":
        if places is None:
            return value
        return Bound(f"CAST(round({value.sql}, {places.sql}) AS {value.type.duck})", value.type)
    if value.type.name not in {"double", "real"} or (name == "truncate" and places is not None):
        return None
    engine = {"truncate": "trunc", "ceil": "ceil", "ceiling": "ceil"}.get(name, name)
    inner = value.sql if places is None else f"{value.sql}, {places.sql}"
    return Bound(f"CAST({engine}({inner}) AS {value.type.duck})", value.type)


def _of_decimal(name: str, value: Bound, places: Bound | None, scope: Scope) -> Bound | None:
    precision, scale = value.type.sizes
    if places is not None:
        if not isinstance(places.constant, int):
            return None
        kind = decimal(precision + (name == "round"), scale)
        kept = min(places.constant, scale)
        return _called(_decimals(_MODES[name], kept, scale), value, kind, scope)
    whole = precision - scale if name == "truncate" else precision - scale + min(1, scale)
    return _called(_decimals(_MODES[name], None, 0), value, decimal(max(1, whole), 0), scope)


def _called(function: Any, value: Bound, kind: Type, scope: Scope) -> Bound:
    def skipping(held: Decimal | None) -> Decimal | None:
        return None if held is None else function(held)

    helper = scope.context.helper(skipping, [value.type], kind, nulls=True)
    return Bound(f"{helper}({value.sql})", kind)


def sign(value: Bound) -> Bound | None:
    """Bind sign: of a decimal it is one digit, of other numbers their own type."""
    kind = decimal(1, 0) if value.type.name == "decimal" else value.type
    return Bound(f"CAST(sign({value.sql}) AS {kind.duck})", kind)
