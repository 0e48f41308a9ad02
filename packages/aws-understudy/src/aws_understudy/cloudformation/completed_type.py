"""A type that ministack makes, completed with the properties that it would drop silently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_understudy.cloudformation.loopback import Loopback


@dataclass(frozen=True, kw_only=True)
class Completion:
    """How one property is set and taken away through the service's API.

    Both get a client of the service and the physical id; ``put`` also the property's value.
    """

    put: Callable[[Any, str, Any], None]
    remove: Callable[[Any, str], None]


@dataclass(frozen=True, kw_only=True)
class CompletedType:
    """The part of a type that ministack carries out, and what completes it."""

    type: str
    service: str
    carried: frozenset[str]
    """Properties that ministack's own handler carries out in full."""
    completions: Mapping[str, Completion]
    delete: Callable[[Any, str, Mapping[str, Any]], None] | None = None
    """Deletes through the API where ministack's own handler is laxer than the service."""
    check: Callable[[Mapping[str, Any], Loopback], None] | None = None
    """Refuses, before anything is made, what ministack would accept and AWS would not."""
    name_property: str | None = None
    """The property whose change means another resource."""


class CompletedHandler:
    """Lets ministack make the resource, then sets the rest through the service's API."""

    def __init__(
        self, completed: CompletedType, loopback: Loopback, usual: Mapping[str, Any]
    ) -> None:
        self._type = completed
        self._loopback = loopback
        self._usual = dict(usual)

    def create(
        self, logical_id: str, properties: Mapping[str, Any], stack_name: str
    ) -> tuple[str, dict[str, Any]]:
        """Create the resource; one that cannot be completed is taken away again."""
        self._check(properties)
        physical_id, attributes = self._usual["create"](logical_id, properties, stack_name)
        try:
            self._complete(physical_id, {}, properties)
        except Exception:
            self.delete(physical_id, properties)
            raise
        return physical_id, attributes

    def update(
        self,
        physical_id: str,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        stack_name: str,
        logical_id: str,
    ) -> tuple[str, dict[str, Any]]:
        """Change the resource in place; another name makes another resource."""
        name = self._type.name_property
        if name is not None and new.get(name, physical_id) != physical_id:
            return self.create(logical_id, new, stack_name)
        self._check(new)
        more = (logical_id,) if self._usual.get("update_with_logical_id") else ()
        successor, attributes = self._usual["update"](physical_id, old, new, stack_name, *more)
        self._complete(successor, old if successor == physical_id else {}, new)
        return successor, attributes

    def delete(self, physical_id: str, properties: Mapping[str, Any]) -> None:
        """Delete the resource."""
        if self._type.delete is None:
            self._usual["delete"](physical_id, properties)
        else:
            client = self._loopback.client(self._type.service)
            self._type.delete(client, physical_id, properties)

    def _complete(self, physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        client = self._loopback.client(self._type.service)
        for name, completion in self._type.completions.items():
            if name in new and new[name] != old.get(name):
                completion.put(client, physical_id, new[name])
            elif name in old and name not in new:
                completion.remove(client, physical_id)

    def _check(self, properties: Mapping[str, Any]) -> None:
        known = self._type.carried | self._type.completions.keys()
        unknown = sorted(properties.keys() - known)
        if unknown:
            raise ValueError(
                f"{self._type.type}: the emulator does not carry out {', '.join(unknown)}; "
                f"it knows {', '.join(sorted(known))}"
            )
        if self._type.check is not None:
            self._type.check(properties, self._loopback)
