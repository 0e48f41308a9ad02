"""What was once reported as done, though nobody did it: refused now, or done."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from understudy_support.harness import IMAGE, ROLE, request

if TYPE_CHECKING:
    from understudy_support.harness import Harness


def training(**changes: Any) -> dict[str, Any]:
    """A request that would be run, with some of its members changed."""
    asked: dict[str, Any] = {
        "TrainingJobName": f"job-{uuid.uuid4().hex[:8]}",
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "HyperParameters": {
            "sagemaker_program": "train.py",
            "sagemaker_submit_directory": "s3://code/absent.tar.gz",
        },
        "OutputDataConfig": {"S3OutputPath": "s3://out/models"},
        "ResourceConfig": {
            "InstanceType": "ml.m5.large",
            "InstanceCount": 1,
            "VolumeSizeInGB": 1,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    }
    for name, value in changes.items():
        inside = isinstance(value, dict) and isinstance(asked.get(name), dict)
        asked[name] = {**asked[name], **value} if inside else value
    return asked


def channel(**source: str) -> list[dict[str, Any]]:
    return [{"ChannelName": "train", "DataSource": {"S3DataSource": source}}]


def groups(*counts: int) -> list[dict[str, Any]]:
    return [
        {"InstanceType": "ml.m5.large", "InstanceCount": count, "InstanceGroupName": f"g{count}"}
        for count in counts
    ]


TRAININGS = {
    "a manifest": (
        {"InputDataConfig": channel(S3DataType="ManifestFile", S3Uri="s3://data/m")},
        "S3DataType is 'ManifestFile'",
    ),
    "pipe mode of the algorithm": (
        {"AlgorithmSpecification": {"TrainingInputMode": "Pipe"}},
        "TrainingInputMode is 'Pipe'",
    ),
    "a command": (
        {"AlgorithmSpecification": {"ContainerEntrypoint": ["/bin/false"]}},
        "ContainerEntrypoint is refused",
    ),
    "instance groups": (
        {"ResourceConfig": {"InstanceGroups": groups(2, 3)}},
        "InstanceGroups is refused",
    ),
    "an output that is not packed": (
        {"OutputDataConfig": {"CompressionType": "NONE"}},
        "CompressionType is 'NONE'",
    ),
    "MPI": ({"HyperParameters": {"sagemaker_mpi_enabled": "true"}}, "sagemaker_mpi_enabled"),
    "torchrun": (
        {"HyperParameters": {"sagemaker_torch_distributed_enabled": "true"}},
        "sagemaker_torch_distributed_enabled",
    ),
    "a subnet": (
        {"VpcConfig": {"Subnets": ["subnet-absent"], "SecurityGroupIds": ["sg-absent"]}},
        "VpcConfig is refused",
    ),
    "a role that is not there": (
        {"RoleArn": "arn:aws:iam::123456789012:role/absent"},
        "Could not assume role",
    ),
    "a retired instance": ({"ResourceConfig": {"InstanceType": "ml.p3.2xlarge"}}, "is retired"),
    "an image of one's own": (
        {
            "AlgorithmSpecification": {
                "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/"
                "my/sagemaker-scikit-learn:mine"
            }
        },
        "no local runtime for image",
    ),
    "spot": ({"EnableManagedSpotTraining": True}, "EnableManagedSpotTraining is True"),
    "a wait": (
        {"StoppingCondition": {"MaxWaitTimeInSeconds": 120}},
        "MaxWaitTimeInSeconds is refused",
    ),
    "a key for a volume that is local storage": (
        {"ResourceConfig": {"InstanceType": "ml.g5.xlarge", "VolumeKmsKeyId": "key"}},
        "has local storage",
    ),
    "a name that is none": ({"TrainingJobName": "bad_name with space"}, "what matches"),
}


@pytest.mark.parametrize(("change", "words"), TRAININGS.values(), ids=TRAININGS)
def test_a_training_that_would_be_another_is_refused(
    emulated: Harness, change: dict[str, Any], words: str
) -> None:
    asked = training(**change)
    with pytest.raises(ClientError, match=words):
        emulated.sagemaker.create_training_job(**asked)
    names = [
        job["TrainingJobName"]
        for job in emulated.sagemaker.list_training_jobs()["TrainingJobSummaries"]
    ]
    assert asked["TrainingJobName"] not in names


def test_a_processing_input_by_pipe_is_refused(emulated: Harness) -> None:
    asked = request(emulated, "")
    asked["ProcessingInputs"][0]["S3Input"]["S3InputMode"] = "Pipe"
    with pytest.raises(ClientError, match="S3InputMode is 'Pipe'"):
        emulated.sagemaker.create_processing_job(**asked)


def test_an_asynchronous_invocation_is_refused(emulated: Harness) -> None:
    with pytest.raises(ClientError) as caught:
        emulated.client("sagemaker-runtime").invoke_endpoint_async(
            EndpointName="does-not-exist-at-all", InputLocation="s3://data/in"
        )
    assert caught.value.response["Error"]["Code"] == "NotImplemented"


VARIANT = {"VariantName": "a", "ModelName": "m", "InstanceType": "ml.m5.large"}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("ShadowProductionVariants", [VARIANT]),
        ("ExplainerConfig", {"ClarifyExplainerConfig": {"ShapConfig": {"ShapBaselineConfig": {}}}}),
        ("AsyncInferenceConfig", {"OutputConfig": {"S3OutputPath": "s3://out/a"}}),
    ],
)
def test_an_endpoint_configuration_that_would_serve_otherwise_is_refused(
    emulated: Harness, member: str, value: Any
) -> None:
    with pytest.raises(ClientError, match=rf"{member}\S* is refused"):
        emulated.sagemaker.create_endpoint_config(
            EndpointConfigName="other", ProductionVariants=[VARIANT], **{member: value}
        )


def test_a_deployment_by_shares_is_refused(emulated: Harness) -> None:
    alarm = {"Alarms": [{"AlarmName": "no-such-alarm"}]}
    canary = {"Type": "CANARY", "WaitIntervalInSeconds": 0}
    size = {"CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 33}}
    with pytest.raises(ClientError, match=r"DeploymentConfig\S* is refused"):
        emulated.sagemaker.update_endpoint(
            EndpointName="any",
            EndpointConfigName="any",
            DeploymentConfig={
                "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {**canary, **size}},
                "AutoRollbackConfiguration": alarm,
            },
        )


def test_a_search_and_a_model_card_are_refused(emulated: Harness) -> None:
    with pytest.raises(ClientError, match="does not implement sagemaker Search"):
        emulated.sagemaker.search(Resource="TrainingJob")
    with pytest.raises(ClientError, match="does not implement sagemaker CreateModelCard"):
        emulated.sagemaker.create_model_card(
            ModelCardName="card", Content="not json at all", ModelCardStatus="Draft"
        )


def test_models_are_listed_by_a_part_of_their_name(emulated: Harness) -> None:
    name = f"model-{uuid.uuid4().hex[:8]}"
    emulated.sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE)
    listed = emulated.sagemaker.list_models(NameContains=name)["Models"]
    assert [model["ModelName"] for model in listed] == [name]
    assert emulated.sagemaker.list_models(NameContains="zzz")["Models"] == []


def pipeline(emulated: Harness, **changes: Any) -> str:
    stop = {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "no"}}
    definition = {"Version": "2020-12-01", "Steps": [stop], **changes}
    name = f"pipe-{uuid.uuid4().hex[:8]}"
    emulated.sagemaker.create_pipeline(
        PipelineName=name,
        RoleArn=ROLE,
        PipelineDefinition=json.dumps(definition),
        ClientRequestToken=uuid.uuid4().hex,
    )
    return name


def test_a_version_of_a_pipeline_is_refused(emulated: Harness) -> None:
    name = pipeline(emulated)
    with pytest.raises(ClientError, match="PipelineVersionId is refused"):
        emulated.sagemaker.start_pipeline_execution(PipelineName=name, PipelineVersionId=99)


def test_a_start_that_comes_again_with_its_token_is_one_execution(emulated: Harness) -> None:
    name = pipeline(emulated)
    token = uuid.uuid4().hex
    answers = [
        emulated.sagemaker.start_pipeline_execution(PipelineName=name, ClientRequestToken=token)
        for _ in range(2)
    ]
    assert answers[0]["PipelineExecutionArn"] == answers[1]["PipelineExecutionArn"]
    listed = emulated.sagemaker.list_pipeline_executions(PipelineName=name)
    assert len(listed["PipelineExecutionSummaries"]) == 1


def test_executions_are_listed_by_their_time(emulated: Harness) -> None:
    name = pipeline(emulated)
    emulated.sagemaker.start_pipeline_execution(PipelineName=name)
    later = emulated.sagemaker.list_pipeline_executions(PipelineName=name, CreatedAfter=1893456000)
    assert later["PipelineExecutionSummaries"] == []


TRAIN = {"Name": "Train", "Type": "Training"}
DEFINITIONS = {
    "an old version": ({"Version": "1999-01-01"}, "the schema's version is 2020-12-01"),
    "another part": ({"Extra": {}}, "The definition has Extra"),
    "an experiment": ({"PipelineExperimentConfig": {"ExperimentName": "x"}}, "no experiments"),
    "retries": (
        {"Steps": [{**TRAIN, "RetryPolicies": [{}], "Arguments": training()}]},
        "Step Train has RetryPolicies",
    ),
    "a misspelt argument": (
        {"Steps": [{**TRAIN, "Arguments": {**training(), "RoleARN": ROLE}}]},
        "RoleARN is refused",
    ),
    "a missing argument": (
        {"Steps": [{**TRAIN, "Arguments": {"RoleArn": ROLE}}]},
        "Step Train has no OutputDataConfig",
    ),
    "two machines": (
        {"Steps": [{**TRAIN, "Arguments": training(ResourceConfig={"InstanceCount": 2})}]},
        "InstanceCount is 2",
    ),
    "a condition without conditions": (
        {"Steps": [{"Name": "If", "Type": "Condition", "Arguments": {"Conditions": []}}]},
        "without Conditions",
    ),
    "an unknown condition": (
        {"Steps": [{"Name": "If", "Type": "Condition", "Arguments": {"Conditions": [{}]}}]},
        "unknown condition type",
    ),
}


@pytest.mark.parametrize(("changes", "words"), DEFINITIONS.values(), ids=DEFINITIONS)
def test_a_definition_that_would_run_otherwise_is_refused_when_it_is_made(
    emulated: Harness, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(ClientError, match=words):
        pipeline(emulated, **changes)


def test_what_a_step_will_know_only_later_is_no_reason_to_refuse_it(emulated: Harness) -> None:
    later = {"Get": "Parameters.Machine"}
    arguments = training(ResourceConfig={"InstanceType": later})
    parameter = {"Name": "Machine", "Type": "String", "DefaultValue": "ml.m5.large"}
    name = pipeline(emulated, Parameters=[parameter], Steps=[{**TRAIN, "Arguments": arguments}])
    assert emulated.sagemaker.describe_pipeline(PipelineName=name)["PipelineStatus"] == "Active"
