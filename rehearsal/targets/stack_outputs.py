"""Reads what the platform's stacks hand out, from CloudFormation."""

from __future__ import annotations

from typing import Any

from rehearsal.errors import RehearsalError


class StackOutputs:
    """The outputs of the stacks of one platform, read once."""

    def __init__(self, *, cloudformation: Any, platform: str) -> None:
        self._prefix = f"{platform}-"
        pages = cloudformation.get_paginator("describe_stacks").paginate()
        stacks = [stack for page in pages for stack in page["Stacks"]]
        self._outputs: dict[str, dict[str, str]] = {
            stack["StackName"]: {
                output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])
            }
            for stack in stacks
            if stack["StackName"].startswith(self._prefix)
            and stack["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
        }

    @property
    def names(self) -> list[str]:
        """The full names of the stacks that are complete."""
        return sorted(self._outputs)

    def get(self, stack: str, key: str) -> str:
        """The value of one output.

        Raises:
            RehearsalError: the stack or the output is not there.
        """
        name = self._prefix + stack
        if name not in self._outputs:
            raise RehearsalError(
                f"the stack {name} is not deployed; there are: {', '.join(self.names) or 'none'}"
            )
        if key not in self._outputs[name]:
            raise RehearsalError(
                f"the stack {name} has no output {key}; it has: "
                f"{', '.join(sorted(self._outputs[name])) or 'none'}"
            )
        return self._outputs[name][key]
