"""Storage: the buckets for source data, query results and models.

Receives the settings. Hands on ``source_bucket``, ``results_bucket``, ``model_bucket`` and
``key`` (None unless the settings ask for a customer managed key).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from components.acknowledgement import acknowledge
from components.data_policy import DataPolicy, data_policy
from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from config import Settings

ABANDONED_UPLOADS = cdk.Duration.days(1)
AUTO_DELETE_PROVIDER = "Custom::S3AutoDeleteObjectsCustomResourceProvider"
"""The id that the CDK gives to its Lambda behind auto_delete_objects."""
OLD_VERSIONS = cdk.Duration.days(30)


class StorageStack(PlatformStack):
    """Private, encrypted, TLS-only buckets, and the key they share if there is one."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(
            scope,
            id_,
            settings=settings,
            name="storage",
            description="Buckets for source data, query results and models",
        )
        self.key = self._key(settings) if settings.storage.encryption == "kms" else None
        self._access_logs = self._access_log_bucket(settings)
        self.source_bucket = self._bucket(
            "SourceBucket",
            name=settings.storage.source_bucket_name,
            policy=data_policy(kept=not settings.destroys_source),
            lifecycle_rules=[_expire_old_versions()],
        )
        self.results_bucket = self._bucket(
            "ResultsBucket",
            name=settings.storage.results_bucket_name,
            policy=self.derived_data,
            lifecycle_rules=[_expire_objects(days=settings.storage.results_expire_days)],
            # Answers can be asked for again: versions would only multiply their cost.
            versioned=False,
        )
        self.model_bucket = self._bucket(
            "ModelBucket",
            name=None,
            policy=self.derived_data,
            lifecycle_rules=[
                _expire_old_versions(),
                # The copies of the data that each execution of a pipeline makes.
                s3.LifecycleRule(
                    id="ExpireWorkingFiles",
                    prefix="working/",
                    expiration=cdk.Duration.days(settings.storage.working_files_expire_days),
                ),
            ],
        )
        self._acknowledge_auto_delete()
        for bucket, name in (
            (self.source_bucket, "SourceBucketName"),
            (self.results_bucket, "ResultsBucketName"),
            (self.model_bucket, "ModelBucketName"),
        ):
            cdk.CfnOutput(self, name, value=bucket.bucket_name)

    def _acknowledge_auto_delete(self) -> None:
        provider = self.node.try_find_child(AUTO_DELETE_PROVIDER)
        if provider is not None:
            acknowledge(
                provider,
                {"log-retention": "the CDK's own Lambda; it logs no data"},
            )

    def _key(self, settings: Settings) -> kms.Key:
        return kms.Key(
            self,
            "DataKey",
            description=f"Encrypts the buckets of {settings.name}",
            enable_key_rotation=True,
            removal_policy=self.derived_data.removal,
        )

    def _access_log_bucket(self, settings: Settings) -> s3.Bucket | None:
        if not settings.storage.access_logs:
            return None
        bucket = s3.Bucket(
            self,
            "AccessLogs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            # S3 delivers access logs to SSE-S3 buckets only, never to SSE-KMS ones.
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[_expire_objects(days=settings.operations.log_retention_days)],
            removal_policy=self.derived_data.removal,
            auto_delete_objects=self.derived_data.empty_first,
        )
        acknowledge(bucket, {"AwsSolutions-S1": "it receives the access logs of the others"})
        return bucket

    def _bucket(
        self,
        id_: str,
        *,
        name: str | None,
        policy: DataPolicy,
        lifecycle_rules: Sequence[s3.LifecycleRule],
        versioned: bool = True,
    ) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            id_,
            bucket_name=name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            bucket_key_enabled=self.key is not None or None,
            encryption=s3.BucketEncryption.KMS if self.key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=self.key,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=versioned,
            lifecycle_rules=lifecycle_rules,
            server_access_logs_bucket=self._access_logs,
            server_access_logs_prefix=f"{id_}/" if self._access_logs else None,
            removal_policy=policy.removal,
            auto_delete_objects=policy.empty_first,
        )
        if self._access_logs is None:
            acknowledge(bucket, {"AwsSolutions-S1": "storage.access_logs is off in the settings"})
        return bucket


def _expire_old_versions() -> s3.LifecycleRule:
    return s3.LifecycleRule(
        id="ExpireOldVersions",
        noncurrent_version_expiration=OLD_VERSIONS,
        abort_incomplete_multipart_upload_after=ABANDONED_UPLOADS,
    )


def _expire_objects(*, days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        id="ExpireObjects",
        expiration=cdk.Duration.days(days),
        abort_incomplete_multipart_upload_after=ABANDONED_UPLOADS,
    )
