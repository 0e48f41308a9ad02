"""Reads requests and writes answers as botocore's models of the services say."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from botocore.validate import ParamValidator

from aws_understudy.core.operations import match_route, service_model
from aws_understudy.core.service import AwsError

if TYPE_CHECKING:
    from aws_understudy.core.service import AwsRequest


def read_input(request: AwsRequest, model_name: str) -> tuple[str, dict[str, Any]]:
    """The operation and its input: from the body, and for REST services the path and query.

    Raises:
        AwsError: the input breaks the service's own rules, as a missing required member.
    """
    values = request.json() if request.body else {}
    operation = request.action
    if not operation:
        route = match_route(model_name, method=request.method, path=request.path)
        if route is None:
            return "", {}
        operation = route.operation
        shape = service_model(model_name).operation_model(operation).input_shape
        values.update(_query_values(request.query, shape))
        values.update(_path_values(route.path_members, shape))
    return operation, values


def check_input(model_name: str, operation: str, values: dict[str, Any]) -> None:
    """Refuse an input that breaks the service's model.

    Raises:
        AwsError: names each fault.
    """
    shape = service_model(model_name).operation_model(operation).input_shape
    report = ParamValidator().validate(values, shape)
    if report.has_errors():
        raise AwsError("ValidationException", report.generate_report())


def project(values: Any, shape: Any) -> Any:
    """Keep what the shape has a place for; times become seconds since 1970."""
    if shape.type_name == "structure" and isinstance(values, dict):
        return {
            name: project(values[name], member)
            for name, member in shape.members.items()
            if _has_place(values.get(name), member)
        }
    if shape.type_name == "list" and isinstance(values, list):
        return [project(item, shape.member) for item in values]
    if shape.type_name == "map" and isinstance(values, dict):
        return {key: project(item, shape.value) for key, item in values.items()}
    if isinstance(values, datetime):
        return values.timestamp()
    return values


def _has_place(value: Any, member: Any) -> bool:
    # A member with a location is in the status line or a header, not in the body. Some answers
    # have a number where the record has a state of the same name, as QuickSight's Status.
    if value is None or "location" in member.serialization:
        return False
    return not (isinstance(value, str) and member.type_name in {"integer", "long"})


def _query_values(query: str, shape: Any) -> dict[str, Any]:
    texts = parse_qs(query)
    values: dict[str, Any] = {}
    for name, member in shape.members.items():
        wire_name = member.serialization.get("name", name)
        if member.serialization.get("location") == "querystring" and wire_name in texts:
            many = member.type_name == "list"
            values[name] = texts[wire_name] if many else texts[wire_name][0]
            if member.type_name == "integer":
                values[name] = int(texts[wire_name][0])
    return values


def _path_values(path_members: dict[str, str], shape: Any) -> dict[str, Any]:
    by_wire_name = {
        member.serialization.get("name", name): name for name, member in shape.members.items()
    }
    return {by_wire_name.get(wire, wire): value for wire, value in path_members.items()}
