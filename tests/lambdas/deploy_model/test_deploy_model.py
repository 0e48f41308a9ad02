from __future__ import annotations

import importlib
import json
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


def version(number: int, status: str = "Approved") -> dict[str, Any]:
    """What DescribeModelPackage says of a version of the group."""
    arn = f"{ARN.rpartition('/')[0]}/{number}"
    return {
        **PACKAGE,
        "ModelPackageArn": arn,
        "ModelPackageVersion": number,
        "ModelApprovalStatus": status,
    }


def registry(stub: Stubber, *packages: dict[str, Any]) -> None:
    """The registry lists the newest approved one of these, and describes all in their order."""
    approved = [each for each in packages if each["ModelApprovalStatus"] == "Approved"]
    keys = ("ModelPackageArn", "CreationTime", "ModelPackageStatus")
    newest = [{key: each[key] for key in keys} for each in approved[-1:]]
    expected = {
        "ModelPackageGroupName": GROUP,
        "ModelApprovalStatus": "Approved",
        "SortBy": "CreationTime",
        "SortOrder": "Descending",
        "MaxResults": 1,
    }
    stub.add_response("list_model_packages", {"ModelPackageSummaryList": newest}, expected)
    for package in packages:
        asked = {"ModelPackageName": package["ModelPackageArn"]}
        stub.add_response("describe_model_package", package, asked)


def message(content: dict[str, Any]) -> dict[str, Any]:
    """The same event as it comes from the queue."""
    return {"Records": [{"messageId": "m-1", "body": json.dumps(content)}]}


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
    registry(stub, PACKAGE)
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
    registry(stub, PACKAGE)
    expect_what_is_there(stub, name)
    stub.add_response("describe_endpoint", endpoint(name))
    assert modules["handler"].handler(event(), None)["action"] == "keep"


def expect_what_is_there(stub: Stubber, name: str) -> None:
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


@pytest.mark.parametrize("config", ["its own", "an older one"])
@pytest.mark.parametrize("status", ["Creating", "Updating", "RollingBack"])
def test_a_message_comes_again_while_the_endpoint_changes(
    modules: dict[str, Any], stub: Stubber, status: str, config: str
) -> None:
    name = name_of(modules)
    registry(stub, PACKAGE)
    expect_what_is_there(stub, name)
    stub.add_response("describe_endpoint", endpoint(name if config == "its own" else "old", status))

    answer = modules["handler"].handler(message(event()), None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


def test_a_message_comes_again_after_the_endpoint_was_begun(
    modules: dict[str, Any], stub: Stubber
) -> None:
    name = name_of(modules)
    expect_model_and_configuration(stub, name)
    absent(stub, "describe_endpoint", EndpointName="catch-value")
    stub.add_response("create_endpoint", {"EndpointArn": endpoint(name)["EndpointArn"]})

    answer = modules["handler"].handler(message(event()), None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


def test_a_message_is_done_once_the_endpoint_serves_its_model(
    modules: dict[str, Any], stub: Stubber
) -> None:
    name = name_of(modules)
    registry(stub, PACKAGE)
    expect_what_is_there(stub, name)
    stub.add_response("describe_endpoint", endpoint(name))

    assert modules["handler"].handler(message(event()), None) == {"batchItemFailures": []}


def test_an_endpoint_that_was_rolled_back_is_updated_again(
    modules: dict[str, Any], stub: Stubber
) -> None:
    name = name_of(modules)
    registry(stub, PACKAGE)
    expect_what_is_there(stub, name)
    stub.add_response("describe_endpoint", endpoint("older"))
    stub.add_response("update_endpoint", {"EndpointArn": endpoint(name)["EndpointArn"]})

    answer = modules["handler"].handler(message(event()), None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


@pytest.mark.usefixtures("stub")
def test_a_message_that_concerns_nobody_is_done(modules: dict[str, Any]) -> None:
    ignored = message(event(ModelPackageGroupName="another"))

    assert modules["handler"].handler(ignored, None) == {"batchItemFailures": []}


def test_a_late_event_of_an_older_version_deploys_the_newest_approved(
    modules: dict[str, Any], stub: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_MODE", "batch")
    registry(stub, version(2), version(3))
    absent(stub, "describe_model", ModelName=name_of(modules))
    stub.add_response("create_model", {"ModelArn": "arn:aws:sagemaker:us-east-1:1:model/x"})
    late = event(ModelPackageArn=version(2)["ModelPackageArn"])

    assert modules["handler"].handler(late, None)["package"] == ARN


def test_a_rejection_gives_way_to_the_newest_that_is_still_approved(
    modules: dict[str, Any], stub: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_MODE", "batch")
    registry(stub, version(3), version(4, "Rejected"))
    absent(stub, "describe_model", ModelName=name_of(modules))
    stub.add_response("create_model", {"ModelArn": "arn:aws:sagemaker:us-east-1:1:model/x"})
    rejected = event(ModelPackageArn=version(4)["ModelPackageArn"], ModelApprovalStatus="Rejected")

    assert modules["handler"].handler(rejected, None)["package"] == ARN


def test_a_version_that_the_list_does_not_show_yet_is_deployed(
    modules: dict[str, Any], stub: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_MODE", "batch")
    stub.add_response("list_model_packages", {"ModelPackageSummaryList": []})
    stub.add_response("describe_model_package", PACKAGE)
    absent(stub, "describe_model", ModelName=name_of(modules))
    stub.add_response("create_model", {"ModelArn": "arn:aws:sagemaker:us-east-1:1:model/x"})

    assert modules["handler"].handler(event(), None)["package"] == ARN


def test_in_mode_batch_only_the_model_is_made(
    modules: dict[str, Any], stub: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_MODE", "batch")
    registry(stub, PACKAGE)
    absent(stub, "describe_model", ModelName=name_of(modules))
    stub.add_response("create_model", {"ModelArn": "arn:aws:sagemaker:us-east-1:1:model/x"})
    assert modules["handler"].handler(event(), None)["action"] == "model"


@pytest.mark.parametrize(
    "detail",
    [{"ModelApprovalStatus": "PendingManualApproval"}, {"ModelPackageGroupName": "another"}],
)
@pytest.mark.usefixtures("stub")
def test_other_events_are_ignored(modules: dict[str, Any], detail: dict[str, str]) -> None:
    assert modules["handler"].handler(event(**detail), None)["action"] == "ignored"


def test_a_version_rejected_since_is_not_deployed(modules: dict[str, Any], stub: Stubber) -> None:
    registry(stub, version(3, "Rejected"))
    assert modules["handler"].handler(event(), None)["reason"] == "no version is approved"


def test_an_error_other_than_absence_is_not_hidden(modules: dict[str, Any], stub: Stubber) -> None:
    registry(stub, PACKAGE)
    stub.add_client_error("describe_model", "AccessDeniedException", "no")
    with pytest.raises(ClientError, match="AccessDenied"):
        modules["handler"].handler(event(), None)


def test_an_endpoint_that_failed_says_what_helps(modules: dict[str, Any]) -> None:
    logic = modules["logic"]
    with pytest.raises(logic.DeploymentError, match="Delete it, and it is made anew"):
        logic.endpoint_action(endpoint("older", "Failed"), "newer")


def test_an_event_without_a_queue_is_refused_while_the_endpoint_changes(
    modules: dict[str, Any],
) -> None:
    logic = modules["logic"]
    with pytest.raises(logic.DeploymentError, match="catch-value is being changed"):
        logic.settled_or_raise({"action": "wait", "endpoint": "catch-value"})


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
        logic.concerns(
            {"detail-type": "Scheduled Event", "detail": {}}, logic.deployment_of(ENVIRONMENT)
        )


def test_a_name_that_is_too_long_is_refused(modules: dict[str, Any]) -> None:
    logic = modules["logic"]
    deployment = logic.deployment_of({**ENVIRONMENT, "ENDPOINT_NAME": "e" * 60})
    with pytest.raises(logic.DeploymentError, match="shorten ENDPOINT_NAME"):
        logic.version_name(PACKAGE, deployment)
