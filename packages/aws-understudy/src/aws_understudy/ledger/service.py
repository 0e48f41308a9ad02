"""One service's ledger, ready to hold requests against: trees and routes of its operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aws_understudy.ledger.routes import Route, route_of, sorted_routes
from aws_understudy.ledger.tree import SCALAR, Growth, Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.ledger.entries import Entry, ServiceLedger


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Where a REST operation has its members."""

    query: Mapping[str, str]
    """The name of a member by its name in the query; likewise ``headers``."""
    fixed_query: frozenset[str]
    """What in the query tells the operation apart from others."""
    headers: Mapping[str, str]
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """Members that are many headers, by what these begin with."""
    body: Node | None = None
    """What the body holds; None where it is data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One operation that is answered."""

    entry: Entry
    tree: Node
    rest: Rest | None


@dataclass(frozen=True, kw_only=True)
class Admitting:
    """What a service's requests are held against."""

    ledger: ServiceLedger
    protocol: str
    operations: Mapping[str, Listed]
    routes: tuple[Route, ...]
    """Of all operations that the service has, so that none is taken for another."""


def admitting(ledger: ServiceLedger, model: Any) -> Admitting:
    """Prepare a ledger.

    Raises:
        NoSuchMemberError: it lists what the service does not have.
    """
    protocol = model.resolved_protocol
    is_rest = protocol.startswith("rest")
    operations = {
        name: _listed(ledger, model.operation_model(name), protocol) for name in ledger.entries
    }
    every = [model.operation_model(name) for name in model.operation_names]
    # What is deprecated has the route of its successor.
    routes = (route_of(operation) for operation in every if not operation.deprecated)
    return Admitting(
        ledger=ledger,
        protocol=protocol,
        operations=operations,
        routes=sorted_routes(routes) if is_rest else (),
    )


def _listed(ledger: ServiceLedger, operation: Any, protocol: str) -> Listed:
    entry = ledger.entries[operation.name]
    growth = Growth(entry=entry, protocol=protocol, checks_shapes=ledger.checks_shapes)
    tree = growth.tree(operation.input_shape)
    rest = _rest(operation, tree) if protocol.startswith("rest") else None
    return Listed(entry=entry, tree=tree, rest=rest)


def _rest(operation: Any, tree: Node) -> Rest:
    shape = operation.input_shape
    if shape is None:
        return Rest(query={}, headers={}, fixed_query=frozenset())
    places = {name: member.serialization for name, member in shape.members.items()}

    def at(place: str) -> dict[str, str]:
        return {
            str(how["name"]).lower() if place != "querystring" else str(how["name"]): name
            for name, how in places.items()
            if how.get("location") == place
        }

    payload = shape.serialization.get("payload")
    return Rest(
        query=at("querystring"),
        fixed_query=frozenset(route_of(operation).fixed_query),
        headers=at("header"),
        prefixes=at("headers"),
        body=_payload(tree, payload) if payload else _body(tree, places),
    )


def _payload(tree: Node, name: str) -> Node | None:
    for node in tree.members.values():
        if node.path == name:
            return None if node.kind == SCALAR else node
    return Node(path=name, kind="structure")  # unlisted: whatever it has is refused


def _body(tree: Node, places: Mapping[str, Mapping[str, Any]]) -> Node:
    members = {
        wire: node for wire, node in tree.members.items() if "location" not in places[node.path]
    }
    return Node(path="", kind=tree.kind, members=members)
