"""Maps of arrays and of entries, and their merging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.errors import failing
from aws_understudy.services.athena.sql.bind.core import Bound, Scope
from aws_understudy.services.athena.sql.bind.literals import unify
from aws_understudy.services.athena.sql.bind.runtime import gathered
from aws_understudy.services.athena.trino_types import array, map_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp


def _map(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
    if not values:
        kind = map_of(types.UNKNOWN, types.UNKNOWN)
        return Bound(f"CAST(MAP {{}} AS {kind.duck})", kind)
    if [v.type.name for v in values] != ["array", "array"]:
        return None
    keys, held = values
    kind = map_of(keys.type.parts[0], held.type.parts[0])
    return Bound(_made(keys.sql, held.sql, keys.type, held.type, scope), kind)


def _paired(keys: list[Any] | None, values: list[Any] | None) -> list[Any] | None:
    if keys is None or values is None:
        return None
    if len(keys) != len(values):
        message = "Key and value arrays must be the same length"
        raise failing("INVALID_FUNCTION_ARGUMENT", message)
    return gathered.no_duplicates(keys)


def _made(keys: str, values: str, key: types.Type, held: types.Type, scope: Scope) -> str:
    """Write a map of two arrays, its keys checked."""
    checked = scope.context.helper(_paired, [key, held], key, nulls=True)
    missing = f"{keys} IS NULL OR {values} IS NULL"
    return f"CASE WHEN {missing} THEN NULL ELSE MAP({checked}({keys}, {values}), {values}) END"


def _from_entries(name: str, values: list[Bound], scope: Scope, _: exp.Expr) -> Bound | None:
    if len(values) != 1 or values[0].type.name != "array":
        return None
    entry = values[0].type.parts[0]
    if entry.name != "row" or len(entry.parts) != 2:  # noqa: PLR2004 - key and value
        return None
    keys, held = (
        f"list_transform({values[0].sql}, LAMBDA e : struct_extract_at(e, {at}))" for at in (1, 2)
    )
    kinds = [array(part) for part in entry.parts]
    if name == "multimap_from_entries":
        result = map_of(entry.parts[0], kinds[1])
        helper = scope.context.helper(_multimap, kinds, result, nulls=True)
        return Bound(f"{helper}({keys}, {held})", result)
    return Bound(_made(keys, held, kinds[0], kinds[1], scope), map_of(*entry.parts))


def _multimap(keys: Any, values: Any) -> Any:
    return None if keys is None else gathered.multimap(keys, values)


def _entries(_: str, values: list[Bound], __: Scope, ___: exp.Expr) -> Bound | None:
    if len(values) != 1 or values[0].type.name != "map":
        return None
    entry = types.row(*values[0].type.parts)
    pair = "struct_pack(_0 := e.key, _1 := e.value)"
    sql = f"list_transform(map_entries({values[0].sql}), LAMBDA e : {pair})"
    return Bound(sql, array(entry))


def _map_concat(_: str, values: list[Bound], scope: Scope, node: exp.Expr) -> Bound | None:
    if len(values) < 2 or any(v.type.name != "map" for v in values):  # noqa: PLR2004 - Trino's least
        return None
    made = unify(values, scope, node, "All map_concat arguments")
    kind = made[0].type

    def merge(*maps: Any) -> Any:
        return None if None in maps else gathered.merged(list(maps))

    helper = scope.context.helper(merge, [kind] * len(made), kind, nulls=True)
    return Bound(f"{helper}({', '.join(v.sql for v in made)})", kind)


MAP_FORMS: dict[str, Callable[[str, list[Bound], Scope, exp.Expr], Bound | None]] = {
    "map": _map,
    "map_from_entries": _from_entries,
    "multimap_from_entries": _from_entries,
    "map_entries": _entries,
    "map_concat": _map_concat,
}
