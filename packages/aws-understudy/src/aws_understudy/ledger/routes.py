"""Which operation a REST request asks for: by its method, path, query and headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LABEL: Final = re.compile(r"{(\w+)\+?}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How requests of one operation look."""

    operation: str
    method: str
    pattern: re.Pattern[str]
    labels: tuple[str, ...]
    fixed_query: Mapping[str, str]
    needed_query: frozenset[str]
    needed_headers: frozenset[str]
    weight: tuple[int, int]
    """Of two routes that a request fits, it is the heavier: how much it needs, how long it is."""


def route_of(operation: Any) -> Route:
    """Read the route of an operation of botocore's model."""
    template, _, query = operation.http.get("requestUri", "/").partition("?")
    # The path is decoded already, so an ARN in it may hold slashes.
    greedy = re.sub(r"{\w+\+}|{\w*Arn}", "(.+)", template)
    pattern = re.compile(re.sub(r"{\w+}", "([^/]+)", greedy) + "/?")
    fixed = dict(_pair(part) for part in query.split("&") if part)
    members = operation.input_shape.members.values() if operation.input_shape else ()
    required = set(operation.input_shape.required_members) if operation.input_shape else set()
    needed = [
        (shape.serialization.get("location"), str(shape.serialization.get("name")))
        for name, shape in zip(
            operation.input_shape.members if operation.input_shape else (), members, strict=True
        )
        if name in required
    ]
    needed_query = frozenset(name for place, name in needed if place == "querystring")
    needed_headers = frozenset(name.lower() for place, name in needed if place == "header")
    demands = len(fixed) + len(needed_query) + len(needed_headers)
    return Route(
        operation=operation.name,
        method=operation.http.get("method", "POST"),
        pattern=pattern,
        labels=tuple(_LABEL.findall(template)),
        fixed_query=fixed,
        needed_query=needed_query,
        needed_headers=needed_headers,
        weight=(demands, len(_LABEL.sub("", template))),
    )


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name, value


def sorted_routes(routes: Iterable[Route]) -> tuple[Route, ...]:
    """The heavier first, so that the first that fits is the one."""
    return tuple(sorted(routes, key=lambda route: route.weight, reverse=True))


def find_route(
    routes: Sequence[Route],
    *,
    method: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
) -> Route | None:
    """The operation that a request asks for, if it is one of these."""
    for route in routes:
        if (
            route.method == method
            and route.needed_query <= query.keys()
            and route.needed_headers <= headers.keys()
            and all(query.get(name) == value for name, value in route.fixed_query.items())
            and route.pattern.fullmatch(path)
        ):
            return route
    return None
