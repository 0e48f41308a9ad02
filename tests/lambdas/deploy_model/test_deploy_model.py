from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = Path(__file__).parents[3] / "lambdas" / "deploy_model"
GROUP = "capstone-dev-catch-value"
ARN = f"arn:aws:sagemaker:us-east-1:123456789012:model-package/{GROUP}/3"
ENVIRONMENT = {
    "DEPLOY_MODE": "realtime",
    "ENDPOINT_NAME": "catch-value",
    "EXECUTION_ROLE_ARN": "arn:aws:iam::123456789012:role/jobs",
    "MODEL_PACKAGE_GROUP": GROUP,
    "SERVERLESS_MAX_CONCURRENCY": "2",
    "SERVERLESS_MEMORY_MB": "2048",
}
PACKAGE = {
    "ModelPackageName": GROUP,
    "ModelPackageArn": ARN,
    "ModelPackageVersion": 3,
    "ModelApprovalStatus": "Approved",
    "ModelPackageStatus": "Completed",
    "ModelPackageStatusDetails": {"ValidationStatuses": []},
    "CreationTime": 0,
    "InferenceSpecification": {
        "Containers": [{"Image": "image", "ModelDataUrl": "s3://models/a/model.tar.gz"}]
    },
}
ROLE_ARN = ENVIRONMENT["EXECUTION_ROLE_ARN"]


def event(**detail: str) -> dict[str, Any]:
    content = {
        "ModelPackageGroupName": GROUP,
        "ModelPackageArn": ARN,
        "ModelApprovalStatus": "Approved",
        **detail,
    }
    return {"detail-type": "SageMaker Model Package State Change", "detail": content}


@pytest.fixture(scope="session")
def modules() -> Iterator[dict[str, Any]]:
    """The function's modules, imported as Lambda does: from their own folder."""
    sys.path.insert(0, str(CODE))
    yield {name: importlib.import_module(name) for name in ("logic", "handler")}
    sys.path.remove(str(CODE))
    for name in ("logic", "handler"):
        del sys.modules[name]


@pytest.fixture
def stub(modules: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client = boto3.client(
        "sagemaker", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    monkeypatch.setattr(modules["handler"].boto3, "client", lambda _name: client)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with Stubber(client) as stubbed:
        yield stubbed
        stubbed.assert_no_pending_responses()


def absent(stub: Stubber, call: str, **expected: str) -> None:
    stub.add_client_error(
        call, "ValidationException", 'Could not find the thing "arn".', expected_params=expected
    )


def name_of(modules: dict[str, Any]) -> str:
    name: str = modules["logic"].version_name(PACKAGE, modules["logic"].deployment_of(ENVIRONMENT))
    return name


def endpoint(config: str, status: str = "InService") -> dict[str, Any]:
    return {
        "EndpointName": "catch-value",
        "EndpointArn": "arn:aws:sagemaker:us-east-1:123456789012:endpoint/catch-value",
        "EndpointConfigName": config,
        "EndpointStatus": status,
        "CreationTime": 0,
        "LastModifiedTime": 0,
    }


def expect_model_and_configuration(stub: Stubber, name: str) -> None:
    stub.add_response("describe_model_package", PACKAGE, {"ModelPackageName": ARN})
    absent(stub, "describe_model", ModelName=name)
    stub.add_response(
        "create_model",
        {"ModelArn": "arn:aws:sagemaker:us-east-1:123456789012:model/x"},
        {
            "ModelName": name,
            "PrimaryContainer": {"ModelPackageName": ARN},
            "ExecutionRoleArn": ROLE_ARN,
            "Tags": ANY,
        },
    )
    absent(stub, "describe_endpoint_config", EndpointConfigName=name)
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 2}
    variant = {"VariantName": "AllTraffic", "ModelName": name, "ServerlessConfig": serverless}
    stub.add_response(
        "create_endpoint_config",
        {"EndpointConfigArn": "arn:aws:sagemaker:us-east-1:123456789012:endpoint-config/x"},
        {"EndpointConfigName": name, "ProductionVariants": [variant], "Tags": ANY},
    )


def test_the_first_approval_creates_the_endpoint(modules: dict[str, Any], stub: Stubber) -> None:
    name = name_of(modules)
    expect_model_and_configuration(stub, name)
    absent(stub, "describe_endpoint", EndpointName="catch-value")
    stub.add_response(
        "create_endpoint",
        {"EndpointArn": endpoint(name)["EndpointArn"]},
        {"EndpointName": "catch-value", "EndpointConfigName": name, "Tags": ANY},
    )
    assert modules["handler"].handler(event(), None)["action"] == "create"


def test_a_later_approval_updates_the_endpoint(modules: dict[str, Any], stub: Stubber) -> None:
    name = name_of(modules)
    expect_model_and_configuration(stub, name)
    stub.add_response("describe_endpoint", endpoint("older"), {"EndpointName": "catch-value"})
    stub.add_response(
        "update_endpoint",
        {"EndpointArn": endpoint(name)["EndpointArn"]},
        {"EndpointName": "catch-value", "EndpointConfigName": name},
    )
    assert modules["handler"].handler(event(), None)["action"] == "update"


def test_the_same_event_again_changes_nothing(modules: dict[str, Any], stub: Stubber) -> None:
    name = name_of(modules)
    stub.add_response("describe_model_package", PACKAGE)
    stub.add_response(
        "describe_model",
        {
            "ModelName": name,
            "ModelArn": "arn:aws:sagemaker:us-east-1:123456789012:thing/x",
            "CreationTime": 0,
        },
    )
    stub.add_response(
        "describe_endpoint_config",
        {
            "EndpointConfigName": name,
            "EndpointConfigArn": "arn:aws:sagemaker:us-east-1:123456789012:thing/x",
            "ProductionVariants": [{"VariantName": "AllTraffic"}],
            "CreationTime": 0,
        },
    )
    stub.add_response("describe_endpoint", endpoint(name, "Updating"))
    assert modules["handler"].handler(event(), None)["action"] == "keep"


def test_in_mode_batch_only_the_model_is_made(
    modules: dict[str, Any], stub: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_MODE", "batch")
    stub.add_response("describe_model_package", PACKAGE)
    absent(stub, "describe_model", ModelName=name_of(modules))
    stub.add_response("create_model", {"ModelArn": "arn:aws:sagemaker:us-east-1:1:model/x"})
    assert modules["handler"].handler(event(), None)["action"] == "model"


@pytest.mark.parametrize(
    "detail", [{"ModelApprovalStatus": "Rejected"}, {"ModelPackageGroupName": "another"}]
)
@pytest.mark.usefixtures("stub")
def test_other_events_are_ignored(modules: dict[str, Any], detail: dict[str, str]) -> None:
    assert modules["handler"].handler(event(**detail), None)["action"] == "ignored"


def test_a_version_rejected_since_is_not_deployed(modules: dict[str, Any], stub: Stubber) -> None:
    stub.add_response("describe_model_package", {**PACKAGE, "ModelApprovalStatus": "Rejected"})
    assert modules["handler"].handler(event(), None)["reason"] == "now Rejected"


def test_an_error_other_than_absence_is_not_hidden(modules: dict[str, Any], stub: Stubber) -> None:
    stub.add_response("describe_model_package", PACKAGE)
    stub.add_client_error("describe_model", "AccessDeniedException", "no")
    with pytest.raises(ClientError, match="AccessDenied"):
        modules["handler"].handler(event(), None)


@pytest.mark.parametrize(
    ("status", "message"), [("Failed", "Delete it"), ("Creating", "cannot be updated now")]
)
def test_an_endpoint_that_cannot_be_changed_says_what_helps(
    modules: dict[str, Any], status: str, message: str
) -> None:
    logic = modules["logic"]
    with pytest.raises(logic.DeploymentError, match=message):
        logic.endpoint_action(endpoint("older", status), "newer")


def test_a_version_counted_anew_gets_another_name(modules: dict[str, Any]) -> None:
    logic = modules["logic"]
    other = {"Containers": [{"ModelDataUrl": "s3://models/b/model.tar.gz"}]}
    deployment = logic.deployment_of(ENVIRONMENT)
    assert logic.version_name({**PACKAGE, "InferenceSpecification": other}, deployment) != name_of(
        modules
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"DEPLOY_MODE": "async"}, "DEPLOY_MODE is 'async'; allowed: realtime, batch"),
        ({"SERVERLESS_MEMORY_MB": "much"}, "must be whole numbers"),
    ],
)
def test_a_wrong_environment_is_refused(
    modules: dict[str, Any], change: dict[str, str], message: str
) -> None:
    logic = modules["logic"]
    with pytest.raises(logic.DeploymentError, match=message):
        logic.deployment_of({**ENVIRONMENT, **change})


def test_a_missing_variable_is_named(modules: dict[str, Any]) -> None:
    with pytest.raises(modules["logic"].DeploymentError, match="lacks 'DEPLOY_MODE'"):
        modules["logic"].deployment_of({})


def test_an_event_of_another_kind_is_refused(modules: dict[str, Any]) -> None:
    logic = modules["logic"]
    with pytest.raises(logic.DeploymentError, match="got 'Scheduled Event'"):
        logic.approved_package(
            {"detail-type": "Scheduled Event", "detail": {}}, logic.deployment_of(ENVIRONMENT)
        )


def test_a_name_that_is_too_long_is_refused(modules: dict[str, Any]) -> None:
    logic = modules["logic"]
    deployment = logic.deployment_of({**ENVIRONMENT, "ENDPOINT_NAME": "e" * 60})
    with pytest.raises(logic.DeploymentError, match="shorten ENDPOINT_NAME"):
        logic.version_name(PACKAGE, deployment)
