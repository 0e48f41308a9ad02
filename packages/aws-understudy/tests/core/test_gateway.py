"""Who answers a request, and what a client gets that asks for what nobody can do."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy_support.running import RunningEmulator


def author(answer: dict[str, Any]) -> str:
    named: str = answer["ResponseMetadata"]["HTTPHeaders"]["x-emulated-by"]
    return named


def get(emulator: RunningEmulator, path: str) -> Any:
    with urllib.request.urlopen(emulator.endpoint_url + path) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def test_every_answer_names_its_author(client: Callable[[str], Any]) -> None:
    assert author(client("s3").list_buckets()) == "ministack"
    assert author(client("sagemaker").list_notebook_instances()) == "moto"
    assert author(client("sagemaker").list_domains()) == "understudy"


def test_an_operation_that_moto_lacks_says_so_and_names_itself(
    client: Callable[[str], Any],
) -> None:
    with pytest.raises(ClientError, match="does not implement sagemaker ListImages") as caught:
        client("sagemaker").list_images()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert caught.value.response["Error"]["Code"] == "NotImplemented"


def test_a_service_that_nobody_has_says_so(client: Callable[[str], Any]) -> None:
    with pytest.raises(
        ClientError, match="does not implement rekognition ListCollections"
    ) as caught:
        client("rekognition").list_collections()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert author(caught.value.response) == "understudy"


def test_a_rest_operation_that_moto_lacks_is_named_too(client: Callable[[str], Any]) -> None:
    with pytest.raises(ClientError, match="does not implement quicksight ListTopics"):
        client("quicksight").list_topics(AwsAccountId="000000000000")


def test_records_answer_with_the_errors_of_their_service(client: Callable[[str], Any]) -> None:
    quicksight = client("quicksight")
    with pytest.raises(
        quicksight.exceptions.ResourceNotFoundException,
        match="/nothing does not exist",
    ):
        quicksight.describe_data_set(AwsAccountId="000000000000", DataSetId="nothing")
    sagemaker = client("sagemaker")
    with pytest.raises(sagemaker.exceptions.ResourceNotFound, match="Domain d-none"):
        sagemaker.describe_domain(DomainId="d-none")


def test_many_requests_that_call_the_emulator_back_do_not_lock_it_up(
    client: Callable[[str], Any],
) -> None:
    body = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
    cloudformation = client("cloudformation")

    def deploy_and_delete(i: int) -> None:
        # Both answers are held back by a worker thread, which asks the emulator for the stack.
        cloudformation.create_stack(StackName=f"many-{i}", TemplateBody=body)
        cloudformation.delete_stack(StackName=f"many-{i}")

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(deploy_and_delete, range(40)))
    names = [stack["StackName"] for stack in cloudformation.describe_stacks()["Stacks"]]
    assert not [name for name in names if name.startswith("many-")]


def test_the_answer_to_a_stack_operation_comes_when_the_stack_is_at_rest(
    client: Callable[[str], Any],
) -> None:
    body = json.dumps({"Resources": {"B": {"Type": "AWS::S3::Bucket"}}})
    cloudformation = client("cloudformation")
    cloudformation.create_stack(StackName="at-rest", TemplateBody=body)
    stack = cloudformation.describe_stacks(StackName="at-rest")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    cloudformation.delete_stack(StackName="at-rest")


def test_health_tells_the_memory_that_is_held(emulator: RunningEmulator) -> None:
    health = get(emulator, "/_understudy/health")
    assert health["status"] == "ok"
    assert health["rss_bytes"] > 10_000_000


def test_the_fidelity_table_is_served(emulator: RunningEmulator) -> None:
    table = {entry["type"]: entry for entry in get(emulator, "/_understudy/fidelity")}
    assert table["AWS::S3::Bucket"]["level"] == "real"
    assert table["AWS::Cloud9::EnvironmentEC2"]["level"] == "record only"
    assert all(entry["note"] for entry in table.values())


def test_an_unknown_page_names_those_that_exist(emulator: RunningEmulator) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(emulator, "/_understudy/other")
    with caught.value as answer:
        assert "/_understudy/health" in answer.read().decode()
