"""What a principal needs to ask questions in one workgroup, and nothing else.

Athena reads data and catalog as its caller, so the caller needs both
(https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from components.access.statements import arn, through_s3

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import aws_cdk as cdk
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3


ASK = (
    "BatchGetNamedQuery",
    "BatchGetQueryExecution",
    "GetNamedQuery",
    "GetQueryExecution",
    "GetQueryResults",
    "GetQueryResultsStream",
    "GetWorkGroup",
    "ListNamedQueries",
    "ListQueryExecutions",
    "StartQueryExecution",
    "StopQueryExecution",
)
BROWSE = ("GetDataCatalog", "GetDatabase", "GetTableMetadata", "ListDatabases", "ListTableMetadata")
LIST = ("ListDataCatalogs", "ListEngineVersions", "ListWorkGroups")


@dataclass(frozen=True, kw_only=True)
class AthenaAccess:
    """The places one workgroup's users read and write."""

    stack: cdk.Stack
    """Whose region and account the ARNs bear."""
    workgroup_name: str
    database_name: str
    source_bucket: s3.IBucket
    source_prefixes: Sequence[str]
    """The folders of the data sets, each ending in a slash; the root is empty."""
    model_bucket: s3.IBucket
    answer_tables: Sequence[str]
    """The tables of pipelines' batch answers: folders of the model bucket, by the same names."""
    results_bucket: s3.IBucket
    key: kms.IKey | None

    def statements(self) -> Sequence[iam.PolicyStatement]:
        """The statements, in the order of a query: ask, look up, read, write the answer."""
        statements = [*self._ask(), self._look_up(), *self._read(), *self._write()]
        if self.key is not None:
            statements.append(
                through_s3(self.stack, self.key, ["kms:Decrypt", "kms:GenerateDataKey"])
            )
        return statements

    @property
    def wildcards(self) -> Mapping[str, str]:
        """The resources that end in a wildcard, each with the reason."""
        return {
            self._tables: "a user of the workgroup reads every table of this one database",
            **dict.fromkeys(self._objects, "a table is all the files below its folder"),
            self._answers: "Athena names the answers itself",
            "*": "Athena's lists of catalogs, engines and workgroups take no resource",
        }

    @property
    def _tables(self) -> str:
        return self._arn("glue", "table", f"{self.database_name}/*")

    @property
    def _objects(self) -> list[str]:
        return [
            *(self.source_bucket.arn_for_objects(f"{prefix}*") for prefix in self.source_prefixes),
            *(self.model_bucket.arn_for_objects(f"{table}/*") for table in self.answer_tables),
        ]

    @property
    def _answers(self) -> str:
        return self.results_bucket.arn_for_objects("*")

    def _arn(self, service: str, resource: str, name: str | None = None) -> str:
        return arn(self.stack, service, f"{resource}/{name}" if name else resource)

    def _ask(self) -> list[iam.PolicyStatement]:
        return [
            _athena("AskQuestions", ASK, self._arn("athena", "workgroup", self.workgroup_name)),
            # The console, JDBC and QuickSight look tables up through Athena, not Glue.
            _athena("BrowseCatalog", BROWSE, self._arn("athena", "datacatalog", "AwsDataCatalog")),
            _athena("ListChoices", LIST, "*"),
        ]

    def _look_up(self) -> iam.PolicyStatement:
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
                self._arn("glue", "catalog"),
                self._arn("glue", "database", self.database_name),
                self._tables,
            ],
        )

    def _read(self) -> list[iam.PolicyStatement]:
        buckets = [self.source_bucket.bucket_arn, self.model_bucket.bucket_arn]
        return [
            iam.PolicyStatement(sid="ReadData", actions=["s3:GetObject"], resources=self._objects),
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
                resources=[self._answers],
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


def _athena(sid: str, actions: Sequence[str], resource: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid, actions=[f"athena:{action}" for action in actions], resources=[resource]
    )
