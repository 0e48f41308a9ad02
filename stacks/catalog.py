"""Catalog: the Glue database, the crawler that fills it, and the role the crawler acts with.

Receives the settings and the storage stack. Hands on ``database`` and ``crawler``. The crawler
makes a table of each data set when it first runs; deploying does not run it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_glue as glue

from components.access.crawler_access import CrawlerAccess
from components.access.service_role import service_role
from components.acknowledgement import acknowledge
from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings
    from stacks.storage import StorageStack

ONE_TABLE_PER_FOLDER = {
    "Version": 1.0,
    "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"},
}


class CatalogStack(PlatformStack):
    """Database, crawler, and ``CapstoneGlueRole`` at least privilege."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, storage: StorageStack
    ) -> None:
        super().__init__(
            scope,
            id_,
            settings=settings,
            name="catalog",
            description="Glue database, crawler and CapstoneGlueRole",
        )
        self.database = glue.Database(
            self,
            "Database",
            database_name=settings.database_name,
            description="Tables crawled from the data-source bucket",
            removal_policy=self.derived_data.removal,
        )
        access = CrawlerAccess(
            stack=self,
            database_name=settings.database_name,
            source_bucket=storage.source_bucket,
            source_prefixes=[dataset.folder for dataset in settings.datasets],
            key=storage.key,
        )
        self.glue_role = service_role(
            self,
            "CapstoneGlueRole",
            service="glue.amazonaws.com",
            role_name=settings.catalog.glue_role_name,
            description="Lets the crawler read the source data and write table metadata",
            access=access,
        )
        self.crawler = self._crawler(settings, storage)
        cdk.CfnOutput(self, "DatabaseName", value=self.database.database_name)
        cdk.CfnOutput(self, "CrawlerName", value=self.crawler.ref)
        for dataset in settings.datasets:
            cdk.CfnOutput(self, f"TableName{dataset.label}", value=settings.table_name(dataset))

    def _crawler(self, settings: Settings, storage: StorageStack) -> glue.CfnCrawler:
        targets = [
            glue.CfnCrawler.S3TargetProperty(
                path=storage.source_bucket.s3_url_for_object(dataset.folder or None)
            )
            for dataset in settings.datasets
        ]
        crawler = glue.CfnCrawler(
            self,
            "Crawler",
            name=settings.catalog.crawler_name,
            description="Makes a table of each folder of the data-source bucket, on demand",
            role=self.glue_role.role_arn,
            database_name=self.database.database_name,
            targets=glue.CfnCrawler.TargetsProperty(s3_targets=targets),
            configuration=json.dumps(ONE_TABLE_PER_FOLDER, separators=(",", ":")),
            schema_change_policy=glue.CfnCrawler.SchemaChangePolicyProperty(
                # Never delete a table because its files are gone: say so in the log.
                delete_behavior="LOG",
                update_behavior="UPDATE_IN_DATABASE",
            ),
            recrawl_policy=glue.CfnCrawler.RecrawlPolicyProperty(
                recrawl_behavior="CRAWL_EVERYTHING"
            ),
        )
        acknowledge(
            crawler,
            {"AwsSolutions-GL1": "CloudWatch Logs encrypts at rest; the log names files only"},
        )
        return crawler
