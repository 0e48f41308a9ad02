"""Tags of the things that are kept here rather than in moto."""

from __future__ import annotations

from typing import Any


class Tags:
    """Tags by ARN."""

    def __init__(self) -> None:
        self._tags: dict[str, dict[str, str]] = {}

    def keep(self, arn: str, tags: list[dict[str, str]]) -> None:
        """Keep the tags of a Create call for its new ARN."""
        self._tags[arn] = {tag["Key"]: tag["Value"] for tag in tags}

    def knows(self, arn: str) -> bool:
        """Whether the tags of an ARN are kept here."""
        return arn in self._tags

    def add(self, request: dict[str, Any]) -> dict[str, Any]:
        """AddTags."""
        kept = self._tags[request["ResourceArn"]]
        kept.update({tag["Key"]: tag["Value"] for tag in request["Tags"]})
        return self.listing(request)

    def remove(self, request: dict[str, Any]) -> dict[str, Any]:
        """DeleteTags."""
        for key in request["TagKeys"]:
            self._tags[request["ResourceArn"]].pop(key, None)
        return {}

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """ListTags."""
        kept = self._tags[request["ResourceArn"]]
        return {"Tags": [{"Key": key, "Value": value} for key, value in kept.items()]}
