"""Evaluates the conditions of a pipeline's Condition step."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.services.sagemaker.containers.failures import JobFailedError
from aws_understudy.services.sagemaker.inputs import invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_understudy.services.sagemaker.pipelines.expressions import Scope

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}
KNOWN: Final = (*_COMPARE, "In", "Not", "Or", "And")
"""The condition types that are evaluated; SageMaker has no others in a definition."""


_NEEDED: Final = {
    **dict.fromkeys(_COMPARE, ("LeftValue", "RightValue")),
    "In": ("QueryValue", "Values"),
    "Not": ("Expression",),
    "Or": ("Conditions",),
    "And": ("Conditions",),
}


def check_condition(condition: dict[str, Any], step: str) -> None:
    """Refuse a condition that cannot be evaluated.

    Raises:
        AwsError: its type is unknown, or it lacks or has too much of what its type takes.
    """
    kind = condition.get("Type", "")
    if kind not in KNOWN:
        known = ", ".join(KNOWN)
        raise invalid(f"Step {step}: unknown condition type {kind!r}; known are {known}.")
    if set(condition) != {"Type", *_NEEDED[kind]}:
        raise invalid(
            f"Step {step}: a condition {kind} takes {', '.join(_NEEDED[kind])}, not "
            f"{', '.join(sorted(set(condition) - {'Type'})) or 'nothing'}."
        )
    nested = [condition["Expression"]] if kind == "Not" else condition.get("Conditions", [])
    for part in nested:
        check_condition(part, step)


def holds(condition: dict[str, Any], scope: Scope) -> bool:
    """Whether a condition is true.

    Raises:
        JobFailedError: an unknown type, or values that cannot be compared.
    """
    kind = condition.get("Type", "")
    if kind == "Not":
        return not holds(condition["Expression"], scope)
    if kind == "Or":
        return any(holds(part, scope) for part in condition["Conditions"])
    if kind == "And":
        return all(holds(part, scope) for part in condition["Conditions"])
    if kind == "In":
        return scope.evaluate(condition["QueryValue"]) in scope.evaluate(condition["Values"])
    if kind not in _COMPARE:
        raise JobFailedError(f"Unknown condition type {kind!r}; known are {', '.join(KNOWN)}.")
    left, right = scope.evaluate(condition["LeftValue"]), scope.evaluate(condition["RightValue"])
    try:
        return _COMPARE[kind](left, right)
    except TypeError as error:
        raise JobFailedError(f"Cannot compare {left!r} with {right!r} by {kind}.") from error
