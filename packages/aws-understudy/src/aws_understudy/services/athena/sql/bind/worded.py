"""Binds functions that have a grammar of their own: EXTRACT, TRIM, SUBSTRING, AT TIME ZONE, ..."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.sql.bind.calls import called
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, at, bind, rule
from aws_understudy.services.athena.sql.bind.functions import fields, forms, temporal
from aws_understudy.services.athena.trino_types import VARCHAR


@rule(exp.Ceil, exp.Floor)
def whole(node: Any, scope: Scope) -> Bound:
    """Bind ceil and floor."""
    return called("ceil" if isinstance(node, exp.Ceil) else "floor", [node.this], scope, node)


@rule(exp.Chr)
def char(node: exp.Chr, scope: Scope) -> Bound:
    """Bind chr."""
    return called("chr", node.expressions, scope, node)


@rule(exp.Substring)
def substring(node: exp.Substring, scope: Scope) -> Bound:
    """Bind ``substring(a FROM b FOR c)``."""
    rest = [node.args[part] for part in ("start", "length") if node.args.get(part) is not None]
    return called("substr", [node.this, *rest], scope, node)


@rule(exp.Trim)
def trimmed(node: exp.Trim, scope: Scope) -> Bound:
    """Bind ``trim(LEADING 'x' FROM a)``."""
    names = {"LEADING": "ltrim", "TRAILING": "rtrim"}
    name = names.get(str(node.args.get("position") or "").upper(), "trim")
    rest = [node.expression] if node.expression is not None else []
    return called(name, [node.this, *rest], scope, node)


@rule(exp.StrPosition)
def position(node: exp.StrPosition, scope: Scope) -> Bound:
    """Bind ``position(a IN b)``."""
    return called("strpos", [node.this, node.args["substr"]], scope, node)


@rule(exp.Extract)
def extracted(node: exp.Extract, scope: Scope) -> Bound:
    """Bind ``extract(YEAR FROM x)``."""
    value, name = bind(node.expression, scope), node.name.lower()
    made = fields.field(name, value, scope)
    if made is None:
        message = f"{at(scope, node)}: Cannot extract {name} from {value.type}"
        raise QueryError("TYPE_MISMATCH", message)
    return made


@rule(exp.ParseJSON)
def json_literal(node: Any, scope: Scope) -> Bound:
    """Bind ``JSON '{"a": 1}'``."""
    return called("json_parse", [node.this], scope, node)


@rule(exp.Normalize)
def normalized(node: exp.Normalize, scope: Scope) -> Bound:
    """Bind ``normalize(a, NFD)``."""
    form = node.args.get("form")
    value = coerce(bind(node.this, scope), VARCHAR, scope.context)
    return forms.normalize(value, form.name if form is not None else "NFC", scope)


@rule(exp.AtTimeZone)
def in_zone(node: exp.AtTimeZone, scope: Scope) -> Bound:
    """Bind ``x AT TIME ZONE 'Europe/Rome'``."""
    value, zone = bind(node.this, scope), bind(node.args["zone"], scope)
    made = temporal.at_zone(value, zone, scope, keep_wall=False)
    if made is None or not coerces(zone.type, VARCHAR):
        message = f"Type of value must be a time or timestamp: {value.type}"
        raise QueryError("TYPE_MISMATCH", f"{at(scope, node)}: {message}")
    return made


@rule(exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.Localtime, exp.Localtimestamp)
def now(node: Any, _: Scope) -> Bound:
    """Bind the words for now."""
    names: dict[type, str] = {
        exp.CurrentDate: "current_date",
        exp.CurrentTime: "current_time",
        exp.CurrentTimestamp: "current_timestamp",
        exp.Localtime: "localtime",
        exp.Localtimestamp: "localtimestamp",
    }
    precision = int(node.this.name) if isinstance(node.this, exp.Literal) else None
    return temporal.now(names[type(node)], precision)
