"""Exports: one that another stack imports stays as it is, and one that is dropped is gone.

ministack resolves a stack's outputs when its resources are made, and compares them with nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import cloudformation
from ministack.services.cloudformation import handlers, stacks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Exports = Mapping[str, Mapping[str, Any]]

WITHOUT_RESOURCES = ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE")
"""States of a stack that imports nothing, whatever its template says."""


def protect_exports() -> None:
    """Make an update fail, and so roll back, that would take an export away from its importers."""
    usual = stacks._resolve_stack_outputs  # noqa: SLF001 - checked by aws_understudy.backends.pins

    def resolve(*arguments: Any) -> tuple[Any, Exports]:
        *_, stack_name, stack_id = arguments
        outputs, exports = usual(*arguments)
        _refuse_what_is_in_use(stack_name, stack_id, exports)
        return outputs, exports

    stacks._resolve_stack_outputs = resolve  # noqa: SLF001 - ditto


def _refuse_what_is_in_use(stack_name: str, stack_id: str, new: Exports) -> None:
    """Compare what a stack exports with what it is about to export.

    Raises:
        ValueError: as CloudFormation words it
            (https://repost.aws/knowledge-center/cloudformation-stack-export-name-error).
    """
    table = cloudformation._exports  # noqa: SLF001 - checked by aws_understudy.backends.pins
    old = {name: export for name, export in table.items() if export["StackId"] == stack_id}
    for name in new.keys() - old.keys():
        if name in table:
            owner = _name_of(table[name]["StackId"])
            raise ValueError(f"Export with name {name} is already exported by stack {owner}")
    for name, export in old.items():
        importers = ", ".join(_importers(name, other_than=stack_name))
        if importers and name not in new:
            raise ValueError(
                f"Delete canceled. Cannot delete export {name} as it is in use by {importers}."
            )
        if importers and new[name]["Value"] != export["Value"]:
            raise ValueError(f"Cannot update export {name} as it is in use by {importers}.")
    for name in old.keys() - new.keys():
        del table[name]


def _importers(export: str, *, other_than: str) -> Sequence[str]:
    """The names of the stacks that import it, as ``ListImports`` gives them."""
    return [
        name
        for name, stack in cloudformation._stacks.items()  # noqa: SLF001 - as above
        if name != other_than
        and stack.get("StackStatus") not in WITHOUT_RESOURCES
        and export in handlers._imported_export_names(stack, name)  # noqa: SLF001 - ditto
    ]


def _name_of(stack_id: str) -> str:
    """The name in ``arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID``."""
    return stack_id.split("/")[1]
