"""Aggregates: what each takes and gives, and how the engine gathers it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.errors import failing, not_supported
from aws_understudy.services.athena.sql.bind import types
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces
from aws_understudy.services.athena.sql.bind.core import Bound, Scope
from aws_understudy.services.athena.sql.bind.literals import truth
from aws_understudy.services.athena.sql.bind.runtime import gathered
from aws_understudy.services.athena.sql.bind.runtime.numbers import decimal_quotient
from aws_understudy.services.athena.sql.bind.types import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    REAL,
    VARCHAR,
    Type,
    array,
    decimal,
    map_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp


@dataclass(frozen=True)
class Call:
    """A call of an aggregate."""

    name: str
    arguments: list[Bound]
    scope: Scope
    node: exp.Expr
    distinct: bool = False
    order: str = ""
    """``ORDER BY ...`` within the parentheses."""
    suffix: str = ""
    """FILTER and OVER."""

    def engine(self, name: str, *inner: str) -> str:
        """Write the engine's aggregate over these expressions."""
        distinct = "DISTINCT " if self.distinct else ""
        order = f" {self.order}" if self.order else ""
        return f"{name}({distinct}{', '.join(inner)}{order}){self.suffix}"

    def to(self, kind: Type, place: int = 0) -> str | None:
        """Give an argument's SQL as a type to which it goes unasked; None if it does not."""
        if place >= len(self.arguments) or not coerces(self.arguments[place].type, kind):
            return None
        return coerce(self.arguments[place], kind, self.scope.context).sql


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


def _percentile(call: Call) -> Bound | None:
    if len(call.arguments) != 2:  # noqa: PLR2004 - weights and accuracy have no exact meaning here
        raise not_supported("approx_percentile with a weight or an accuracy")
    value, share = call.arguments
    if value.type.name not in types.NUMBERS:
        return None
    held = value if value.type.name in {"bigint", "real", "double"} else None
    kind = value.type if held else BIGINT if value.type.name in types.INTEGERS else DOUBLE
    many = share.type.name == "array"
    shares = array(DOUBLE) if many else DOUBLE
    result = array(kind) if many else kind
    helper = call.scope.context.helper(_share(many=many), [array(kind), shares], result, nulls=True)
    asked = coerce(share, shares, call.scope.context).sql
    return Bound(
        f"{helper}({call.engine('list', call.to(kind) or '')}, any_value({asked}){call.suffix})",
        result,
    )


def _share(*, many: bool) -> Any:
    """The value at a share of the sorted ones, as a digest of single values gives it."""

    def at(ordered: list[Any], share: float) -> Any:
        if not 0 <= share <= 1:
            raise failing("INVALID_FUNCTION_ARGUMENT", "Percentile must be between 0 and 1")
        return ordered[min(math.floor(share * len(ordered)), len(ordered) - 1)]

    def find(values: Any, share: Any) -> Any:
        ordered = sorted(v for v in values or [] if v is not None)
        if not ordered or share is None:
            return None
        return [at(ordered, s) for s in share] if many else at(ordered, share)

    return find


def _map_agg(call: Call) -> Bound | None:
    if len(call.arguments) != 2:  # noqa: PLR2004 - key and value
        return None
    key, value = call.arguments
    kind = map_of(key.type, value.type)
    kinds = [array(key.type), array(value.type)]
    keys, values = (call.engine("list", f"{v.sql}") for v in (key, value))
    if call.name == "multimap_agg":
        kind = map_of(key.type, kinds[1])
    helper = call.scope.context.helper(_gather(call.name), kinds, kind, nulls=True)
    return Bound(f"{helper}({keys}, {values})", kind)


def _gather(name: str) -> Any:
    def gather(keys: Any, values: Any) -> Any:
        if keys is None:
            return None
        found: dict[Any, Any] = {}
        for key, value in zip(keys, values, strict=True):
            if key is not None and name == "map_agg":
                found.setdefault(key, value)
            elif key is not None:
                found.setdefault(key, []).append(value)
        return found

    return gather


def _map_union(call: Call) -> Bound | None:
    value = call.arguments[0]
    if value.type.name != "map":
        return None
    helper = call.scope.context.helper(_first_of, [array(value.type)], value.type, nulls=True)
    return Bound(f"{helper}({call.engine('list', value.sql)})", value.type)


def _first_of(maps: Any) -> Any:
    return None if maps is None else gathered.merged_first(maps)


def _histogram(call: Call) -> Bound | None:
    value = call.arguments[0]
    kind = map_of(value.type, BIGINT)
    helper = call.scope.context.helper(_counts, [array(value.type)], kind, nulls=True)
    return Bound(f"{helper}({call.engine('list', value.sql)})", kind)


def _counts(values: Any) -> Any:
    return None if values is None else gathered.histogram(values)


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
    "approx_percentile": _percentile,
    "map_agg": _map_agg,
    "multimap_agg": _map_agg,
    "map_union": _map_union,
    "histogram": _histogram,
}
RANKS = {"row_number", "rank", "dense_rank", "ntile", "percent_rank", "cume_dist"}
VALUES = {"first_value", "last_value", "nth_value", "lag", "lead"}
