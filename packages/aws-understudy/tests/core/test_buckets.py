"""Buckets behave as S3's do, also where ministack alone would drop or lose something."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy_support.running import Stack


def bucket(**properties: Any) -> dict[str, Any]:
    return {"It": {"Type": "AWS::S3::Bucket", "Properties": properties}}


def test_every_property_of_a_bucket_can_be_seen(stack: Stack, client: Callable[[str], Any]) -> None:
    everything = bucket(
        BucketEncryption={
            "ServerSideEncryptionConfiguration": [
                {
                    "BucketKeyEnabled": True,
                    "ServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": "alias/mine",
                    },
                }
            ]
        },
        LifecycleConfiguration={
            "Rules": [
                {
                    "Id": "old",
                    "Status": "Enabled",
                    "Prefix": "tmp/",
                    "ExpirationInDays": 7,
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                    "Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 30}],
                }
            ]
        },
        LoggingConfiguration={"LogFilePrefix": "logs/"},
        OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        PublicAccessBlockConfiguration={"BlockPublicAcls": True, "BlockPublicPolicy": True},
        Tags=[{"Key": "k", "Value": "v"}],
        VersioningConfiguration={"Status": "Enabled"},
    )
    assert stack.deploy(everything) == "CREATE_COMPLETE", stack.failures()
    s3, name = client("s3"), stack.physical_id("It")
    rule = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["BucketKeyEnabled"] is True
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == "alias/mine"
    lifecycle = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"][0]
    assert lifecycle["ID"] == "old"
    assert lifecycle["Expiration"] == {"Days": 7}
    assert lifecycle["Filter"] == {"Prefix": "tmp/"}
    assert lifecycle["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert lifecycle["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert lifecycle["Transitions"] == [{"Days": 30, "StorageClass": "STANDARD_IA"}]
    logging = s3.get_bucket_logging(Bucket=name)["LoggingEnabled"]
    assert logging == {"TargetBucket": name, "TargetPrefix": "logs/"}
    ownership = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    blocked = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert blocked["BlockPublicPolicy"] is True
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "k", "Value": "v"}]
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"


def test_an_update_changes_the_bucket_in_place_and_takes_away_what_is_gone(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    rules = [{"Id": "a", "Status": "Enabled", "ExpirationInDays": 1}]
    before = bucket(LifecycleConfiguration={"Rules": rules}, Tags=[{"Key": "a", "Value": "1"}])
    assert stack.deploy(before) == "CREATE_COMPLETE", stack.failures()
    name = stack.physical_id("It")
    client("s3").put_object(Bucket=name, Key="kept", Body=b"x")
    assert stack.deploy(bucket(Tags=[{"Key": "b", "Value": "2"}])) == "UPDATE_COMPLETE"
    assert stack.physical_id("It") == name
    s3 = client("s3")
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "b", "Value": "2"}]
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=name)
    assert s3.get_object(Bucket=name, Key="kept")["Body"].read() == b"x"
    s3.delete_object(Bucket=name, Key="kept")


def test_a_property_that_would_be_dropped_fails_the_deployment(stack: Stack) -> None:
    status = stack.deploy(bucket(ReplicationConfiguration={"Role": "r", "Rules": []}))
    assert status == "ROLLBACK_COMPLETE"
    assert "does not carry out ReplicationConfiguration" in stack.failures()


def test_a_bucket_with_objects_is_not_deleted(stack: Stack, client: Callable[[str], Any]) -> None:
    assert stack.deploy(bucket()) == "CREATE_COMPLETE"
    s3, name = client("s3"), stack.physical_id("It")
    s3.put_object(Bucket=name, Key="a", Body=b"x")
    assert stack.delete() == "DELETE_FAILED"
    stack.exists = True
    assert "BucketNotEmpty" in stack.failures()
    assert s3.get_object(Bucket=name, Key="a")["Body"].read() == b"x"
    s3.delete_object(Bucket=name, Key="a")


def test_an_upload_with_kms_but_no_key_gets_the_key_of_aws(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    assert stack.deploy(bucket()) == "CREATE_COMPLETE"
    s3, name = client("s3"), stack.physical_id("It")
    s3.put_object(Bucket=name, Key="a", Body=b"x", ServerSideEncryption="aws:kms")
    head = s3.head_object(Bucket=name, Key="a")
    assert head["ServerSideEncryption"] == "aws:kms"
    assert head["SSEKMSKeyId"].endswith("alias/aws/s3")
    s3.delete_object(Bucket=name, Key="a")


def test_a_large_chunked_upload_arrives_whole(
    stack: Stack, client: Callable[[str], Any], tmp_path: Any
) -> None:
    assert stack.deploy(bucket()) == "CREATE_COMPLETE"
    s3, name = client("s3"), stack.physical_id("It")
    content = os.urandom(20_000_001)
    large = tmp_path / "large"
    large.write_bytes(content)
    s3.upload_file(str(large), name, "large")
    assert s3.get_object(Bucket=name, Key="large")["Body"].read() == content
    ranged = s3.get_object(Bucket=name, Key="large", Range="bytes=10-19")["Body"].read()
    assert ranged == content[10:20]
    s3.delete_object(Bucket=name, Key="large")


def test_a_bucket_policy_is_kept(stack: Stack, client: Callable[[str], Any]) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    policy = {
        "Policy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": "It"}, "PolicyDocument": document},
        }
    }
    assert stack.deploy({**bucket(), **policy}) == "CREATE_COMPLETE", stack.failures()
    stored = client("s3").get_bucket_policy(Bucket=stack.physical_id("It"))["Policy"]
    assert json.loads(stored) == document
