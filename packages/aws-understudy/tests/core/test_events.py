"""An event of a service reaches a deployed function, whose code really runs."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy_support.running import RunningEmulator, Stack

CODE = """
import json, os, boto3

def handler(event, context):
    body = json.dumps({"event": event, "secret": os.environ.get("AWS_PROFILE")})
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key="seen.json", Body=body)
"""

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


def resources(pattern: dict[str, Any]) -> dict[str, Any]:
    return {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"ZipFile": CODE},
                "Handler": "index.handler",
                "Runtime": "python3.12",
                "Timeout": 30,
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Environment": {"Variables": {"BUCKET": {"Ref": "Bucket"}}},
            },
        },
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": pattern,
                "Targets": [{"Id": "T", "Arn": {"Fn::GetAtt": ["Function", "Arn"]}}],
            },
        },
    }


def wait_for_object(s3: Any, bucket: str, key: str) -> bytes:
    for _ in range(200):
        if s3.list_objects_v2(Bucket=bucket, Prefix=key).get("KeyCount"):
            body: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            return body
        time.sleep(0.1)
    raise AssertionError(f"the function never wrote {key}")


def empty(s3: Any, bucket: str) -> None:
    for item in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=item["Key"])


def test_a_service_event_runs_the_function_that_the_rule_names(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    pattern = {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "detail": {"ModelApprovalStatus": ["Approved"]},
    }
    assert stack.deploy(resources(pattern)) == "CREATE_COMPLETE", stack.failures()
    group = "event-models"
    sagemaker, s3 = client("sagemaker"), client("s3")
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    package = sagemaker.create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [{"Image": "an-image", "ModelDataUrl": "s3://b/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]
    sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Approved")
    bucket = stack.physical_id("Bucket")
    written = json.loads(wait_for_object(s3, bucket, "seen.json"))
    assert written["event"]["source"] == "aws.sagemaker"
    assert written["event"]["detail"]["ModelPackageArn"] == package
    assert written["event"]["account"] == "000000000000"
    assert written["secret"] is None, "the function saw the environment of the user"
    empty(s3, bucket)
    sagemaker.delete_model_package(ModelPackageName=package)
    sagemaker.delete_model_package_group(ModelPackageGroupName=group)


def test_a_client_may_not_pretend_to_be_a_service(client: Callable[[str], Any]) -> None:
    entry = {"Source": "aws.sagemaker", "DetailType": "x", "Detail": "{}"}
    answer = client("events").put_events(Entries=[entry])
    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"


NODE_CODE = """
const { S3Client, ListObjectsV2Command } = require("@aws-sdk/client-s3");
exports.handler = async () => {
  const client = new S3Client({});
  const found = await client.send(new ListObjectsV2Command({ Bucket: process.env.BUCKET }));
  return found.KeyCount;
};
"""


@pytest.mark.skipif(
    not os.environ.get("UNDERSTUDY_NODE_MODULES"),
    reason="UNDERSTUDY_NODE_MODULES names no folder with @aws-sdk/client-s3",
)
def test_a_node_function_finds_the_sdk_and_the_emulator(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    made = resources({"source": ["nobody"]})
    made["Function"]["Properties"] |= {"Runtime": "nodejs22.x", "Code": {"ZipFile": NODE_CODE}}
    assert stack.deploy(made) == "CREATE_COMPLETE", stack.failures()
    s3, bucket = client("s3"), stack.physical_id("Bucket")
    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    answer = client("lambda").invoke(FunctionName=stack.physical_id("Function"))
    assert answer["Payload"].read() == b"1"
    empty(s3, bucket)


def test_the_logs_of_a_function_can_be_read(
    stack: Stack, client: Callable[[str], Any], emulator: RunningEmulator
) -> None:
    made = resources({"source": ["nobody"]})
    made["Function"]["Properties"]["Code"]["ZipFile"] = (
        "def handler(event, context):\n    print('a line')\n    return event['x'] + 1\n"
    )
    assert stack.deploy(made) == "CREATE_COMPLETE", stack.failures()
    name = stack.physical_id("Function")
    answer = client("lambda").invoke(FunctionName=name, Payload=b'{"x": 1}')
    assert answer["Payload"].read() == b"2", emulator.log.read_text()[-2000:]
    events = client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    assert any("a line" in event["message"] for event in events)
