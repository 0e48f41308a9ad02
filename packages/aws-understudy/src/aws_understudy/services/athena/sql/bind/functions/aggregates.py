"""Aggregates: what each takes and gives, and how the engine gathers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.sql.bind.coercion import coerces
from aws_understudy.services.athena.sql.bind.core import Bound
from aws_understudy.services.athena.sql.bind.functions.gathering import GATHERED
from aws_understudy.services.athena.sql.bind.literals import truth
from aws_understudy.services.athena.sql.bind.runtime import gathered
from aws_understudy.services.athena.sql.bind.runtime.numbers import decimal_quotient
from aws_understudy.services.athena.trino_types import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    REAL,
    VARCHAR,
    Type,
    array,
    decimal,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_understudy.services.athena.sql.bind.functions.call import Call


def _count(call: Call) -> Bound | None:
    if not call.arguments:
        return Bound(f"count(*){call.suffix}", BIGINT)
    return Bound(call.engine("count", call.arguments[0].sql), BIGINT)


def _count_if(call: Call) -> Bound | None:
    condition = truth(call.arguments[0], call.scope, call.node)
    whole = f"CASE WHEN {condition} THEN 1 END"
    return Bound(call.engine("count", whole), BIGINT)


def _sum(call: Call) -> Bound | None:
    kind = call.arguments[0].type
    if kind.name in types.INTEGERS or kind in {types.DAYS, types.MONTHS}:
        result = BIGINT if kind.name in types.INTEGERS else kind
        whole = call.engine("sum", call.to(result) or "")
        return Bound(f"CAST({whole} AS {result.duck})", result)
    if kind.name in types.FLOATS:
        whole = call.engine("sum", call.arguments[0].sql)
        return Bound(f"CAST({whole} AS {kind.duck})", kind)
    if kind.name == "decimal":
        result = decimal(types.MAX_PRECISION, kind.sizes[1])
        return Bound(call.engine("sum", call.to(result) or ""), result)
    return None


def _avg(call: Call) -> Bound | None:
    kind = call.arguments[0].type
    if kind.name == "decimal":
        widest = decimal(types.MAX_PRECISION, kind.sizes[1])
        total, count = call.engine("sum", call.to(widest) or ""), _count(call)
        divide = decimal_quotient(*kind.sizes)
        name = call.scope.context.helper(_mean(divide), [widest, BIGINT], kind, nulls=True)
        return Bound(f"{name}({total}, {count.sql if count else ''})", kind)
    if kind in {types.DAYS, types.MONTHS}:
        return Bound(
            f"CAST(trunc({call.engine('avg', call.arguments[0].sql)}) AS {kind.duck})", kind
        )
    result = REAL if kind == REAL else DOUBLE
    held = call.to(result)
    if held is None or kind.name not in {*types.NUMBERS, "unknown"}:
        return None
    return Bound(f"CAST({call.engine('avg', held)} AS {result.duck})", result)


def _mean(divide: Any) -> Any:
    from decimal import Decimal  # noqa: PLC0415 - beside its only use

    def mean(total: Any, count: int) -> Any:
        return None if total is None or not count else divide(total, Decimal(count))

    return mean


def _orderable(kind: Type) -> bool:
    return kind.name not in {"map", "json"}


def _extreme(call: Call) -> Bound | None:
    kind = call.arguments[0].type
    if not _orderable(kind):
        return None
    if len(call.arguments) == 2:  # noqa: PLR2004 - and how many
        many = call.to(BIGINT, 1)
        return (
            Bound(call.engine(call.name, call.arguments[0].sql, many), array(kind))
            if many
            else None
        )
    return Bound(call.engine(call.name, call.arguments[0].sql), kind)


def _by(call: Call) -> Bound | None:
    if len(call.arguments) not in {2, 3} or not _orderable(call.arguments[1].type):
        return None
    engine = "arg_max" if call.name == "max_by" else "arg_min"
    value, key = call.arguments[:2]
    if len(call.arguments) == 3:  # noqa: PLR2004 - and how many
        many = call.to(BIGINT, 2)
        return (
            Bound(call.engine(engine, value.sql, key.sql, many), array(value.type))
            if many
            else None
        )
    return Bound(call.engine(f"{engine}_null", value.sql, key.sql), value.type)


def _any_value(call: Call) -> Bound | None:
    return Bound(call.engine("any_value", call.arguments[0].sql), call.arguments[0].type)


def _array_agg(call: Call) -> Bound | None:
    value = call.arguments[0]
    return Bound(call.engine("list", value.sql), array(value.type))


def _set_agg(call: Call) -> Bound | None:
    value = call.arguments[0]
    kind = array(value.type)
    if call.name == "set_union":
        if value.type.name != "array":
            return None
        kind = value.type
    union = call.scope.context.helper(_union(call.name), [array(value.type)], kind, nulls=True)
    return Bound(f"{union}({call.engine('list', value.sql)})", kind)


def _union(name: str) -> Any:
    def distinct(values: Any) -> Any:
        if values is None:
            return None
        held = values if name == "set_agg" else [v for part in values for v in part or []]
        return gathered.distinct(held)

    return distinct


def _flag(call: Call) -> Bound | None:
    engine = "bool_or" if call.name == "bool_or" else "bool_and"
    held = call.to(BOOLEAN)
    return Bound(call.engine(engine, held), BOOLEAN) if held else None


def _of_doubles(engine: str, count: int = 1) -> Callable[[Call], Bound | None]:
    def rule(call: Call) -> Bound | None:
        held = [call.to(DOUBLE, place) for place in range(count)]
        if len(call.arguments) != count or None in held:
            return None
        whole = call.engine(engine, *map(str, held))
        return Bound(f"CAST({whole} AS DOUBLE)", DOUBLE)

    return rule


def _geometric(call: Call) -> Bound | None:
    held = call.to(DOUBLE)
    return Bound(f"exp({call.engine('avg', f'ln({held})')})", DOUBLE) if held else None


def _bits(call: Call) -> Bound | None:
    engine = {
        "bitwise_and_agg": "bit_and",
        "bitwise_or_agg": "bit_or",
        "bitwise_xor_agg": "bit_xor",
    }
    held = call.to(BIGINT)
    return Bound(call.engine(engine[call.name], held), BIGINT) if held else None


def _distinct_count(call: Call) -> Bound | None:
    # Exact: within Trino's 2.3 % error, and the same at every run.
    if len(call.arguments) > 1 and call.arguments[1].type.name not in types.NUMBERS:
        return None
    return Bound(f"count(DISTINCT {call.arguments[0].sql}){call.suffix}", BIGINT)


def listagg(call: Call, separator: Bound) -> Bound | None:
    """Bind LISTAGG(text, separator) WITHIN GROUP (ORDER BY ...)."""
    if not coerces(call.arguments[0].type, VARCHAR):
        return None
    return Bound(call.engine("string_agg", call.arguments[0].sql, separator.sql), VARCHAR)


AGGREGATES: dict[str, Callable[[Call], Bound | None]] = {
    "count": _count,
    "count_if": _count_if,
    "sum": _sum,
    "avg": _avg,
    "max": _extreme,
    "min": _extreme,
    "max_by": _by,
    "min_by": _by,
    "any_value": _any_value,
    "arbitrary": _any_value,
    "array_agg": _array_agg,
    "set_agg": _set_agg,
    "set_union": _set_agg,
    "bool_and": _flag,
    "bool_or": _flag,
    "every": _flag,
    "stddev": _of_doubles("stddev_samp"),
    "stddev_samp": _of_doubles("stddev_samp"),
    "stddev_pop": _of_doubles("stddev_pop"),
    "variance": _of_doubles("var_samp"),
    "var_samp": _of_doubles("var_samp"),
    "var_pop": _of_doubles("var_pop"),
    "skewness": _of_doubles("skewness"),
    "kurtosis": _of_doubles("kurtosis"),
    "corr": _of_doubles("corr", 2),
    "covar_pop": _of_doubles("covar_pop", 2),
    "covar_samp": _of_doubles("covar_samp", 2),
    "regr_intercept": _of_doubles("regr_intercept", 2),
    "regr_slope": _of_doubles("regr_slope", 2),
    "geometric_mean": _geometric,
    "bitwise_and_agg": _bits,
    "bitwise_or_agg": _bits,
    "bitwise_xor_agg": _bits,
    "approx_distinct": _distinct_count,
    **GATHERED,
}
RANKS = {"row_number", "rank", "dense_rank", "ntile", "percent_rank", "cume_dist"}
VALUES = {"first_value", "last_value", "nth_value", "lag", "lead"}
