"""Functions that take a lambda."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from aws_understudy.services.athena import regular
from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces, common_type
from aws_understudy.services.athena.sql.bind.core import Bound, Column, Scope, bind, mismatch
from aws_understudy.services.athena.sql.bind.literals import truth
from aws_understudy.services.athena.sql.bind.runtime import gathered
from aws_understudy.services.athena.trino_types import BIGINT, VARCHAR, Type, array, map_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Rule = Callable[[str, list[exp.Expr], Scope, exp.Expr], Bound | None]


def body(node: exp.Expr, values: list[Bound], scope: Scope) -> Bound:
    """Bind a lambda's body, its parameters standing for these values.

    Raises:
        QueryError: TYPE_MISMATCH, when it is no lambda of so many parameters.
    """
    if not isinstance(node, exp.Lambda) or len(node.expressions) != len(values):
        raise mismatch(scope, node, f"A lambda of {len(values)} parameters is needed here")
    pairs = zip(node.expressions, values, strict=True)
    inner = scope.inner([Column(name.name.lower(), value) for name, value in pairs])
    inner.aggregates = False
    return bind(node.this, inner)


def _source(node: exp.Expr, scope: Scope, name: str) -> Bound | None:
    value = bind(node, scope)
    return value if value.type.name == name else None


def _transform(_: str, nodes: list[exp.Expr], scope: Scope, __: exp.Expr) -> Bound | None:
    source = _source(nodes[0], scope, "array")
    if source is None:
        return None
    name = scope.context.fresh("v")
    made = body(nodes[1], [Bound(name, source.type.parts[0])], scope)
    sql = f"list_transform({source.sql}, LAMBDA {name} : {made.sql})"
    return Bound(sql, array(made.type))


def _kept(source: Bound, node: exp.Expr, scope: Scope) -> str:
    name = scope.context.fresh("v")
    made = body(node, [Bound(name, source.type.parts[0])], scope)
    return f"LAMBDA {name} : {truth(made, scope, node)}"


def _filter(_: str, nodes: list[exp.Expr], scope: Scope, __: exp.Expr) -> Bound | None:
    source = _source(nodes[0], scope, "array")
    if source is None:
        return None
    return Bound(f"list_filter({source.sql}, {_kept(source, nodes[1], scope)})", source.type)


def _match(name: str, nodes: list[exp.Expr], scope: Scope, _: exp.Expr) -> Bound | None:
    source = _source(nodes[0], scope, "array")
    if source is None:
        return None
    results = f"list_transform({source.sql}, {_kept(source, nodes[1], scope)})"
    helper = scope.context.helper(_MATCHES[name], [array(types.BOOLEAN)], types.BOOLEAN, nulls=True)
    return Bound(f"{helper}({results})", types.BOOLEAN)


def _any(results: Any) -> Any:
    if results is None:
        return None
    return True if True in results else None if None in results else False


def _all(results: Any) -> Any:
    if results is None:
        return None
    return False if False in results else None if None in results else True


def _none(results: Any) -> Any:
    matched = _any(results)
    return None if matched is None else not matched


_MATCHES = {"any_match": _any, "all_match": _all, "none_match": _none}


def _reduce(_: str, nodes: list[exp.Expr], scope: Scope, node: exp.Expr) -> Bound | None:
    source = _source(nodes[0], scope, "array")
    if source is None or len(nodes) != 4:  # noqa: PLR2004 - array, start, two lambdas
        return None
    start = bind(nodes[1], scope)
    state, entry = scope.context.fresh("v"), scope.context.fresh("v")
    kind = _state(start.type, source, nodes[2], (state, entry), scope)
    if kind is None:
        raise mismatch(scope, node, "The lambda of reduce must return the type of its state")
    step = coerce(_step(kind, source, nodes[2], (state, entry), scope), kind, scope.context)
    begun = coerce(start, kind, scope.context)
    first = f"CAST({begun.sql} AS {kind.duck})"
    folded = f"list_reduce({source.sql}, LAMBDA {state}, {entry} : {step.sql}, {first})"
    return body(nodes[3], [Bound(folded, kind)], scope)


def _step(kind: Type, source: Bound, node: exp.Expr, names: tuple[str, str], scope: Scope) -> Bound:
    values = [Bound(names[0], kind), Bound(names[1], source.type.parts[0])]
    return body(node, values, scope)


def _state(
    kind: Type, source: Bound, node: exp.Expr, names: tuple[str, str], scope: Scope
) -> Type | None:
    """Find the state's type: the start's, or what start and step have in common."""
    for _ in range(3):
        made = _step(kind, source, node, names, scope).type
        if coerces(made, kind):
            return kind
        wider = common_type(kind, made)
        if wider is None:
            return None
        kind = wider
    return kind if kind.name == "decimal" else None


def _entries(source: Bound, scope: Scope) -> tuple[str, list[Bound]]:
    name = scope.context.fresh("v")
    key, value = source.type.parts
    return name, [Bound(f"{name}.key", key), Bound(f"{name}.value", value)]


def _map_filter(_: str, nodes: list[exp.Expr], scope: Scope, __: exp.Expr) -> Bound | None:
    source = _source(nodes[0], scope, "map")
    if source is None:
        return None
    name, values = _entries(source, scope)
    condition = truth(body(nodes[1], values, scope), scope, nodes[1])
    kept = f"list_filter(map_entries({source.sql}), LAMBDA {name} : {condition})"
    return Bound(f"map_from_entries({kept})", source.type)


def _transform_map(name: str, nodes: list[exp.Expr], scope: Scope, _: exp.Expr) -> Bound | None:
    source = _source(nodes[0], scope, "map")
    if source is None:
        return None
    entry, values = _entries(source, scope)
    made = body(nodes[1], values, scope)
    changed = f"list_transform(map_entries({source.sql}), LAMBDA {entry} : {made.sql})"
    if name == "transform_values":
        kind = map_of(source.type.parts[0], made.type)
        keys, held = f"map_keys({source.sql})", changed
    else:
        kind = map_of(made.type, source.type.parts[1])
        checked = scope.context.helper(_checked, [array(made.type)], array(made.type), nulls=True)
        keys, held = f"{checked}({changed})", f"map_values({source.sql})"
    return Bound(f"CASE WHEN {source.sql} IS NOT NULL THEN MAP({keys}, {held}) END", kind)


def _checked(keys: Any) -> Any:
    return None if keys is None else gathered.no_duplicates(keys)


def _zip(_: str, nodes: list[exp.Expr], scope: Scope, __: exp.Expr) -> Bound | None:
    sources = [bind(node, scope) for node in nodes]
    if len(sources) < 2 or any(s.type.name != "array" for s in sources):  # noqa: PLR2004 - Trino's least
        return None
    kind = types.row(*(s.type.parts[0] for s in sources))
    place = scope.context.fresh("v")
    pairs = zip(kind.field_names, sources, strict=True)
    fields = ", ".join(f"{n} := list_extract({s.sql}, {place})" for n, s in pairs)
    sql = f"list_transform({_places(sources)}, LAMBDA {place} : struct_pack({fields}))"
    return Bound(_unless_null(sources, sql), array(kind))


def _places(sources: list[Bound]) -> str:
    return f"range(1, greatest({', '.join(f'len({s.sql})' for s in sources)}) + 1)"


def _unless_null(sources: list[Bound], sql: str) -> str:
    nulls = " OR ".join(f"{s.sql} IS NULL" for s in sources)
    return f"CASE WHEN {nulls} THEN NULL ELSE {sql} END"


def _zip_with(_: str, nodes: list[exp.Expr], scope: Scope, __: exp.Expr) -> Bound | None:
    sources = [bind(node, scope) for node in nodes[:2]]
    if len(nodes) != 3 or any(s.type.name != "array" for s in sources):  # noqa: PLR2004 - and a lambda
        return None
    place = scope.context.fresh("v")
    values = [Bound(f"list_extract({s.sql}, {place})", s.type.parts[0]) for s in sources]
    made = body(nodes[2], values, scope)
    sql = f"list_transform({_places(sources)}, LAMBDA {place} : {made.sql})"
    return Bound(_unless_null(sources, sql), array(made.type))


def _map_zip_with(_: str, nodes: list[exp.Expr], scope: Scope, __: exp.Expr) -> Bound | None:
    sources = [bind(node, scope) for node in nodes[:2]]
    if len(nodes) != 3 or any(s.type.name != "map" for s in sources):  # noqa: PLR2004 - and a lambda
        return None
    key_type = sources[0].type.parts[0]
    if sources[1].type.parts[0] != key_type:
        return None
    union = scope.context.helper(_union, [array(key_type)] * 2, array(key_type), nulls=True)
    keys = f"{union}({', '.join(f'map_keys({s.sql})' for s in sources)})"
    name = scope.context.fresh("v")
    values = [Bound(f"map_extract_value({s.sql}, {name})", s.type.parts[1]) for s in sources]
    made = body(nodes[2], [Bound(name, key_type), *values], scope)
    sql = f"MAP({keys}, list_transform({keys}, LAMBDA {name} : {made.sql}))"
    return Bound(_unless_null(sources, sql), map_of(key_type, made.type))


def _union(left: Any, right: Any) -> Any:
    return None if left is None or right is None else gathered.union(left, right)


def _sort(_: str, nodes: list[exp.Expr], scope: Scope, __: exp.Expr) -> Bound | None:
    source = _source(nodes[0], scope, "array")
    if source is None or len(nodes) != 2:  # noqa: PLR2004 - and a lambda
        return None
    left, right = scope.context.fresh("v"), scope.context.fresh("v")
    part = source.type.parts[0]
    made = body(nodes[1], [Bound(left, part), Bound(right, part)], scope)
    held = coerce(made, BIGINT, scope.context).sql
    inner = f"list_transform({source.sql}, LAMBDA {right} : {held})"
    signs = f"list_transform({source.sql}, LAMBDA {left} : {inner})"
    helper = scope.context.helper(
        _sorted, [source.type, array(array(BIGINT))], source.type, nulls=True
    )
    return Bound(f"{helper}({source.sql}, {signs})", source.type)


def _sorted(values: Any, signs: Any) -> Any:
    if values is None:
        return None
    order = sorted(range(len(values)), key=functools.cmp_to_key(lambda a, b: signs[a][b] or 0))
    return [values[at] for at in order]


def _replace(_: str, nodes: list[exp.Expr], scope: Scope, __: exp.Expr) -> Bound | None:
    """Bind regexp_replace with a lambda over the groups of each place."""
    values = [bind(node, scope) for node in nodes[:2]]
    if len(nodes) != 3 or any(not coerces(v.type, VARCHAR) for v in values):  # noqa: PLR2004 - and a lambda
        return None
    texts, name = array(VARCHAR), scope.context.fresh("v")
    inner = ", ".join(v.sql for v in values)
    groups = scope.context.helper(_groups, [VARCHAR] * 2, array(texts), nulls=True)
    made = coerce(body(nodes[2], [Bound(name, texts)], scope), VARCHAR, scope.context)
    changed = f"list_transform({groups}({inner}), LAMBDA {name} : {made.sql})"
    join = scope.context.helper(_between, [VARCHAR, VARCHAR, texts], VARCHAR, nulls=True)
    return Bound(f"{join}({inner}, {changed})", VARCHAR)


def _groups(value: Any, pattern: Any) -> Any:
    if value is None or pattern is None:
        return None
    return [list(match.groups()) for match in regular.compiled(pattern).finditer(value)]


def _between(value: Any, pattern: Any, changed: Any) -> Any:
    if changed is None:
        return None
    parts = regular.split(value, pattern)
    return parts[0] + "".join((c or "") + p for c, p in zip(changed, parts[1:], strict=True))


RULES: dict[str, Rule] = {
    "regexp_replace": _replace,
    "transform": _transform,
    "filter": _filter,
    "any_match": _match,
    "all_match": _match,
    "none_match": _match,
    "reduce": _reduce,
    "map_filter": _map_filter,
    "transform_values": _transform_map,
    "transform_keys": _transform_map,
    "zip": _zip,
    "zip_with": _zip_with,
    "map_zip_with": _map_zip_with,
    "array_sort": _sort,
}
