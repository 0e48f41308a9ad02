"""The two hooks into ministack's CloudFormation: its table of types, and its choice of thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ministack.services.cloudformation import provisioners, stacks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class TypeHandler(Protocol):
    """Creates, changes and deletes resources of one type; raises when it cannot."""

    def create(
        self, logical_id: str, properties: Mapping[str, Any], stack_name: str
    ) -> tuple[str, dict[str, Any]]:
        """Create; the result is the physical id and the attributes."""
        ...

    def update(
        self,
        physical_id: str,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        stack_name: str,
        logical_id: str,
    ) -> tuple[str, dict[str, Any]]:
        """Change; another physical id means that a successor was created."""
        ...

    def delete(self, physical_id: str, properties: Mapping[str, Any]) -> None:
        """Delete."""
        ...


def usual_handler(type_name: str) -> Mapping[str, Any]:
    """What ministack itself does for a type, for a handler of ours that builds on it."""
    handler: Mapping[str, Any] = provisioners._RESOURCE_HANDLERS[type_name]  # noqa: SLF001 - ditto
    return handler


def install_types(handlers: Mapping[str, TypeHandler], *, supported: Collection[str]) -> None:
    """Make ministack use our handlers, and refuse every type that is not in ``supported``.

    ministack checks a template against its table before it creates anything, so a type taken out
    of the table is refused up front. Nothing can run on ministack's event loop that calls the
    emulator back, so our types are added to those that it provisions on a thread of their own.
    """
    table = provisioners._RESOURCE_HANDLERS  # noqa: SLF001 - checked by aws_understudy.backends.pins
    for type_name in [name for name in table if name not in supported]:
        del table[type_name]
    for type_name, handler in handlers.items():
        table[type_name] = {
            "create": handler.create,
            "update": handler.update,
            "update_with_logical_id": True,
            "delete": handler.delete,
        }
    usual = stacks._runs_on_worker_thread  # noqa: SLF001 - checked by aws_understudy.backends.pins

    def runs_on_worker_thread(resource_type: str) -> bool:
        return resource_type in handlers or usual(resource_type)

    stacks._runs_on_worker_thread = runs_on_worker_thread  # noqa: SLF001 - ditto
