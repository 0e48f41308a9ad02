"""What is written as a function and is a form of its own: COALESCE, TRY, CONCAT, MAP, ..."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.errors import failing, not_supported
from aws_understudy.services.athena.sql.bind.casts import cast, coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces
from aws_understudy.services.athena.sql.bind.comparison import compared
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, text
from aws_understudy.services.athena.sql.bind.functions.formatting import written
from aws_understudy.services.athena.sql.bind.functions.map_forms import MAP_FORMS
from aws_understudy.services.athena.sql.bind.functions.numeric import rounded, sign
from aws_understudy.services.athena.sql.bind.literals import row_of, truth, unify
from aws_understudy.services.athena.sql.bind.operators import joined, numbers_with
from aws_understudy.services.athena.sql.bind.runtime import gathered
from aws_understudy.services.athena.sql.bind.runtime.texts import normal_form
from aws_understudy.services.athena.trino_types import BIGINT, VARCHAR, array

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp

    Form = Callable[[str, list[Bound], Scope, exp.Expr], Bound | None]


def _coalesce(_: str, values: list[Bound], scope: Scope, node: exp.Expr) -> Bound | None:
    if len(values) < 2:  # noqa: PLR2004 - Trino's least
        return None
    made = unify(values, scope, node, "All COALESCE operands")
    return Bound(f"COALESCE({', '.join(v.sql for v in made)})", made[0].type)


def _nullif(_: str, values: list[Bound], scope: Scope, node: exp.Expr) -> Bound | None:
    if len(values) != 2:  # noqa: PLR2004 - a pair
        return None
    same = compared("=", values[0], values[1], scope, node)
    return Bound(f"CASE WHEN {same} THEN NULL ELSE {values[0].sql} END", values[0].type)


def _if(_: str, values: list[Bound], scope: Scope, node: exp.Expr) -> Bound | None:
    if len(values) not in {2, 3}:
        return None
    condition = truth(values[0], scope, node)
    results = [*values[1:], Bound("NULL", types.UNKNOWN)][:2]
    yes, no = unify(results, scope, node, "Result types for IF")
    return Bound(f"CASE WHEN {condition} THEN {yes.sql} ELSE {no.sql} END", yes.type)


def _try(_: str, values: list[Bound], __: Scope, ___: exp.Expr) -> Bound | None:
    return Bound(f"TRY({values[0].sql})", values[0].type) if len(values) == 1 else None


def _extreme(name: str, values: list[Bound], scope: Scope, node: exp.Expr) -> Bound | None:
    if not values:
        return None
    made = unify(values, scope, node, f"All {name} arguments")
    if made[0].type.name in {"map", "json", "array", "row"}:
        return None
    if made[0].type.name == types.TIMESTAMP_TZ:
        raise not_supported(f"{name} of timestamps with time zone")
    nulls = " OR ".join(f"{v.sql} IS NULL" for v in made)
    inner = f"{name}({', '.join(v.sql for v in made)})"
    return Bound(f"CASE WHEN {nulls} THEN NULL ELSE {inner} END", made[0].type)


def _concat(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
    return joined(values, scope) if len(values) > 1 else None


def _row(_: str, values: list[Bound], __: Scope, ___: exp.Expr) -> Bound | None:
    return row_of(values) if values else None


def _typeof(_: str, values: list[Bound], __: Scope, ___: exp.Expr) -> Bound | None:
    return Bound(text(str(values[0].type)), VARCHAR) if len(values) == 1 else None


def _round(name: str, values: list[Bound], scope: Scope, _: exp.Expr) -> Bound | None:
    return rounded(name, values, scope) if len(values) in {1, 2} else None


def _sign(_: str, values: list[Bound], __: Scope, ___: exp.Expr) -> Bound | None:
    numeric = len(values) == 1 and values[0].type.name in types.NUMBERS
    return sign(values[0]) if numeric else None


def _zero(_: int) -> None:
    raise failing("INVALID_FUNCTION_ARGUMENT", "SQL array indices start at 1")


def _element_at(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
    if len(values) != 2:  # noqa: PLR2004 - a pair
        return None
    base, index = values
    if base.type.name == "array" and coerces(index.type, BIGINT):
        part = base.type.parts[0]
        fail = scope.context.helper(_zero, [BIGINT], part)
        place = coerce(index, BIGINT, scope.context).sql
        taken = f"list_extract({base.sql}, {place})"
        return Bound(f"CASE WHEN {place} = 0 THEN {fail}({place}) ELSE {taken} END", part)
    if base.type.name == "map" and coerces(index.type, base.type.parts[0]):
        key = coerce(index, base.type.parts[0], scope.context).sql
        return Bound(f"map_extract_value({base.sql}, {key})", base.type.parts[1])
    return None


def _array_join(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
    if len(values) not in {2, 3} or values[0].type.name != "array":
        return None
    texts = cast(values[0], array(VARCHAR), scope.context)
    if texts is None or any(not coerces(v.type, VARCHAR) for v in values[1:]):
        return None

    def join(held: Any, delimiter: Any, null: Any = None) -> Any:
        return None if held is None or delimiter is None else gathered.joined(held, delimiter, null)

    rest = [coerce(v, VARCHAR, scope.context).sql for v in values[1:]]
    kinds = [array(VARCHAR), *[VARCHAR] * len(rest)]
    helper = scope.context.helper(join, kinds, VARCHAR, nulls=True)
    return Bound(f"{helper}({', '.join([texts.sql, *rest])})", VARCHAR)


def _array_sort(_: str, values: list[Bound], __: Scope, ___: exp.Expr) -> Bound | None:
    if len(values) != 1 or values[0].type.name != "array":
        return None
    return Bound(f"list_sort({values[0].sql}, 'ASC', 'NULLS LAST')", values[0].type)


def normalize(value: Bound, form: str, scope: Scope) -> Bound:
    """Bind the normal form of a text."""
    make = normal_form(form)

    def skipping(held: str | None) -> str | None:
        return None if held is None else str(make(held))

    helper = scope.context.helper(skipping, [VARCHAR], VARCHAR, nulls=True)
    return Bound(f"{helper}({value.sql})", VARCHAR)


def _mod(_: str, values: list[Bound], scope: Scope, __: exp.Expr) -> Bound | None:
    return numbers_with("%", values[0], values[1], scope) if len(values) == 2 else None  # noqa: PLR2004


FORMS: dict[str, Form] = {
    "coalesce": _coalesce,
    "nullif": _nullif,
    "if": _if,
    "try": _try,
    "greatest": _extreme,
    "least": _extreme,
    "concat": _concat,
    "row": _row,
    "typeof": _typeof,
    "round": _round,
    "ceil": _round,
    "ceiling": _round,
    "floor": _round,
    "truncate": _round,
    "sign": _sign,
    "mod": _mod,
    **MAP_FORMS,
    "element_at": _element_at,
    "array_join": _array_join,
    "array_sort": _array_sort,
    "format": written,
}
