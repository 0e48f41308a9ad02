"""The tags of records, by ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_understudy.core.service import AwsResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

TAG_OPERATIONS = frozenset(
    {"AddTags", "DeleteTags", "ListTags", "TagResource", "UntagResource", "ListTagsForResource"}
)


class RecordTags:
    """Keeps tags for the records that were registered; knows nothing of other resources."""

    def __init__(self) -> None:
        self._tags: dict[str, dict[str, str]] = {}

    def register(self, arn: str, tags: Sequence[dict[str, str]]) -> None:
        """Remember a new record with its first tags."""
        self._tags[arn] = {tag["Key"]: tag["Value"] for tag in tags}

    def forget(self, arn: str) -> None:
        """Forget a record that was deleted."""
        self._tags.pop(arn, None)

    def handle(self, operation: str, values: dict[str, Any]) -> AwsResponse | None:
        """Answer a tag operation, or None where the resource is not a record of ours."""
        arn = values.get("ResourceArn", values.get("ResourceARN", ""))
        tags = self._tags.get(arn)
        if tags is None:
            return None
        if operation in {"AddTags", "TagResource"}:
            tags.update({tag["Key"]: tag["Value"] for tag in values["Tags"]})
        elif operation in {"DeleteTags", "UntagResource"}:
            for key in values["TagKeys"]:
                tags.pop(key, None)
        return AwsResponse.of_json({"Tags": [{"Key": k, "Value": v} for k, v in tags.items()]})
