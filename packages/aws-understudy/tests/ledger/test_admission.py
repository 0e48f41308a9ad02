"""What a ledger lists is let through, on every wire; the rest is refused by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aws_understudy.core.service import AwsError, AwsRequest
from aws_understudy.ledger.admission import Admission
from aws_understudy.ledger.entries import read_ledger

if TYPE_CHECKING:
    from pathlib import Path

LEDGERS = {
    "sqs": """
error = "InvalidParameterValue"
[CreateQueue]
acts = ["{QueueName,Attributes}"]
[CreateQueue.refused]
"tags" = "there are no tags"
""",
    "sns": '[Publish]\nacts = ["{TopicArn,Message,MessageAttributes.DataType}"]',
    "ec2": '[DescribeVpcs]\nacts = ["{VpcIds,Filters.Name}"]',
    "lambda": '[Invoke]\nacts = ["{FunctionName,Payload,InvocationType}"]',
    "s3": """
[GetObject]
acts = ["{Bucket,Key,Range}"]
[PutBucketVersioning]
acts = ["{Bucket,VersioningConfiguration.Status}"]
[PutBucketVersioning.only]
"VersioningConfiguration.Status" = ["Enabled"]
""",
}


@pytest.fixture(scope="module")
def admission(tmp_path_factory: pytest.TempPathFactory) -> Admission:
    folder: Path = tmp_path_factory.mktemp("ledgers")
    for service, text in LEDGERS.items():
        (folder / f"{service}.toml").write_text(f'service = "{service}"\n{text}')
    return Admission(read_ledger(path) for path in sorted(folder.iterdir()))


def asked(
    service: str,
    *,
    action: str = "",
    method: str = "POST",
    path: str = "/",
    query: str = "",
    body: bytes = b"",
    **headers: str,
) -> AwsRequest:
    return AwsRequest(
        service=service,
        action=action,
        region="us-east-1",
        account="0" * 12,
        method=method,
        path=path,
        query=query,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        body=body,
    )


def json_request(service: str, action: str, **members: object) -> AwsRequest:
    body = json.dumps(members).encode()
    return asked(service, action=action, body=body, x_amz_target=f"X.{action}")


def form(service: str, action: str, fields: str) -> AwsRequest:
    body = f"Action={action}&Version=1&{fields}".encode()
    return asked(
        service, action=action, body=body, content_type="application/x-www-form-urlencoded"
    )


def lambda_call(**headers: str) -> AwsRequest:
    return asked("lambda", path="/2015-03-31/functions/f/invocations", body=b"\x00", **headers)


def s3_get(path: str = "/b/k", query: str = "", **headers: str) -> AwsRequest:
    return asked("s3", method="GET", path=path, query=query, body=b"", **headers)


def versioning(status: str) -> AwsRequest:
    body = f"<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>"
    return asked("s3", method="PUT", path="/b", query="versioning", body=body.encode())


LISTED = {
    "json": json_request("sqs", "CreateQueue", QueueName="q", Attributes={"DelaySeconds": "1"}),
    "an absent value": json_request("sqs", "CreateQueue", QueueName="q", tags=None),
    "form": form("sns", "Publish", "TopicArn=a&MessageAttributes.entry.1.Value.DataType=String"),
    "a key of a map": form("sns", "Publish", "TopicArn=a&MessageAttributes.entry.1.Name=n"),
    "ec2": form("ec2", "DescribeVpcs", "VpcId.1=vpc-1&Filter.1.Name=x"),
    "rest": lambda_call(x_amz_invocation_type="Event", x_amz_date="20300101T000000Z"),
    "s3": s3_get(range="bytes=0-1", query="x-id=GetObject"),
    "a presigned address": s3_get(query="X-Amz-Signature=a&X-Amz-Expires=9"),
    "a bucket in the host": s3_get(host="b.s3.us-east-1.amazonaws.com", path="/k"),
    "xml": versioning("Enabled"),
}


@pytest.mark.parametrize("request_", LISTED.values(), ids=LISTED)
def test_what_is_listed_is_let_through(admission: Admission, request_: AwsRequest) -> None:
    assert admission.admit(request_)


UNLISTED = {
    "json": (json_request("sqs", "CreateQueue", tags={"a": "b"}), "tags is refused"),
    "its reason": (json_request("sqs", "CreateQueue", tags={}), "there are no tags"),
    "what may be given": (json_request("sqs", "CreateQueue", x=1), "Attributes, QueueName"),
    "form": (form("sns", "Publish", "Subject=s"), "Subject is refused"),
    "form, below a map": (
        form("sns", "Publish", "MessageAttributes.entry.1.Value.StringValue=v"),
        "MessageAttributes.StringValue is refused",
    ),
    "ec2": (form("ec2", "DescribeVpcs", "Filter.1.Value.1=v"), "Filters.Value is refused"),
    "a header": (lambda_call(x_amz_log_type="Tail"), "LogType is refused"),
    "an unknown header": (lambda_call(x_amz_strange="1"), "x-amz-strange is refused"),
    "the query": (s3_get(query="versionId=1"), "VersionId is refused"),
    "an unknown query": (s3_get(query="strange=1"), "strange is refused"),
    "a value": (versioning("Suspended"), "Status is 'Suspended'.*allowed is Enabled"),
}


@pytest.mark.parametrize(("request_", "words"), UNLISTED.values(), ids=UNLISTED)
def test_what_is_not_listed_is_refused_by_name(
    admission: Admission, request_: AwsRequest, words: str
) -> None:
    with pytest.raises(AwsError, match=words):
        admission.admit(request_)


def test_a_refusal_bears_the_code_of_its_service(admission: Admission) -> None:
    with pytest.raises(AwsError) as caught:
        admission.admit(json_request("sqs", "CreateQueue", tags={}))
    assert caught.value.code == "InvalidParameterValue"


@pytest.mark.parametrize(
    "request_",
    [
        json_request("sqs", "DeleteQueue", QueueUrl="q"),
        json_request("dynamodb", "ListTables"),
        asked("s3", method="DELETE", path="/b/k"),
        s3_get(query="tagging"),
    ],
)
def test_an_operation_that_is_not_listed_is_not_let_through(
    admission: Admission, request_: AwsRequest
) -> None:
    assert not admission.admit(request_)
