"""The last step: the CDK CLI destroys what it deployed, and the settings' promise is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError
from rehearsal.leftovers.models import find_leftovers
from rehearsal.targets.local.assembly import retained_buckets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from rehearsal.run.runner import Say


@dataclass(frozen=True, kw_only=True)
class Teardown:
    """Destroys an assembly's stacks and compares what is left with what should be."""

    client: Callable[[str], Any]
    assembly: Path
    names: Sequence[str]
    groups: Sequence[str]
    """The model package group of each pipeline."""
    destroy: Callable[[], None]
    """Runs ``cdk destroy``."""

    def keep_protected(self, say: Say) -> str:
        """Check that protected stacks survive ``cdk destroy``, with all their data."""
        say("cdk destroy, which has to be refused")
        before = self._objects()
        try:
            self.destroy()
        except RehearsalError as error:
            if "TerminationProtection" not in str(error):
                raise
            lost = set(self.names) - self._stacks()
            if lost or self._objects() != before:
                raise RehearsalError(
                    f"termination protection did not hold: {sorted(lost)} are gone"
                ) from None
            return (
                f"termination protection refused it: {len(self.names)} stacks and their data stay"
            )
        raise RehearsalError("cdk destroy ended well, though the stacks are protected")

    def take_down(self, say: Say) -> str:
        """Sweep, destroy, and check that exactly the retained buckets are left, untouched."""
        before, kept = self._objects(), self._retained()
        sagemaker = self.client("sagemaker")
        leftovers = [
            leftover for group in self.groups for leftover in find_leftovers(sagemaker, group=group)
        ]
        for leftover in leftovers:
            say(f"deleting {leftover.kind} {leftover.name}")
            leftover.delete()
        say("cdk destroy")
        self.destroy()
        remaining = self._stacks() & set(self.names)
        if remaining:
            raise RehearsalError(f"cdk destroy ended well, but there are still {sorted(remaining)}")
        expected = {name: count for name, count in before.items() if name in kept}
        if self._objects() != expected:
            raise RehearsalError(
                f"by the templates {expected} should be left of the buckets, not {self._objects()}"
            )
        stays = [f"{name} with {count} objects" for name, count in expected.items()] or ["nothing"]
        return (
            f"{len(self.names)} stacks and {len(leftovers)} things that no stack owns are deleted; "
            f"{', '.join(stays)} stays"
        )

    def _stacks(self) -> set[str]:
        pages = self.client("cloudformation").get_paginator("describe_stacks").paginate()
        return {stack["StackName"] for page in pages for stack in page["Stacks"]}

    def _objects(self) -> Mapping[str, int]:
        """Each bucket of the platform to the number of objects in it."""
        s3 = self.client("s3")
        names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
        return {
            name: sum(
                page.get("KeyCount", 0)
                for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name)
            )
            for name in names
            if not name.startswith("cdk-")
        }

    def _retained(self) -> set[str]:
        """The buckets that the templates keep when their stack goes."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        return {
            resource["PhysicalResourceId"]
            for stack, logical_ids in retained_buckets(self.assembly).items()
            for page in pages.paginate(StackName=stack)
            for resource in page["StackResourceSummaries"]
            if resource["LogicalResourceId"] in logical_ids
        }
