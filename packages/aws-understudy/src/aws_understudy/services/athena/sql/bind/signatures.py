"""Signatures of functions, and the choice of the one that takes a call's arguments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_understudy.lake.hive_schema import split_top
from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.sql.bind.casts import coerce
from aws_understudy.services.athena.sql.bind.coercion import coerces, common_type
from aws_understudy.services.athena.sql.bind.core import Bound, Context
from aws_understudy.services.athena.trino_types import Type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LIMITS: dict[str, tuple[str, ...]] = {
    "N": types.NUMBERS,
    "I": types.INTEGERS,
    "F": types.FLOATS,
    "D": ("decimal",),
    "X": ("varchar", "char"),
}
"""Variables that stand for some types only; others stand for any."""
_STEPS = (*types.NUMBERS, "date", *types.TIMESTAMPS)
_MICROS = 6


@dataclass(frozen=True)
class Signature:
    """One form of a function, such as ``array(T), bigint -> T``."""

    parameters: tuple[Type, ...]
    result: Type
    repeats: bool
    """Whether the last parameter may stand any number of times."""
    make: Any
    """The engine's SQL with ``{0}`` and so on, or a function of Python that computes it; both where
    the engine's function is right of ASCII alone."""


@dataclass(frozen=True)
class Choice:
    """A signature with its variables put in."""

    make: Any
    parameters: list[Type]
    result: Type
    cost: int


def pattern(text: str) -> Type:
    """Read a type of a signature."""
    text = text.strip()
    inner = re.fullmatch(r"(array|map|row)\((.*)\)", text)
    if inner:
        parts = tuple(pattern(piece) for piece in split_top(inner[2]))
        fields = (None,) * len(parts) if inner[1] == "row" else ()
        return Type(inner[1], parts=parts, fields=fields)
    if text in {"timestamp", types.TIMESTAMP_TZ}:
        return Type(text, (3,))
    if text == "time":
        return Type(text, (3,))
    if text in {"days", "months"}:
        return types.DAYS if text == "days" else types.MONTHS
    return Type(text)


def signature(text: str, make: Any) -> Signature:
    """Read ``varchar, bigint -> varchar``; ``varchar...`` stands for any number of them."""
    inside, _, result = text.partition("->")
    pieces = [piece.strip() for piece in split_top(inside) if piece.strip()]
    repeats = bool(pieces) and pieces[-1].endswith("...")
    parameters = tuple(pattern(piece.removesuffix("...")) for piece in pieces)
    return Signature(parameters, pattern(result), repeats, make)


def choose(signatures: Sequence[Signature], arguments: Sequence[Type]) -> Choice | None:
    """Take the form that needs the fewest conversions; None where none takes the arguments."""
    choices = [c for s in signatures if (c := _fit(s, arguments)) is not None]
    return min(choices, key=lambda c: c.cost, default=None)


def _fit(form: Signature, arguments: Sequence[Type]) -> Choice | None:
    parameters = list(form.parameters)
    if form.repeats and len(arguments) >= len(parameters):
        parameters += [parameters[-1]] * (len(arguments) - len(parameters))
    if len(parameters) != len(arguments):
        return None
    variables: dict[str, Type] = {}
    for parameter, argument in zip(parameters, arguments, strict=True):
        if not _collect(parameter, argument, variables):
            return None
    targets = [_target(p, a, variables) for p, a in zip(parameters, arguments, strict=True)]
    pairs = list(zip(targets, arguments, strict=True))
    if not all(_takes(a, t) for t, a in pairs):
        return None
    cost = sum(_distance(a, t) for t, a in pairs)
    return Choice(form.make, targets, _put(form.result, variables), cost)


def _variable(kind: Type) -> bool:
    return len(kind.name) == 1 and kind.name.isupper()


def _collect(parameter: Type, argument: Type, variables: dict[str, Type]) -> bool:
    if _variable(parameter):
        limits = _LIMITS.get(parameter.name)
        if limits and argument.name not in {*limits, "unknown"}:
            return False
        common = common_type(variables.get(parameter.name, types.UNKNOWN), argument)
        if common is not None:
            variables[parameter.name] = common
        return common is not None
    if parameter.parts and argument.name == parameter.name:
        pairs = zip(parameter.parts, argument.parts, strict=False)
        even = len(parameter.parts) == len(argument.parts)
        return even and all(_collect(p, a, variables) for p, a in pairs)
    return True


def _put(kind: Type, variables: dict[str, Type]) -> Type:
    if _variable(kind):
        return variables.get(kind.name, types.UNKNOWN)
    parts = tuple(_put(part, variables) for part in kind.parts)
    return Type(kind.name, kind.sizes, parts, kind.fields)


def _target(parameter: Type, argument: Type, variables: dict[str, Type]) -> Type:
    kind = _put(parameter, variables)
    if kind.name == argument.name and kind.name in {*types.TIMESTAMPS, "time", "varchar"}:
        return argument
    if kind.name == argument.name and kind.parts and not parameter.name.isupper():
        pairs = zip(parameter.parts, argument.parts, strict=False)
        parts = tuple(_target(p, a, variables) for p, a in pairs)
        return Type(kind.name, kind.sizes, parts, argument.fields)
    return kind


def _takes(argument: Type, target: Type) -> bool:
    return coerces(argument, target)


def _distance(argument: Type, target: Type) -> int:
    if argument.name == target.name or argument == types.UNKNOWN:
        return 0
    if argument.name in _STEPS and target.name in _STEPS:
        return 1 + abs(_STEPS.index(target.name) - _STEPS.index(argument.name))
    return 1


def applied(choice: Choice, arguments: Sequence[Bound], context: Context) -> Bound:
    """Write the call of a chosen form."""
    pairs = zip(arguments, choice.parameters, strict=True)
    held = [coerce(value, kind, context) for value, kind in pairs]
    texts = [value.sql for value in held]
    if isinstance(choice.make, tuple):
        plain, choice = choice.make[0], Choice(choice.make[1], choice.parameters, choice.result, 0)
        other = applied(choice, held, context).sql
        ascii_only = f"strlen({texts[0]}) = length({texts[0]})"
        return Bound(
            f"CASE WHEN {ascii_only} THEN {plain}({texts[0]}) ELSE {other} END", choice.result
        )
    if isinstance(choice.make, str):
        sql = choice.make.format(*texts, all=", ".join(texts), type=choice.result.duck)
        return Bound(sql, choice.result)
    function = _skipping(choice.make)
    name = context.helper(function, choice.parameters, choice.result, nulls=True)
    return Bound(f"{name}({', '.join(texts)})", choice.result)


_skippers: dict[Any, Callable[..., Any]] = {}


def _skipping(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make the function that answers NULL where an argument is NULL."""
    if function not in _skippers:

        def called(*arguments: Any) -> Any:
            return None if None in arguments else function(*arguments)

        _skippers[function] = called
    return _skippers[function]
