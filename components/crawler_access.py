"""What a Glue crawler needs to read one folder and write one database's tables.

AWS's own ``AWSGlueServiceRole`` grants ``glue:*`` and every bucket's list; this grants neither.
Statements are written by hand because ``bucket.grant_read`` would open the whole bucket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

TABLE_ACTIONS = (
    "glue:BatchCreatePartition",
    "glue:BatchGetPartition",
    "glue:BatchUpdatePartition",
    "glue:CreatePartition",
    "glue:CreateTable",
    "glue:GetDatabase",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
    "glue:UpdatePartition",
    "glue:UpdateTable",
)


def crawl_policy(
    stack: cdk.Stack,
    *,
    database_name: str,
    source_bucket: s3.IBucket,
    source_prefix: str,
    key: kms.IKey | None,
) -> iam.PolicyDocument:
    """The crawler role's whole policy."""
    statements = [
        *_read_files(source_bucket, source_prefix),
        _write_tables(stack, database_name),
        _write_logs(stack),
    ]
    if key is not None:
        statements.append(_decrypt_files(key))
    return iam.PolicyDocument(statements=statements)


def _read_files(bucket: s3.IBucket, prefix: str) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="ReadFiles",
            actions=["s3:GetObject"],
            resources=[bucket.arn_for_objects(f"{prefix}*")],
        ),
        iam.PolicyStatement(
            sid="ListFiles",
            actions=["s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions={"StringLike": {"s3:prefix": f"{prefix}*"}} if prefix else None,
        ),
        iam.PolicyStatement(
            sid="LocateBucket",
            actions=["s3:GetBucketAcl", "s3:GetBucketLocation"],
            resources=[bucket.bucket_arn],
        ),
    ]


def _write_tables(stack: cdk.Stack, database_name: str) -> iam.PolicyStatement:
    # Glue checks a table's actions on the catalog, the database and the table: all three.
    resources = {"catalog": None, "database": database_name, "table": f"{database_name}/*"}
    return iam.PolicyStatement(
        sid="WriteTables",
        actions=list(TABLE_ACTIONS),
        resources=[
            stack.format_arn(service="glue", resource=resource, resource_name=name)
            for resource, name in resources.items()
        ],
    )


def _write_logs(stack: cdk.Stack) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid="WriteLogs",
        actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[
            stack.format_arn(
                service="logs",
                resource="log-group",
                resource_name="/aws-glue/crawlers*",
                arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
            )
        ],
    )


def _decrypt_files(key: kms.IKey) -> iam.PolicyStatement:
    through_s3 = f"s3.{cdk.Aws.REGION}.{cdk.Aws.URL_SUFFIX}"
    return iam.PolicyStatement(
        sid="DecryptFiles",
        actions=["kms:Decrypt"],
        resources=[key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": through_s3}},
    )
