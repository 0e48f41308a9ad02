"""S3 buckets: ministack's own type, with the properties that it would drop silently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from emulator.cloudformation import bucket_rules as rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emulator.cloudformation.loopback import Loopback

BUCKET_TYPE = "AWS::S3::Bucket"

BY_MINISTACK = frozenset(
    {
        "BucketName",
        "CorsConfiguration",
        "NotificationConfiguration",
        "PublicAccessBlockConfiguration",
        "WebsiteConfiguration",
    }
)
"""Properties that ministack's own handler carries out in full."""


class BucketHandler:
    """Lets ministack make the bucket, then sets the rest through the S3 API."""

    def __init__(self, loopback: Loopback, usual: Mapping[str, Callable[..., Any]]) -> None:
        self._loopback = loopback
        self._usual = dict(usual)

    def create(
        self, logical_id: str, properties: Mapping[str, Any], stack_name: str
    ) -> tuple[str, dict[str, Any]]:
        """Create the bucket; one that cannot be completed is taken away again."""
        _check(properties)
        name, attributes = self._usual["create"](logical_id, properties, stack_name)
        try:
            self._complete(name, {}, properties)
        except Exception:
            self.delete(name, properties)
            raise
        return name, attributes

    def update(
        self,
        physical_id: str,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        stack_name: str,
        logical_id: str,
    ) -> tuple[str, dict[str, Any]]:
        """Change the bucket in place; another name makes another bucket."""
        renamed = new.get("BucketName", physical_id) != physical_id
        if renamed:
            return self.create(logical_id, new, stack_name)
        _check(new)
        name, attributes = self._usual["update"](physical_id, old, new, stack_name)
        self._complete(name, old, new)
        return name, attributes

    def delete(self, physical_id: str, _properties: Mapping[str, Any]) -> None:
        """Delete the bucket, as S3 does: one that holds objects is refused."""
        try:
            self._loopback.client("s3").delete_bucket(Bucket=physical_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise

    def _complete(self, bucket: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        client = self._loopback.client("s3")
        for name, (put, remove) in rules.PROPERTIES.items():
            if name in new and new[name] != old.get(name):
                put(client, bucket, new[name])
            elif name in old and name not in new:
                remove(client, bucket)


def _check(properties: Mapping[str, Any]) -> None:
    """Refuse what would be dropped: a property that neither ministack nor we carry out."""
    unknown = sorted(properties.keys() - BY_MINISTACK - rules.PROPERTIES.keys())
    if unknown:
        known = ", ".join(sorted({*BY_MINISTACK, *rules.PROPERTIES}))
        raise ValueError(
            f"{BUCKET_TYPE}: the emulator does not carry out {', '.join(unknown)}; it knows {known}"
        )
