"""Names the operation behind a request, from the service models that botocore brings."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.session import get_session

if TYPE_CHECKING:
    from aws_understudy.core.service import AwsRequest


_held: dict[str, Any] = {}


def service_model(name: str) -> Any:
    """Botocore's model of a service, such as ``quicksight``; shared, never changed."""
    if name not in _held:
        _held[name] = get_session().get_service_model(name)
    return _held[name]


def passing_model(name: str) -> Any:
    """The model of a service to read once: the shared one, else one that nobody holds."""
    return _held.get(name) or ServiceModel(Loader().load_service_model(name, "service-2"), name)


def operation_name(request: AwsRequest) -> str:
    """The operation a request asks for, as ``CreateDataSet``; ``METHOD path`` if unknown."""
    if request.action:
        return request.action
    try:
        route = match_route(request.service, method=request.method, path=request.path)
    except UnknownServiceError:  # some services sign with another name than their model has
        route = None
    return route.operation if route else f"{request.method} {request.path}"


@dataclass(frozen=True, kw_only=True)
class Route:
    """A REST request matched to its operation, with the members found in the path."""

    operation: str
    path_members: dict[str, str]


def match_route(model_name: str, *, method: str, path: str) -> Route | None:
    """Match a REST path to an operation; the template with the most fixed text wins."""
    for pattern, operation, members in _routes(model_name):
        if operation.http.get("method") != method:
            continue
        path_match = pattern.fullmatch(path)
        if path_match:
            values = dict(zip(members, path_match.groups(), strict=True))
            return Route(operation=operation.name, path_members=values)
    return None


@functools.cache
def _routes(model_name: str) -> list[tuple[re.Pattern[str], Any, list[str]]]:
    model = service_model(model_name)
    routes = []
    for name in model.operation_names:
        operation = model.operation_model(name)
        template = operation.http.get("requestUri", "/").split("?")[0]
        members = re.findall(r"{(\w+)\+?}", template)
        # The path is decoded already, so an ARN in it may hold slashes.
        greedy = re.sub(r"{\w+\+}|{\w*Arn}", "(.+)", template)
        pattern = re.sub(r"{\w+}", "([^/]+)", greedy)
        fixed_text = len(re.sub(r"{.*?}", "", template))
        routes.append((fixed_text, re.compile(pattern + "/?"), operation, members))
    routes.sort(key=lambda route: -route[0])
    return [(pattern, operation, members) for _, pattern, operation, members in routes]
