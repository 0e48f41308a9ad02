"""What a crawl changes of tables and partitions that are there already.

The answers are those of AWS Glue's developer guide ("Setting crawler configuration options") and
of its web API ("SchemaChangePolicy"), not those of any emulator.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from understudy_support.emulated import Emulated

GROUPING = {"TableGroupingPolicy": "CombineCompatibleSchemas"}
MERGED = {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}


def columns(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and type of the columns of a table or a partition."""
    return [(c["Name"], c["Type"]) for c in entry["StorageDescriptor"]["Columns"]]


def partitions(emulated: Emulated, database: str, table: str) -> dict[str, dict[str, Any]]:
    """The partitions of a table with one key, by its value."""
    answer = emulated.client("glue").get_partitions(DatabaseName=database, TableName=table)
    return {entry["Values"][0]: entry for entry in answer["Partitions"]}


def empty(emulated: Emulated, bucket: str, key: str) -> None:
    emulated.client("s3").delete_object(Bucket=bucket, Key=key)


def succeed(emulated: Emulated, crawler: str) -> None:
    last = emulated.run_crawler(crawler)
    assert last["Status"] == "SUCCEEDED", last


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ({}, [("a", "double"), ("b", "string")]),
        (MERGED, [("a", "bigint"), ("gone", "string"), ("b", "string")]),
    ],
)
def test_merging_adds_new_columns_and_neither_removes_nor_retypes_one(
    emulated: Emulated,
    bucket: str,
    database: str,
    *,
    output: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    settings = json.dumps({"Version": 1.0, "Grouping": GROUPING, "CrawlerOutput": output})
    crawler = emulated.crawler(f"s3://{bucket}/t/", database, Configuration=settings)
    emulated.put_parquet(bucket, "t/1.parquet", a=[1], gone=["x"])
    succeed(emulated, crawler)
    emulated.put_parquet(bucket, "t/1.parquet", a=[1.5], b=["x"])
    succeed(emulated, crawler)
    assert columns(emulated.tables(database)["t"]) == expected


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ("UPDATE_IN_DATABASE", [("a", "bigint"), ("b", "string")]),
        ("LOG", [("a", "bigint")]),
    ],
)
def test_logging_updates_leaves_old_partitions_as_they_are_and_adds_new_ones(
    emulated: Emulated,
    bucket: str,
    database: str,
    *,
    update: str,
    expected: list[tuple[str, str]],
) -> None:
    policy = {"UpdateBehavior": update, "DeleteBehavior": "LOG"}
    crawler = emulated.crawler(f"s3://{bucket}/t/", database, SchemaChangePolicy=policy)
    emulated.put_parquet(bucket, "t/year=2020/1.parquet", a=[1])
    succeed(emulated, crawler)
    emulated.put_parquet(bucket, "t/year=2020/2.parquet", a=[1], b=["x"])
    emulated.put_parquet(bucket, "t/year=2021/1.parquet", a=[1])
    succeed(emulated, crawler)
    after = partitions(emulated, database, "t")
    assert sorted(after) == ["2020", "2021"]
    assert columns(after["2020"]) == expected


def test_a_table_without_files_is_marked_as_deprecated_by_default(
    emulated: Emulated, bucket: str, database: str
) -> None:
    crawler = emulated.crawler(f"s3://{bucket}/t/", database)
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    succeed(emulated, crawler)
    assert "DEPRECATED_BY_CRAWLER" not in emulated.tables(database)["t"]["Parameters"]
    empty(emulated, bucket, "t/1.parquet")
    before = time.time()
    succeed(emulated, crawler)
    table = emulated.tables(database)["t"]
    assert columns(table) == [("a", "bigint")]
    milliseconds = int(table["Parameters"]["DEPRECATED_BY_CRAWLER"])
    assert before - 1 <= milliseconds / 1000 <= time.time() + 1


def test_a_table_whose_files_come_back_is_deprecated_no_longer(
    emulated: Emulated, bucket: str, database: str
) -> None:
    crawler = emulated.crawler(f"s3://{bucket}/t/", database)
    for key in ("t/1.parquet", "t/2.parquet"):
        emulated.put_parquet(bucket, key, a=[1])
        succeed(emulated, crawler)
        assert "DEPRECATED_BY_CRAWLER" not in emulated.tables(database)["t"]["Parameters"]
        empty(emulated, bucket, key)
        succeed(emulated, crawler)
        assert "DEPRECATED_BY_CRAWLER" in emulated.tables(database)["t"]["Parameters"]


def test_partition_values_are_what_the_escaped_folders_say(
    emulated: Emulated, bucket: str, database: str
) -> None:
    for folder in ("at=10%3A30", "at=a%2Fb c", "at=plain"):
        emulated.put_parquet(bucket, f"t/{folder}/1.parquet", a=[1])
    succeed(emulated, emulated.crawler(f"s3://{bucket}/t/", database))
    entries = partitions(emulated, database, "t")
    assert {value: entry["StorageDescriptor"]["Location"] for value, entry in entries.items()} == {
        "10:30": f"s3://{bucket}/t/at=10%3A30/",
        "a/b c": f"s3://{bucket}/t/at=a%2Fb c/",
        "plain": f"s3://{bucket}/t/at=plain/",
    }
