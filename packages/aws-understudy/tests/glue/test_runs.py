"""State, history, events and log of crawls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from understudy_support.emulated import POLLS, unique

if TYPE_CHECKING:
    from understudy_support.emulated import Emulated


def many_files(emulated: Emulated, bucket: str) -> None:
    for index in range(120):
        emulated.put(bucket, f"t/{index:03}.csv", "a,b\n1,2.5\n")


def error_code(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    code: str = raised.value.response["Error"]["Code"]
    return code


def test_a_running_crawler_cannot_be_started_changed_or_deleted_and_can_be_stopped(
    emulated: Emulated, bucket: str, database: str
) -> None:
    many_files(emulated, bucket)
    glue = emulated.client("glue")
    name = emulated.crawler(f"s3://{bucket}/t/", database)
    glue.start_crawler(Name=name)
    assert error_code(glue.start_crawler, Name=name) == "CrawlerRunningException"
    assert error_code(glue.delete_crawler, Name=name) == "CrawlerRunningException"
    assert error_code(glue.update_crawler, Name=name) == "CrawlerRunningException"
    glue.stop_crawler(Name=name)
    assert emulated.ready(name)["Status"] == "CANCELLED"
    assert emulated.tables(database) == {}
    assert error_code(glue.stop_crawler, Name=name) == "CrawlerNotRunningException"
    assert glue.list_crawls(CrawlerName=name)["Crawls"][0]["State"] == "STOPPED"


def test_an_unknown_crawler_is_not_found(emulated: Emulated) -> None:
    glue = emulated.client("glue")
    assert error_code(glue.start_crawler, Name="nobody") == "EntityNotFoundException"
    assert glue.batch_get_crawlers(CrawlerNames=["nobody"])["CrawlersNotFound"] == ["nobody"]


def test_crawls_are_listed_newest_first_with_what_they_changed(
    emulated: Emulated, bucket: str, database: str
) -> None:
    name = emulated.crawler(f"s3://{bucket}/t/", database)
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    emulated.run_crawler(name)
    emulated.put(bucket, "t/2.parquet", b"")
    emulated.run_crawler(name)
    newest, oldest = emulated.client("glue").list_crawls(CrawlerName=name)["Crawls"]
    assert newest["State"] == "FAILED"
    assert "is empty (0 bytes)" in newest["ErrorMessage"]
    assert oldest["State"] == "COMPLETED"
    added = json.loads(oldest["Summary"])["TABLE"]["ADD"]
    assert json.loads(added["Details"]) == {"names": ["t"]}
    failed = emulated.client("glue").list_crawls(
        CrawlerName=name,
        Filters=[{"FieldName": "STATE", "FilterOperator": "EQ", "FieldValue": "FAILED"}],
    )
    assert [c["CrawlId"] for c in failed["Crawls"]] == [newest["CrawlId"]]


def test_a_crawler_made_anew_under_an_old_name_has_no_history(
    emulated: Emulated, bucket: str, database: str
) -> None:
    glue = emulated.client("glue")
    name = emulated.crawler(f"s3://{bucket}/t/", database)
    record = glue.get_crawler(Name=name)["Crawler"]
    assert record["State"] == "READY"
    assert "LastCrawl" not in record
    assert [c["Name"] for c in glue.get_crawlers()["Crawlers"] if c["Name"] == name] == [name]


def test_the_end_of_a_crawl_is_an_event_on_the_default_bus(
    emulated: Emulated, bucket: str, database: str
) -> None:
    events, sqs = emulated.client("events"), emulated.client("sqs")
    queue = sqs.create_queue(QueueName=unique("q"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    name = emulated.crawler(f"s3://{bucket}/t/", database)
    pattern = {
        "source": ["aws.glue"],
        "detail-type": ["Glue Crawler State Change"],
        "detail": {"crawlerName": [name], "state": ["Failed", "Succeeded"]},
    }
    rule = unique("rule")
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    target = {"Id": "q", "Arn": arn["Attributes"]["QueueArn"]}
    events.put_targets(Rule=rule, Targets=[target])
    emulated.put(bucket, "t/1.csv", b"")
    emulated.run_crawler(name)
    for _ in range(POLLS):
        messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages")
        if messages:
            break
    detail = json.loads(messages[0]["Body"])["detail"]
    assert detail["state"] == "Failed"
    assert "1.csv is empty" in detail["errorMessage"]


def test_the_log_says_what_was_read(emulated: Emulated, bucket: str, database: str) -> None:
    emulated.put_parquet(bucket, "t/1.parquet", a=[1, 2])
    name = emulated.crawler(f"s3://{bucket}/t/", database)
    last = emulated.run_crawler(name)
    events = emulated.client("logs").get_log_events(
        logGroupName=last["LogGroup"], logStreamName=last["LogStream"]
    )["events"]
    messages = [e["message"] for e in events]
    assert f"[{last['MessagePrefix']}] s3://{bucket}/t/1.parquet: parquet, 2 row(s)" in messages
