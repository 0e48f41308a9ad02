"""A queue between an event and a function: what the function does not finish comes again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from understudy_support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy_support.running import Stack

    Client = Callable[[str], Any]

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
UNFINISHED_ONCE = """
import json, os, boto3

def handler(event, context):
    (record,) = event["Records"]
    attempt = record["attributes"]["ApproximateReceiveCount"]
    key = f"attempt-{attempt}.json"
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key=key, Body=record["body"])
    again = [{"itemIdentifier": record["messageId"]}] if attempt == "1" else []
    return {"batchItemFailures": again}
"""
BROKEN = """
def handler(event, context):
    raise RuntimeError("never")
"""


def resources(code: str, *, source: str) -> dict[str, Any]:
    """A rule that puts events into a queue, whose messages a function takes one by one."""
    queue = {"Fn::GetAtt": ["Queue", "Arn"]}
    mapping = {
        "EventSourceArn": queue,
        "FunctionName": {"Ref": "Function"},
        "BatchSize": 1,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
    }
    redrive = {
        "deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetters", "Arn"]},
        "maxReceiveCount": 2,
    }
    return {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"ZipFile": code},
                "Handler": "index.handler",
                "Runtime": "python3.12",
                "Timeout": 30,
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Environment": {"Variables": {"BUCKET": {"Ref": "Bucket"}}},
            },
        },
        "DeadLetters": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {"VisibilityTimeout": 1, "RedrivePolicy": redrive},
        },
        "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping},
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": {"source": [source]},
                "Targets": [{"Id": "T", "Arn": queue}],
            },
        },
    }


def emit(client: Client, source: str) -> None:
    entry = {"Source": source, "DetailType": "A thing", "Detail": '{"n": 1}'}
    client("events").put_events(Entries=[entry])


def test_a_message_that_is_given_back_comes_again(stack: Stack, client: Client) -> None:
    assert stack.deploy(resources(UNFINISHED_ONCE, source="own.once")) == "CREATE_COMPLETE", (
        stack.failures()
    )
    s3, bucket = client("s3"), stack.physical_id("Bucket")
    emit(client, "own.once")

    until(lambda: s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 2, "a second attempt")

    body = s3.get_object(Bucket=bucket, Key="attempt-2.json")["Body"].read()
    assert json.loads(body)["detail"] == {"n": 1}
    until(lambda: waiting(client, stack.physical_id("Queue")) == 0, "the message's end")
    for key in ("attempt-1.json", "attempt-2.json"):
        s3.delete_object(Bucket=bucket, Key=key)


def waiting(client: Client, queue: str) -> int:
    """The messages of a queue, those included that somebody is at work on."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)
    return sum(int(count) for count in attributes["Attributes"].values())


def test_a_message_that_is_never_done_ends_among_the_dead_letters(
    stack: Stack, client: Client
) -> None:
    assert stack.deploy(resources(BROKEN, source="own.broken")) == "CREATE_COMPLETE", (
        stack.failures()
    )
    emit(client, "own.broken")
    queue = stack.physical_id("DeadLetters")

    until(lambda: waiting(client, queue) == 1, "a dead letter")

    assert waiting(client, stack.physical_id("Queue")) == 0
