"""What no stack owns is found, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

import config
from rehearsal.errors import RehearsalError
from rehearsal.leftovers.models import find_leftovers
from rehearsal.sweep import sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = "capstone-dev-catch-value"
VERSION = f"arn:aws:sagemaker:us-east-1:000000000000:model-package/{GROUP}/1"
LONG_AGO = "2026-01-01"


@pytest.fixture
def sagemaker() -> Iterator[tuple[Any, Stubber]]:
    client = boto3.client(
        "sagemaker", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    with Stubber(client) as stubber:
        yield client, stubber


def lists(stubber: Stubber, *, endpoints: list[str], models: list[str]) -> None:
    times = {"CreationTime": LONG_AGO, "LastModifiedTime": LONG_AGO}
    arn = "arn:aws:sagemaker:us-east-1:000000000000:thing/x"
    listed = [
        {"EndpointName": name, "EndpointArn": arn, "EndpointStatus": "InService", **times}
        for name in endpoints
    ]
    stubber.add_response("list_endpoints", {"Endpoints": listed}, {"NameContains": GROUP})
    stubber.add_response("list_endpoint_configs", {"EndpointConfigs": []})
    named = [{"ModelName": name, "ModelArn": arn, "CreationTime": LONG_AGO} for name in models]
    stubber.add_response("list_models", {"Models": named})


def test_versions_go_after_what_serves_them(sagemaker: tuple[Any, Stubber]) -> None:
    client, stubber = sagemaker
    lists(stubber, endpoints=[GROUP], models=[f"{GROUP}-v1-0a1b2c3d"])
    package = {
        "ModelPackageName": GROUP,
        "ModelPackageArn": VERSION,
        "CreationTime": LONG_AGO,
        "ModelPackageStatus": "Completed",
    }
    stubber.add_response("list_model_packages", {"ModelPackageSummaryList": [package]})

    leftovers = find_leftovers(client, group=GROUP)

    assert [(leftover.kind, leftover.name) for leftover in leftovers] == [
        ("endpoint", GROUP),
        ("model", f"{GROUP}-v1-0a1b2c3d"),
        ("model version", VERSION),
    ]


def test_what_only_contains_the_name_is_left_alone(sagemaker: tuple[Any, Stubber]) -> None:
    client, stubber = sagemaker
    lists(stubber, endpoints=[f"{GROUP}-of-another"], models=[f"my-{GROUP}-v1"])
    stubber.add_response("list_model_packages", {"ModelPackageSummaryList": []})

    assert find_leftovers(client, group=GROUP) == []


def test_a_group_that_is_gone_has_no_versions(sagemaker: tuple[Any, Stubber]) -> None:
    client, stubber = sagemaker
    lists(stubber, endpoints=[], models=[])
    stubber.add_client_error(
        "list_model_packages", "ValidationException", f"ModelPackageGroup {GROUP} does not exist."
    )

    assert find_leftovers(client, group=GROUP) == []


def test_other_errors_are_not_swallowed(sagemaker: tuple[Any, Stubber]) -> None:
    client, stubber = sagemaker
    lists(stubber, endpoints=[], models=[])
    stubber.add_client_error("list_model_packages", "AccessDeniedException", "no rights")

    with pytest.raises(client.exceptions.ClientError, match="no rights"):
        find_leftovers(client, group=GROUP)


def test_kept_data_is_not_swept(capsys: pytest.CaptureFixture[str]) -> None:
    sweep(config.load("prod"), ask=False)

    assert "nothing is swept" in capsys.readouterr().out


def test_a_place_that_does_not_answer_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    with pytest.raises(RehearsalError, match="AWS refused the sweep"):
        sweep(config.load("dev"), ask=False)
