"""Rewrites arrays, maps and UNNEST where DuckDB has another form for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from aws_understudy.services.athena.errors import not_supported

if TYPE_CHECKING:
    from collections.abc import Callable

    Rule = Callable[[list[exp.Expr]], exp.Expr]

_ENTRY = "entry_0"


def call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """Make a call of a function by its DuckDB name."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def over_entry(body: exp.Expr, parts: tuple[str, str]) -> exp.Lambda:
    """Turn ``(k, v) -> ...`` into a lambda over one entry with two parts."""
    if not isinstance(body, exp.Lambda) or len(body.expressions) != len(parts):
        raise not_supported(f"The lambda {body.sql(dialect='trino')}")
    sources = {
        name.name: exp.Dot(
            this=exp.to_identifier(_ENTRY), expression=exp.to_identifier(part, quoted=True)
        )
        for name, part in zip(body.expressions, parts, strict=True)
    }

    def rule(node: exp.Expr) -> exp.Expr:
        bare = isinstance(node, exp.Identifier) and not isinstance(
            node.parent, exp.Column | exp.Dot
        )
        single = isinstance(node, exp.Column) and not node.table
        return sources[node.name].copy() if (bare or single) and node.name in sources else node

    changed = body.this.copy().transform(rule)
    return exp.Lambda(this=changed, expressions=[exp.to_identifier(_ENTRY)])


def _map_filter(arguments: list[exp.Expr]) -> exp.Expr:
    source, body = arguments
    kept = call("list_filter", call("map_entries", source), over_entry(body, ("key", "value")))
    return call("map_from_entries", kept)


def _map_transform(part: str) -> Rule:
    def rule(arguments: list[exp.Expr]) -> exp.Expr:
        source, body = arguments
        changed = call(
            "list_transform", call("map_entries", source.copy()), over_entry(body, ("key", "value"))
        )
        keys: exp.Expr = call("map_keys", source.copy())
        values: exp.Expr = call("map_values", source.copy())
        return call("map", *((changed, values) if part == "keys" else (keys, changed)))

    return rule


def _zip(arguments: list[exp.Expr]) -> exp.Expr:
    if len(arguments) != 2:  # noqa: PLR2004 - a pair
        raise not_supported("zip of other than two arrays")
    return call("trino_zip", *arguments)


def _zip_with(arguments: list[exp.Expr]) -> exp.Expr:
    first, second, body = arguments
    pairs = call("trino_pairs", first, second)
    return call("list_transform", pairs, over_entry(body, ("a", "b")))


def _matching(name: str) -> Rule:
    def rule(arguments: list[exp.Expr]) -> exp.Expr:
        array, predicate = arguments
        kept = call("len", call("list_filter", array, predicate))
        if name == "any":
            return exp.GT(this=kept, expression=exp.Literal.number(0))
        expected = call("len", array.copy()) if name == "all" else exp.Literal.number(0)
        return exp.EQ(this=kept, expression=expected)

    return rule


BY_NAME: dict[str, Rule] = {
    "any_match": _matching("any"),
    "all_match": _matching("all"),
    "none_match": _matching("none"),
    "map_filter": _map_filter,
    "transform_values": _map_transform("values"),
    "transform_keys": _map_transform("keys"),
    "zip_with": _zip_with,
    "zip": _zip,
    "map_entries": lambda arguments: call("trino_map_entries", *arguments),
}


def cardinality(node: exp.Expr) -> exp.Expr:
    """Count entries: DuckDB has one function for maps and one for arrays."""
    inner = node.this
    named = isinstance(inner, exp.Anonymous) and inner.name.lower().startswith(
        ("map", "transform_")
    )
    if named or isinstance(inner, exp.Map | exp.MapFromEntries | exp.MapCat | exp.StrToMap):
        return call("cardinality", inner)
    return call("len", inner)


def array_slice(node: exp.Expr) -> exp.Expr:
    """Slice by start and length, where sqlglot takes the length for the end."""
    start, length = node.args["start"], node.args["end"]
    last = exp.Sub(
        this=exp.Add(this=exp.paren(start.copy()), expression=exp.paren(length)),
        expression=exp.Literal.number(1),
    )
    return call("list_slice", node.this, start, last)


def unnest(node: exp.Expr) -> exp.Expr:
    """Unnest a map, or several arrays side by side, by a SELECT that unnests each.

    Raises:
        QueryError: NOT_SUPPORTED with ordinality.
    """
    alias = node.args.get("alias")
    if not isinstance(alias, exp.TableAlias):
        return node
    columns = list(alias.columns)
    sources = node.expressions
    is_map = len(sources) == 1 and len(columns) == 2  # noqa: PLR2004 - key and value
    if len(sources) == 1 and not is_map:
        return node
    if node.args.get("offset"):
        raise not_supported("UNNEST of a map or of several arrays WITH ORDINALITY")
    if len(columns) != (2 if is_map else len(sources)):
        raise not_supported("UNNEST of several arrays without names for all its columns")
    if is_map:
        sources = [call("map_keys", sources[0].copy()), call("map_values", sources[0].copy())]
    outputs = [
        exp.alias_(call("unnest", source), column.name, quoted=True)
        for source, column in zip(sources, columns, strict=True)
    ]
    query = exp.Select(expressions=outputs)
    return exp.Subquery(this=query, alias=exp.TableAlias(this=alias.this))
