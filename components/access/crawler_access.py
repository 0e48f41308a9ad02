"""What a Glue crawler needs to read one folder and write one database's tables.

AWS's own ``AWSGlueServiceRole`` grants ``glue:*`` and every bucket's list; this grants neither.
Statements are written by hand because ``bucket.grant_read`` would open the whole bucket.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from components.access.statements import arn, log_group_arn, through_s3

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


@dataclass(frozen=True, kw_only=True)
class CrawlerAccess:
    """The places one crawler reads and writes."""

    stack: cdk.Stack
    """Whose region and account the ARNs bear."""
    database_name: str
    source_bucket: s3.IBucket
    source_prefixes: Sequence[str]
    """The folders of the data sets, each ending in a slash; the root is empty."""
    key: kms.IKey | None

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """The statements, in the order of a crawl: read, write tables, write the log."""
        statements = [*self._read_files(), self._write_tables(), self._write_logs()]
        if self.key is not None:
            statements.append(through_s3(self.stack, self.key, ["kms:Decrypt"]))
        return statements

    @property
    def wildcards(self) -> Mapping[str, str]:
        """The resources that end in a wildcard, each with the reason."""
        return {
            **dict.fromkeys(self._files, "a table is all the files below its folder"),
            self._tables: "the crawler names the tables of this one database itself",
            self._log_groups: "Glue names the crawlers' log groups and streams itself",
        }

    @property
    def _files(self) -> list[str]:
        return [self.source_bucket.arn_for_objects(f"{prefix}*") for prefix in self.source_prefixes]

    @property
    def _tables(self) -> str:
        return self._glue("table", f"{self.database_name}/*")

    @property
    def _log_groups(self) -> str:
        return log_group_arn(self.stack, "/aws-glue/crawlers*")

    def _glue(self, resource: str, name: str | None = None) -> str:
        return arn(self.stack, "glue", f"{resource}/{name}" if name else resource)

    def _read_files(self) -> list[iam.PolicyStatement]:
        # With and without the slash: no document says which of the two a crawler lists.
        patterns = [
            pattern
            for prefix in self.source_prefixes
            for pattern in (prefix.rstrip("/"), f"{prefix}*")
        ]
        below = {"StringLike": {"s3:prefix": patterns}}
        return [
            iam.PolicyStatement(sid="ReadFiles", actions=["s3:GetObject"], resources=self._files),
            iam.PolicyStatement(
                sid="ListFiles",
                actions=["s3:ListBucket"],
                resources=[self.source_bucket.bucket_arn],
                conditions=below if all(self.source_prefixes) else None,
            ),
            iam.PolicyStatement(
                sid="LocateBucket",
                actions=["s3:GetBucketAcl", "s3:GetBucketLocation"],
                resources=[self.source_bucket.bucket_arn],
            ),
        ]

    def _write_tables(self) -> iam.PolicyStatement:
        # Glue checks a table's actions on the catalog, the database and the table: all three.
        return iam.PolicyStatement(
            sid="WriteTables",
            actions=list(TABLE_ACTIONS),
            resources=[
                self._glue("catalog"),
                self._glue("database", self.database_name),
                self._tables,
            ],
        )

    def _write_logs(self) -> iam.PolicyStatement:
        return iam.PolicyStatement(
            sid="WriteLogs",
            actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[self._log_groups],
        )
