"""Where a rehearsal runs: the seam between the emulator and a real account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rehearsal.run.runner import Step


class Target(Protocol):
    """A place with a deployed platform; the journey knows it by its clients and outputs only."""

    name: Literal["local", "aws"]
    poll_seconds: float
    """How long to wait between two looks at something that is under way."""

    def set_up_steps(self) -> Sequence[Step]:
        """The steps after which the platform is there."""
        ...

    def tear_down_steps(self) -> Sequence[Step]:
        """The steps that take the platform down again, if that is done here."""
        ...

    def client(self, service: str) -> Any:
        """A boto3 client of one AWS service."""
        ...

    def output(self, stack: str, key: str) -> str:
        """The value of a stack's output.

        Args:
            stack: The stack's name without the platform's, such as ``storage``.
            key: The output's name, such as ``SourceBucketName``.

        Raises:
            RehearsalError: there is no such stack or output.
        """
        ...

    def stack_names(self) -> Sequence[str]:
        """The full names of the deployed stacks."""
        ...

    def levels(self) -> Mapping[str, str]:
        """How true to AWS each resource type is here; a type that is absent is unknown."""
        ...

    def explain(self) -> str:
        """What the surroundings know about a failure; empty if nothing."""
        ...

    def measurements(self) -> Mapping[str, Any]:
        """Memory and versions, for the report; called once the steps are over."""
        ...
