"""Checks a request against the service model that botocore brings, and makes names and times."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from botocore.validate import ParamValidator

from aws_understudy.core.operations import service_model
from aws_understudy.core.service import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_TIMES = ("After", "Before")


def check_input(action: str, payload: dict[str, Any]) -> None:
    """Refuse a request that lacks a required member or has one of a wrong type.

    Patterns and ranges are not checked: botocore does not know them all.

    Raises:
        AwsError: ``ValidationException``, naming each fault.
    """
    shape = service_model("sagemaker").operation_model(action).input_shape
    report = ParamValidator().validate(payload, shape)
    faults = [report.generate_report()] if report.has_errors() else []
    faults += [
        f"{path} is {value!r}; allowed are {', '.join(allowed)}"
        for path, value, allowed in _wrong_enums(shape, payload, action)
    ]
    if faults:
        raise invalid("; ".join(faults))


def _wrong_enums(shape: Any, value: Any, path: str) -> list[tuple[str, Any, list[str]]]:
    # ParamValidator leaves enums to the service.
    if shape.type_name == "structure" and isinstance(value, dict):
        known = [
            (shape.members[key], item, key) for key, item in value.items() if key in shape.members
        ]
        return [
            bad
            for member, item, key in known
            for bad in _wrong_enums(member, item, f"{path}.{key}")
        ]
    if shape.type_name == "list" and isinstance(value, list):
        return [bad for item in value for bad in _wrong_enums(shape.member, item, path)]
    allowed = getattr(shape, "enum", None)
    return [(path, value, allowed)] if allowed and value not in allowed else []


def invalid(message: str) -> AwsError:
    """What SageMaker says to a request that cannot be right."""
    return AwsError("ValidationException", message)


def not_found(message: str) -> AwsError:
    """What SageMaker says to the name of a pipeline thing that is not there."""
    return AwsError("ResourceNotFound", message)


def in_use(message: str) -> AwsError:
    """What SageMaker says to a name that is taken."""
    return AwsError("ResourceInUse", message)


def now() -> float:
    """The time as the JSON protocol carries it: seconds since 1970."""
    return round(time.time(), 3)


def page(items: list[dict[str, Any]], request: dict[str, Any], key: str) -> dict[str, Any]:
    """One page of a list, with the token of the next one; the token is an offset."""
    start = int(request.get("NextToken") or 0)
    end = start + int(request.get("MaxResults") or 100)
    token = {"NextToken": str(end)} if end < len(items) else {}
    return {key: items[start:end], **token}


def newest_first(
    items: Sequence[Mapping[str, Any]], request: Mapping[str, Any], by: str
) -> list[dict[str, Any]]:
    """Sort as lists of SageMaker are sorted unless ``SortOrder`` asks for Ascending.

    Only what was created within the times that the request names is listed.
    """
    created = {
        name: request.get(f"CreationTime{name}", request.get(f"Created{name}")) for name in _TIMES
    }
    after, before = (None if moment is None else float(moment) for moment in created.values())
    listed = [
        dict(item)
        for item in items
        if (after is None or item[by] > after) and (before is None or item[by] < before)
    ]
    ordered = sorted(listed, key=lambda item: float(item[by]))
    return ordered if request.get("SortOrder") == "Ascending" else ordered[::-1]
