"""How each property of a bucket is set and taken away through the S3 API."""

from __future__ import annotations

from typing import Any

from aws_understudy.cloudformation.completed_type import Completion


def _put_encryption(client: Any, bucket: str, value: Any) -> None:
    applied = [
        {
            {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}.get(k, k): v
            for k, v in rule.items()
        }
        for rule in value["ServerSideEncryptionConfiguration"]
    ]
    client.put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": applied}
    )


def _put_lifecycle(client: Any, bucket: str, value: Any) -> None:
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": [lifecycle_rule(rule) for rule in value["Rules"]]},
    )


def lifecycle_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """A template's rule as the S3 API says it.

    Raises:
        ValueError: the rule has a part that would otherwise be lost.
    """
    rest = dict(rule)
    api_rule: dict[str, Any] = {"Status": rest.pop("Status"), "Filter": _filter(rest)}
    if "Id" in rest:
        api_rule["ID"] = rest.pop("Id")
    expiration = {
        api: _number(rest.pop(name))
        for name, api in (("ExpirationInDays", "Days"), ("ExpirationDate", "Date"))
        if name in rest
    }
    if "ExpiredObjectDeleteMarker" in rest:
        marker = rest.pop("ExpiredObjectDeleteMarker")
        expiration["ExpiredObjectDeleteMarker"] = str(marker).lower() == "true"
    if expiration:
        api_rule["Expiration"] = expiration
    if "NoncurrentVersionExpirationInDays" in rest:
        days = _number(rest.pop("NoncurrentVersionExpirationInDays"))
        api_rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    for name in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        if name in rest:
            api_rule[name] = {key: _number(number) for key, number in rest.pop(name).items()}
    api_rule.update(_transitions(rest))
    if rest:
        raise ValueError(f"a lifecycle rule has {', '.join(rest)}, which the emulator lacks")
    return api_rule


def _transitions(rest: dict[str, Any]) -> dict[str, Any]:
    transitions = {}
    for name, days in (
        ("Transitions", "Days"),
        ("NoncurrentVersionTransitions", "NoncurrentDays"),
    ):
        if name in rest:
            renamed = {"TransitionInDays": days, "TransitionDate": "Date"}
            transitions[name] = [
                {renamed.get(key, key): _number(value) for key, value in transition.items()}
                for transition in rest.pop(name)
            ]
    return transitions


def _filter(rest: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name in ("Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan"):
        if name in rest:
            parts[name] = rest.pop(name) if name == "Prefix" else int(rest.pop(name))
    tags = rest.pop("TagFilters", [])
    if not tags and len(parts) <= 1:
        return parts or {"Prefix": ""}
    if len(tags) == 1 and not parts:
        return {"Tag": tags[0]}
    return {"And": {**parts, **({"Tags": tags} if tags else {})}}


def _number(value: Any) -> Any:
    return int(value) if str(value).isdecimal() else value


def _put_tags(client: Any, bucket: str, value: Any) -> None:
    tags = [{"Key": tag["Key"], "Value": str(tag["Value"])} for tag in value]
    client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})


def _put_ownership(client: Any, bucket: str, value: Any) -> None:
    client.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": value["Rules"]})


def _put_versioning(client: Any, bucket: str, value: Any) -> None:
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": value["Status"]})


def _suspend_versioning(client: Any, bucket: str) -> None:
    _put_versioning(client, bucket, {"Status": "Suspended"})


def _put_logging(client: Any, bucket: str, value: Any) -> None:
    names = {"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"}
    enabled = {names.get(key, key): part for key, part in value.items()}
    enabled.setdefault("TargetBucket", bucket)
    enabled.setdefault("TargetPrefix", "")
    client.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": enabled})


def _put_acl(_client: Any, bucket: str, value: Any) -> None:
    if value != "Private":
        raise ValueError(f"AccessControl of {bucket} is {value!r}; the emulator knows Private only")


BUCKET_COMPLETIONS = {
    "AccessControl": Completion(put=_put_acl, remove=lambda _client, _bucket: None),
    "BucketEncryption": Completion(
        put=_put_encryption,
        remove=lambda client, bucket: client.delete_bucket_encryption(Bucket=bucket),
    ),
    "LifecycleConfiguration": Completion(
        put=_put_lifecycle,
        remove=lambda client, bucket: client.delete_bucket_lifecycle(Bucket=bucket),
    ),
    "LoggingConfiguration": Completion(
        put=_put_logging,
        remove=lambda client, bucket: client.put_bucket_logging(
            Bucket=bucket, BucketLoggingStatus={}
        ),
    ),
    "OwnershipControls": Completion(
        put=_put_ownership,
        remove=lambda client, bucket: client.delete_bucket_ownership_controls(Bucket=bucket),
    ),
    "Tags": Completion(
        put=_put_tags, remove=lambda client, bucket: client.delete_bucket_tagging(Bucket=bucket)
    ),
    "VersioningConfiguration": Completion(put=_put_versioning, remove=_suspend_versioning),
}
