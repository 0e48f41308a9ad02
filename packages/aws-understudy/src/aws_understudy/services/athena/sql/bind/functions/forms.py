"""What is written as a function and is a form of its own: COALESCE, TRY, CONCAT, MAP, ..."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from aws_understudy.services.athena.errors import failing, not_supported
from aws_understudy.services.athena.sql.bind import types
from aws_understudy.services.athena.sql.bind.casts import cast, coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces
from aws_understudy.services.athena.sql.bind.comparison import compared
from aws_understudy.services.athena.sql.bind.core import Bound, Scope, mismatch, text
from aws_understudy.services.athena.sql.bind.functions.numeric import rounded, sign
from aws_understudy.services.athena.sql.bind.literals import row_of, truth, unify
from aws_understudy.services.athena.sql.bind.operators import joined, numbers_with
from aws_understudy.services.athena.sql.bind.runtime import gathered
from aws_understudy.services.athena.sql.bind.runtime.texts import normal_form
from aws_understudy.services.athena.sql.bind.types import BIGINT, VARCHAR, array, map_of

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


_SPECIFIER = re.compile(r"%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])")
_WHOLE = {"d", "x", "X", "o"}


def _format(_: str, values: list[Bound], scope: Scope, node: exp.Expr) -> Bound | None:
    if len(values) < 2 or not isinstance(values[0].constant, str):  # noqa: PLR2004 - and a value
        raise not_supported("format with a pattern that is not a literal")
    shown = [_formatted(value, scope, node) for value in values[1:]]
    pattern = values[0].constant

    def write(*held: Any) -> str:
        return _java_format(pattern, held)

    helper = scope.context.helper(write, [v.type for v in shown], VARCHAR, nulls=True)
    return Bound(f"{helper}({', '.join(v.sql for v in shown)})", VARCHAR)


def _formatted(value: Bound, scope: Scope, node: exp.Expr) -> Bound:
    if value.type.name in {*types.NUMBERS, "boolean", "varchar"}:
        return value
    made = cast(value, VARCHAR, scope.context)
    if made is None:
        raise mismatch(scope, node, f"format cannot write {value.type}")
    return made


def _java_format(pattern: str, values: tuple[Any, ...]) -> str:
    place = iter(values)

    def written(match: re.Match[str]) -> str:
        if match[5] in {"%", "n"}:
            return "%" if match[5] == "%" else "\n"
        try:
            value = values[int(match[1]) - 1] if match[1] else next(place)
        except (StopIteration, IndexError) as error:
            message = f"Format specifier '{match[0]}'"
            raise failing("INVALID_FUNCTION_ARGUMENT", message) from error
        return _one(match, value)

    shown: str = _SPECIFIER.sub(written, pattern)
    return shown


def _one(match: re.Match[str], value: Any) -> str:
    _, flags, width, precision, letter = match.groups()
    if letter in "sS" or value is None or letter in "bB":
        shown = (
            "null"
            if value is None
            else str(value).lower()
            if isinstance(value, bool)
            else str(value)
        )
        shown = shown[: int(precision)] if precision else shown
        shown = shown.upper() if letter in "SB" else shown
        return shown.ljust(int(width or 0)) if "-" in flags else shown.rjust(int(width or 0))
    whole, fits = letter in _WHOLE, isinstance(value, int) and not isinstance(value, bool)
    if whole != fits or (not whole and letter not in "fFeEgG") or "(" in flags:
        message = f"Invalid format string: {match.string} ({match[0]} of {value})"
        raise failing("INVALID_FUNCTION_ARGUMENT", message)
    mask = f"%{flags.replace(',', '')}{width or ''}{'' if whole else f'.{precision or 6}'}{letter}"
    if letter == "f" and math.isfinite(value):
        step = Decimal(1).scaleb(-int(precision or 6))
        value = Decimal(str(value)).quantize(step, ROUND_HALF_UP)
    if "," in flags:
        digits = "" if whole else f".{precision or 6}"
        return f"{value:{'0' if '0' in flags else ''}{width or ''},{digits}{letter}}"
    return mask % value


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
    "map": _map,
    "map_from_entries": _from_entries,
    "multimap_from_entries": _from_entries,
    "map_entries": _entries,
    "map_concat": _map_concat,
    "element_at": _element_at,
    "array_join": _array_join,
    "array_sort": _array_sort,
    "format": _format,
}
