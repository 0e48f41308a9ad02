"""Aggregates that gather all values first: percentiles, maps, histograms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.errors import failing, not_supported
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.core import Bound
from aws_understudy.services.athena.sql.bind.runtime import gathered
from aws_understudy.services.athena.trino_types import BIGINT, DOUBLE, array, map_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_understudy.services.athena.sql.bind.functions.call import Call


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
        groups: dict[Any, Any] = {}
        for key, value in zip(keys, values, strict=True):
            if key is not None and name == "map_agg":
                groups.setdefault(key, value)
            elif key is not None:
                groups.setdefault(key, []).append(value)
        return groups

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


GATHERED: dict[str, Callable[[Call], Bound | None]] = {
    "approx_percentile": _percentile,
    "map_agg": _map_agg,
    "multimap_agg": _map_agg,
    "map_union": _map_union,
    "histogram": _histogram,
}
