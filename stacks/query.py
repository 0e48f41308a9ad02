"""Query: an enforced Athena workgroup and, in it, the SQL of every data set as named queries.

Receives the settings, the storage stack and the catalog stack. Hands on ``access``, what a
principal needs to use the workgroup, and ``analyst``, the policy for people. A view is a named
query too: the statement that makes it runs once the crawler has made the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_athena as athena
from aws_cdk import aws_iam as iam

from components.access.athena_access import AthenaAccess
from components.access.statements import arn
from components.acknowledgement import acknowledge_wildcards
from config.query_file import queries_of
from config.sections.section import pascal_case
from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings
    from stacks.catalog import CatalogStack
    from stacks.storage import StorageStack

MEGABYTE = 1_000_000


class QueryStack(PlatformStack):
    """The workgroup, the named queries, and a managed policy for the people who ask."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        storage: StorageStack,
        catalog: CatalogStack,
    ) -> None:
        super().__init__(
            scope,
            id_,
            settings=settings,
            name="query",
            description="Athena workgroup, named queries and views",
        )
        self._queries = queries_of(settings.datasets)
        self.workgroup = self._workgroup(settings, storage)
        self._named_queries(settings, catalog)
        self.access = AthenaAccess(
            stack=self,
            workgroup_name=settings.workgroup_name,
            database_name=settings.database_name,
            source_bucket=storage.source_bucket,
            source_prefixes=[dataset.folder for dataset in settings.datasets],
            model_bucket=storage.model_bucket,
            answer_tables=[
                learning.answers_table
                for learning in settings.learnings
                if learning.pipeline.deploy == "batch"
            ],
            results_bucket=storage.results_bucket,
            key=storage.key,
        )
        self.analyst = iam.ManagedPolicy(
            self,
            "AnalystPolicy",
            description=f"Ask questions in the Athena workgroup {settings.workgroup_name}",
            statements=[*self.access.statements(), self._make_views(settings)],
        )
        acknowledge_wildcards(self.analyst, self.access.wildcards)
        # As in Network: exported whether or not a workbench or a dashboard reads them.
        self.export_value(self.analyst.managed_policy_arn)
        self.export_value(self.workgroup.ref)
        cdk.CfnOutput(self, "WorkGroupName", value=self.workgroup.ref)
        cdk.CfnOutput(self, "AnalystPolicyArn", value=self.analyst.managed_policy_arn)

    def _make_views(self, settings: Settings) -> iam.PolicyStatement:
        # A view is a table of the catalog: these by name, so that no crawled table is changed.
        database = settings.database_name
        views = [query.name for _, query in self._queries if query.kind == "view"]
        return iam.PolicyStatement(
            sid="MakeViews",
            actions=["glue:CreateTable", "glue:UpdateTable"],
            resources=[
                arn(self, "glue", resource)
                for resource in (
                    "catalog",
                    f"database/{database}",
                    *(f"table/{database}/{view}" for view in views),
                )
            ],
        )

    def _workgroup(self, settings: Settings, storage: StorageStack) -> athena.CfnWorkGroup:
        encryption = athena.CfnWorkGroup.EncryptionConfigurationProperty(
            encryption_option="SSE_KMS" if storage.key else "SSE_S3",
            kms_key=storage.key.key_arn if storage.key else None,
        )
        workgroup = athena.CfnWorkGroup(
            self,
            "WorkGroup",
            name=settings.workgroup_name,
            description="Enforces where answers go, their encryption, and what a query may cost",
            # Deletes the workgroup with its saved queries and history, or refuses to.
            recursive_delete_option=not settings.keeps_data,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=settings.query.bytes_scanned_cutoff_mb * MEGABYTE,
                engine_version=athena.CfnWorkGroup.EngineVersionProperty(
                    selected_engine_version="Athena engine version 3"
                ),
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=storage.results_bucket.s3_url_for_object("athena/"),
                    encryption_configuration=encryption,
                    expected_bucket_owner=cdk.Aws.ACCOUNT_ID,
                ),
            ),
        )
        if settings.keeps_data:
            # With its history in it, it could not be deleted, and the stack would be stuck.
            workgroup.apply_removal_policy(self.derived_data.removal)
        return workgroup

    def _named_queries(self, settings: Settings, catalog: CatalogStack) -> None:
        for dataset, query in self._queries:
            named_query = athena.CfnNamedQuery(
                self,
                pascal_case(query.name),
                name=query.name,
                description=query.description,
                database=catalog.database.database_name,
                query_string=query.over(settings.tables_for(dataset)),
                work_group=self.workgroup.name,
            )
            named_query.add_resource_dependency(self.workgroup)
