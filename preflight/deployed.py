"""What CloudFormation has deployed already: a platform's own things are in nobody's way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PLATFORM_TAG = "environment"
"""The tag of every stack that says which platform it belongs to."""


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """The stacks of one platform, and the resources in them."""

    stacks: Mapping[str, str]
    """Each stack's name to its status."""
    resources: frozenset[tuple[str, str]]
    """Type and physical id of each resource, such as ``("AWS::IAM::Role", "CapstoneGlueRole")``."""

    @classmethod
    def read(cls, pages: Callable[..., Iterable[Any]], platform: str) -> Self:
        """Ask CloudFormation, with the ``pages`` of an account."""
        stacks = {
            stack["StackName"]: stack["StackStatus"]
            for page in pages("cloudformation", "describe_stacks")
            for stack in page["Stacks"]
            if _belongs(stack, platform)
        }
        resources = (
            (resource["ResourceType"], resource.get("PhysicalResourceId", ""))
            for name in stacks
            for page in pages("cloudformation", "list_stack_resources", StackName=name)
            for resource in page["StackResourceSummaries"]
            if resource["ResourceStatus"] != "DELETE_COMPLETE"
        )
        return cls(stacks=stacks, resources=frozenset(resources))

    def has(self, type_: str, name: str) -> bool:
        """Whether a stack of the platform has made the resource; some physical ids are ARNs."""
        return any(
            type_ == made and (id_ == name or id_.endswith(f"/{name}"))
            for made, id_ in self.resources
        )


def _belongs(stack: Mapping[str, Any], platform: str) -> bool:
    tags = {tag["Key"]: tag["Value"] for tag in stack.get("Tags", ())}
    # By name alone `capstone` would have the stacks of `capstone-two` as well.
    named = str(stack["StackName"]).startswith(f"{platform}-")
    return named and tags.get(PLATFORM_TAG, platform) == platform
