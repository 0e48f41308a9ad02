"""Evaluates the conditions of a pipeline's Condition step."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.services.sagemaker.containers.failures import JobFailedError

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
