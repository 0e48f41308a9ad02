"""One crawl: list, read, group, and only then write the catalog."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_understudy.lake.errors import LakeError
from aws_understudy.lake.s3_objects import list_data
from aws_understudy.services.glue.crawl.catalog import CatalogWriter
from aws_understudy.services.glue.crawl.crawled_table import CrawledTable
from aws_understudy.services.glue.crawl.grouping import Group, Policy, group_files
from aws_understudy.services.glue.crawl.table_input import descriptor, table_input, table_name
from aws_understudy.services.glue.errors import CrawlRefused, CrawlStopped
from aws_understudy.services.glue.formats import classifiers, detect
from aws_understudy.services.glue.formats.schema import FileSchema, SchemaUnion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from threading import Event

    from aws_understudy.core.service import Context
    from aws_understudy.lake.s3_objects import S3Object
    from aws_understudy.services.glue.crawl.crawled_table import Changes


def crawl(
    *, context: Context, crawler: Mapping[str, Any], stop: Event, log: Callable[[str], None]
) -> Changes:
    """Crawl all targets; the catalog is touched only after every file has been read.

    Raises:
        CrawlRefused: the data or the crawler's settings do not allow a table.
        CrawlStopped: ``stop`` was set.
    """
    targets = crawler.get("Targets") or {}
    others = sorted(kind for kind, entries in targets.items() if entries and kind != "S3Targets")
    if others or not targets.get("S3Targets"):
        raise CrawlRefused(
            f"Targets {others or list(targets)}: the emulator crawls S3 targets only, one or more."
        )
    tables = _tables(context=context, crawler=crawler, stop=stop, log=log)
    writer = CatalogWriter(
        glue=context.client("glue"), crawler=crawler, merge=_merges(crawler), log=log
    )
    writer.ensure_database()
    written = {writer.write(table) for table in tables}
    writer.retire(written)
    return writer.changes


def _merges(crawler: Mapping[str, Any]) -> bool:
    settings = json.loads(crawler.get("Configuration") or "{}")
    tables = settings.get("CrawlerOutput", {}).get("Tables", {})
    return bool(tables.get("AddOrUpdateBehavior") == "MergeNewColumns")


def _tables(
    *, context: Context, crawler: Mapping[str, Any], stop: Event, log: Callable[[str], None]
) -> list[CrawledTable]:
    s3 = context.client("s3")
    names = crawler.get("Classifiers") or []
    classifier = classifiers.load(glue=context.client("glue"), names=names)
    policy = Policy.of(crawler.get("Configuration") or "")
    tables = []
    for target in crawler["Targets"]["S3Targets"]:
        path = target["Path"]
        files = _files(s3=s3, target=target)
        log(f"{len(files)} file(s) under {path}")
        for group in group_files(target=path, files=files, policy=policy):
            schemas = []
            for item in group.files:
                if stop.is_set():
                    raise CrawlStopped
                schemas.append(detect.read_schema(s3=s3, item=item, classifier=classifier))
                log(f"{item.uri}: {schemas[-1].classification}, {schemas[-1].rows} row(s)")
            tables.append(_table(crawler=crawler, group=group, schemas=schemas))
    return tables


def _files(*, s3: Any, target: Mapping[str, Any]) -> list[S3Object]:
    try:
        return list_data(s3=s3, uri=target["Path"], exclusions=target.get("Exclusions") or [])
    except LakeError as error:
        raise CrawlRefused(f"Target {target['Path']}: {error}") from error


def _table(*, crawler: Mapping[str, Any], group: Group, schemas: list[FileSchema]) -> CrawledTable:
    union = SchemaUnion()
    for schema in schemas:
        union.add(schema)
    columns = [(n, t) for n, t in union.columns() if n not in group.keys]
    entry = table_input(
        name=table_name(location=group.location, prefix=crawler.get("TablePrefix") or ""),
        crawler=crawler["Name"],
        group=group,
        columns=columns,
        schemas=schemas,
    )
    partitions = {
        values: {
            "Values": list(values),
            "Parameters": {"UPDATED_BY_CRAWLER": crawler["Name"]},
            "StorageDescriptor": descriptor(
                location=group.folders[values],
                columns=columns,
                schema=schemas[0],
                parameters={"classification": schemas[0].classification},
            ),
        }
        for values in group.partitions
        if group.keys
    }
    return CrawledTable(group=group, table_input=entry, partition_inputs=partitions)
