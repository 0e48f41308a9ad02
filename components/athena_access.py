"""What a principal needs to ask questions in one workgroup, and nothing else.

Athena reads data and catalog as its caller, so the caller needs both
(https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3


@dataclass(frozen=True, kw_only=True)
class AthenaAccess:
    """The places one workgroup's users read and write."""

    workgroup_name: str
    database_name: str
    source_bucket: s3.IBucket
    source_prefix: str
    model_bucket: s3.IBucket
    """Holds the batch predictions, which are a table too."""
    results_bucket: s3.IBucket
    key: kms.IKey | None

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """The statements, in the order of a query: ask, look up, read, write the answer."""
        statements = [self._ask(), self._look_up(), *self._read(), *self._write()]
        if self.key is not None:
            statements.append(self._decrypt(self.key))
        return statements

    def _ask(self) -> iam.PolicyStatement:
        stack_arn = cdk.Aws.PARTITION, cdk.Aws.REGION, cdk.Aws.ACCOUNT_ID
        return iam.PolicyStatement(
            sid="AskQuestions",
            actions=[
                "athena:BatchGetNamedQuery",
                "athena:BatchGetQueryExecution",
                "athena:GetNamedQuery",
                "athena:GetQueryExecution",
                "athena:GetQueryResults",
                "athena:GetQueryResultsStream",
                "athena:GetWorkGroup",
                "athena:ListNamedQueries",
                "athena:ListQueryExecutions",
                "athena:StartQueryExecution",
                "athena:StopQueryExecution",
            ],
            resources=["arn:{}:athena:{}:{}:workgroup/{}".format(*stack_arn, self.workgroup_name)],
        )

    def _look_up(self) -> iam.PolicyStatement:
        glue = f"arn:{cdk.Aws.PARTITION}:glue:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}"
        return iam.PolicyStatement(
            sid="LookUpTables",
            actions=[
                "glue:GetDatabase",
                "glue:GetDatabases",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:BatchGetPartition",
                "glue:GetTable",
                "glue:GetTables",
            ],
            resources=[
                f"{glue}:catalog",
                f"{glue}:database/{self.database_name}",
                f"{glue}:table/{self.database_name}/*",
            ],
        )

    def _read(self) -> list[iam.PolicyStatement]:
        objects = [
            self.source_bucket.arn_for_objects(f"{self.source_prefix}*"),
            self.model_bucket.arn_for_objects("predictions/*"),
        ]
        buckets = [self.source_bucket.bucket_arn, self.model_bucket.bucket_arn]
        return [
            iam.PolicyStatement(sid="ReadData", actions=["s3:GetObject"], resources=objects),
            iam.PolicyStatement(
                sid="ListData",
                actions=["s3:GetBucketLocation", "s3:ListBucket"],
                resources=buckets,
            ),
        ]

    def _write(self) -> list[iam.PolicyStatement]:
        return [
            iam.PolicyStatement(
                sid="WriteAnswers",
                actions=[
                    "s3:AbortMultipartUpload",
                    "s3:GetObject",
                    "s3:ListMultipartUploadParts",
                    "s3:PutObject",
                ],
                resources=[self.results_bucket.arn_for_objects("*")],
            ),
            iam.PolicyStatement(
                sid="ListAnswers",
                actions=[
                    "s3:GetBucketLocation",
                    "s3:ListBucket",
                    "s3:ListBucketMultipartUploads",
                ],
                resources=[self.results_bucket.bucket_arn],
            ),
        ]

    @staticmethod
    def _decrypt(key: kms.IKey) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            sid="UseKeyThroughS3",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[key.key_arn],
            conditions={
                "StringEquals": {"kms:ViaService": f"s3.{cdk.Aws.REGION}.{cdk.Aws.URL_SUFFIX}"}
            },
        )
