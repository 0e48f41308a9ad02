"""From training over the registry to an endpoint and a transform job, with toy scripts."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from understudy_support.endpoints import (
    INFERENCE,
    configuration,
    endpoint,
    invoke,
    model,
    settled,
)
from understudy_support.harness import IMAGE, ROLE, tar_gz
from understudy_support.sleeper import Sleeper
from understudy_support.waiting import until

if TYPE_CHECKING:
    from understudy_support.harness import Harness

    from aws_understudy.sandbox.level import Level

TRAIN = """
import argparse, os, pathlib, sys
parser = argparse.ArgumentParser()
parser.add_argument("--factor", type=float)
factor = parser.parse_args().factor
if factor < 0:
    pathlib.Path(os.environ["SM_OUTPUT_DIR"], "failure").write_text("negative factor")
    sys.exit(1)
print("loss=0.25;", os.environ["SM_CURRENT_HOST"], os.environ["SM_HP_FACTOR"])
text = pathlib.Path(os.environ["SM_CHANNEL_TRAIN"], "x.txt").read_text()
assert text == "7", text
pathlib.Path(os.environ["SM_MODEL_DIR"], "factor.txt").write_text(str(factor * int(text)))
"""


def train(emulated: Harness, factor: str) -> dict[str, Any]:
    name = f"train-{uuid.uuid4().hex[:8]}"
    emulated.put(f"s3://code/{name}", tar_gz({"train.py": TRAIN}))
    emulated.put(f"s3://data/{name}/x.txt", "7")
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://data/{name}"}
    emulated.sagemaker.create_training_job(
        TrainingJobName=name,
        RoleArn=ROLE,
        AlgorithmSpecification={
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+);"}],
        },
        HyperParameters={
            "sagemaker_program": "train.py",
            "sagemaker_submit_directory": f"s3://code/{name}",
            "factor": factor,
        },
        InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        OutputDataConfig={"S3OutputPath": "s3://out/models"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
    )

    def ended() -> dict[str, Any] | None:
        job: dict[str, Any] = emulated.sagemaker.describe_training_job(TrainingJobName=name)
        return None if job["TrainingJobStatus"] == "InProgress" else job

    described: dict[str, Any] = until(ended, name)
    return described


def test_training_leaves_a_model_in_s3(emulated: Harness) -> None:
    job = train(emulated, "3")
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    uri = job["ModelArtifacts"]["S3ModelArtifacts"]
    assert uri == f"s3://out/models/{job['TrainingJobName']}/output/model.tar.gz"
    assert job["FinalMetricDataList"][0]["Value"] == 0.25


def test_a_training_script_tells_its_failure_in_a_file(emulated: Harness) -> None:
    job = train(emulated, "-3")
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].endswith("negative factor")


def test_an_endpoint_serves_and_can_be_updated_and_deleted(emulated: Harness) -> None:
    name = endpoint(emulated, configuration(emulated, model(emulated, factor=2)))
    described = settled(emulated, name)
    assert described["EndpointStatus"] == "InService", described.get("FailureReason")
    assert invoke(emulated, name, '{"x": 5}') == '{"y": 10.0}\n'
    other = configuration(emulated, model(emulated, factor=3))
    emulated.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=other)
    assert settled(emulated, name)["EndpointConfigName"] == other
    assert invoke(emulated, name, '{"x": 5}') == '{"y": 15.0}\n'
    emulated.sagemaker.delete_endpoint(EndpointName=name)
    with pytest.raises(ClientError, match="not found"):
        invoke(emulated, name, '{"x": 5}')


def test_a_request_that_breaks_the_model_is_a_model_error(emulated: Harness) -> None:
    name = endpoint(emulated, configuration(emulated, model(emulated)))
    settled(emulated, name)
    with pytest.raises(ClientError, match="KeyError: 'x'") as caught:
        invoke(emulated, name, '{"z": 5}')
    assert caught.value.response["Error"]["Code"] == "ModelError"


def test_a_model_that_does_not_load_makes_a_failed_endpoint(emulated: Harness) -> None:
    broken = configuration(emulated, model(emulated, script="raise RuntimeError('bad model')"))
    described = settled(emulated, endpoint(emulated, broken))
    assert described["EndpointStatus"] == "Failed"
    assert "bad model" in described["FailureReason"]


def test_a_failed_update_keeps_the_former_model(emulated: Harness) -> None:
    name = endpoint(emulated, configuration(emulated, model(emulated, factor=2)))
    settled(emulated, name)
    broken = configuration(emulated, model(emulated, script="raise RuntimeError('bad model')"))
    emulated.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=broken)
    described = settled(emulated, name)
    assert described["EndpointStatus"] == "InService"
    assert "bad model" in described["FailureReason"]
    assert invoke(emulated, name, '{"x": 5}') == '{"y": 10.0}\n'


def transform(emulated: Harness, **change: Any) -> dict[str, Any]:
    name = f"transform-{uuid.uuid4().hex[:8]}"
    emulated.put(f"s3://data/{name}/a.jsonl", '{"x": 1, "k": "a"}\n{"x": 2, "k": "b"}\n')
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://data/{name}"}}
    asked = {
        "TransformJobName": name,
        "ModelName": model(emulated, factor=2),
        "TransformInput": {
            "DataSource": source,
            "ContentType": "application/jsonlines",
            "SplitType": "Line",
        },
        "TransformOutput": {
            "S3OutputPath": f"s3://out/{name}",
            "Accept": "application/jsonlines",
            "AssembleWith": "Line",
        },
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        "DataProcessing": {"JoinSource": "Input"},
        **change,
    }
    emulated.sagemaker.create_transform_job(**asked)

    def ended() -> dict[str, Any] | None:
        job: dict[str, Any] = emulated.sagemaker.describe_transform_job(TransformJobName=name)
        return None if job["TransformJobStatus"] == "InProgress" else job

    described: dict[str, Any] = until(ended, name)
    return described


@pytest.mark.parametrize("strategy", ["MultiRecord", "SingleRecord"])
def test_a_transform_job_joins_answers_to_records(emulated: Harness, strategy: str) -> None:
    job = transform(emulated, BatchStrategy=strategy)
    assert job["TransformJobStatus"] == "Completed", job.get("FailureReason")
    lines = emulated.get(f"s3://out/{job['TransformJobName']}/a.jsonl.out").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"x": 1, "k": "a", "SageMakerOutput": {"y": 2.0}},
        {"x": 2, "k": "b", "SageMakerOutput": {"y": 4.0}},
    ]


def test_a_transform_that_cannot_be_done_is_refused(emulated: Harness) -> None:
    with pytest.raises(ClientError, match="OutputFilter"):
        transform(emulated, DataProcessing={"JoinSource": "Input", "OutputFilter": "$.y"})


def register(emulated: Harness, group: str) -> str:
    container = {"Image": IMAGE, "ModelDataUrl": "s3://data/m.tar.gz"}
    arn: str = emulated.sagemaker.create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [container],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]
    return arn


def test_the_bus_hears_of_registration_and_approval(emulated: Harness) -> None:
    sagemaker = emulated.sagemaker
    sagemaker.create_model_package_group(ModelPackageGroupName="told")
    arn = register(emulated, "told")
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    heard = [
        detail
        for detail in emulated.events_of("SageMaker Model Package State Change")
        if detail["ModelPackageArn"] == arn
    ]
    assert [d["ModelApprovalStatus"] for d in heard] == ["PendingManualApproval", "Approved"]
    assert heard[1]["ModelPackageGroupName"] == "told"
    assert heard[1]["ModelPackageVersion"] == 1


def test_a_group_with_packages_is_not_deleted(emulated: Harness) -> None:
    sagemaker = emulated.sagemaker
    sagemaker.create_model_package_group(ModelPackageGroupName="full")
    first, second = register(emulated, "full"), register(emulated, "full")
    assert (first[-1], second[-1]) == ("1", "2")
    with pytest.raises(ClientError, match="still contains 2"):
        sagemaker.delete_model_package_group(ModelPackageGroupName="full")
    for arn in (first, second):
        sagemaker.delete_model_package(ModelPackageName=arn)
    sagemaker.delete_model_package_group(ModelPackageGroupName="full")


def test_a_package_needs_a_group_that_is_there(emulated: Harness) -> None:
    with pytest.raises(ClientError, match="does not exist"):
        register(emulated, "nowhere")


CALLS_HOME = """
import os, socket
def model_fn(folder): return None
def input_fn(body, kind): return body if isinstance(body, str) else body.decode()
def predict_fn(address, model):
    host, port = address.split(":")
    try:
        socket.create_connection((host, int(port)), 5)
    except OSError:
        return "no way"
    return "connected"
def output_fn(answer, accept): return answer, "text/plain"
"""


@pytest.mark.parametrize("isolated", [True, False])
def test_an_isolated_model_answers_and_reaches_nothing(
    emulated: Harness, level: Level, *, isolated: bool
) -> None:
    config = configuration(emulated, model(emulated, script=CALLS_HOME, isolated=isolated))
    if isolated and not level.isolates_network:
        with pytest.raises(ClientError, match="EnableNetworkIsolation needs user namespaces"):
            endpoint(emulated, config)
        return
    name = endpoint(emulated, config)
    assert settled(emulated, name)["EndpointStatus"] == "InService"
    answer = invoke(emulated, name, emulated.url.removeprefix("http://"))
    assert answer == ("no way" if isolated else "connected")


def test_a_model_that_takes_too_much_memory_is_ended(emulated: Harness) -> None:
    hungry = INFERENCE.replace("return float", "held = b'x' * (3000 << 20); return float")
    name = endpoint(emulated, configuration(emulated, model(emulated, script=hungry)))
    described = settled(emulated, name)
    assert described["EndpointStatus"] == "Failed"
    assert "OutOfMemory: it used" in described["FailureReason"]
    assert "the serverless endpoint has 2,048 MiB" in described["FailureReason"]


def test_a_deleted_endpoint_leaves_nothing(emulated: Harness) -> None:
    sleeper = Sleeper()
    script = f"{sleeper.detached}{INFERENCE}"
    name = endpoint(emulated, configuration(emulated, model(emulated, script=script)))
    assert settled(emulated, name)["EndpointStatus"] == "InService"
    until(sleeper.lives, "the sleeper")
    emulated.sagemaker.delete_endpoint(EndpointName=name)
    until(lambda: not sleeper.lives(), "the sleeper's end")
    served = list((emulated.folder / "sagemaker" / "endpoint").glob(f"{name}-*"))
    assert [path.name for folder in served for path in folder.iterdir() if path.is_dir()] == []
