"""Changes the tags of a resource in place, through its service's own tag operations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore import xform_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_understudy.cloudformation.loopback import Loopback


@dataclass(frozen=True, kw_only=True)
class Tagging:
    """The tag operations of one type; services disagree on every name in them."""

    service: str
    arn: Callable[[str, Loopback], str]
    """The resource's ARN, from its physical id."""
    property: str = "Tags"
    add: str = "TagResource"
    remove: str = "UntagResource"
    arn_parameter: str = "ResourceArn"
    tags_parameter: str = "Tags"
    keys_parameter: str = "TagKeys"
    as_map: bool = False
    """Whether the service takes tags as a map instead of a list of Key and Value."""

    def apply(
        self,
        physical_id: str,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        loopback: Loopback,
    ) -> None:
        """Bring the tags from what they were to what they shall be."""
        before, after = tag_map(old.get(self.property)), tag_map(new.get(self.property))
        removed = sorted(before.keys() - after.keys())
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        client = loopback.client(self.service)
        arn = {self.arn_parameter: self.arn(physical_id, loopback)}
        if removed:
            getattr(client, xform_name(self.remove))(**arn, **{self.keys_parameter: removed})
        if changed:
            tags: Any = changed
            if not self.as_map:
                tags = [{"Key": key, "Value": value} for key, value in changed.items()]
            getattr(client, xform_name(self.add))(**arn, **{self.tags_parameter: tags})


def tag_map(tags: Any) -> dict[str, str]:
    """Tags as a map, from a template's list of pairs or map."""
    if isinstance(tags, dict):
        return {key: str(value) for key, value in tags.items()}
    return {pair["Key"]: str(pair["Value"]) for pair in tags or []}
