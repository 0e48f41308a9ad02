"""What the README promises a stranger: its example, the class, its errors; and a new service."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

import aws_understudy
from aws_understudy import Understudy, UnderstudyError
from aws_understudy.command import parse_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = Path(__file__).parents[1]
README = (HOME / "README.md").read_text(encoding="utf-8")
SECONDS = 60.0

IDENTITY = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
LEAVE = """\
import sys, warnings
from pathlib import Path
from aws_understudy import Understudy

warnings.simplefilter("ignore", ResourceWarning)
aws = Understudy(Path(sys.argv[1]), outlive=sys.argv[2] == "outlive")
aws.start()
print(aws.pid, aws.endpoint_url)
"""
KENDRA = '''\
"""What is here of Kendra."""

from __future__ import annotations

import uuid
from pathlib import Path

from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.core.fidelity import record_only
from aws_understudy.records.kind import RecordKind
from aws_understudy.records.service import RecordService
from aws_understudy.services.part import Part

INDEX = RecordKind(
    noun="Index",
    identity=("Id",),
    arn="arn:aws:kendra:{region}:{account}:index/{Id}",
    list_operation="ListIndices",
    list_member="IndexConfigurationSummaryItems",
    nested=False,
    on_create=lambda _values, _request: {"Id": str(uuid.uuid4()), "Status": "ACTIVE"},
)
INDEX_TYPE = ApiType(
    type="AWS::Kendra::Index",
    service="kendra",
    create="CreateIndex",
    delete="DeleteIndex",
    identify=lambda _given, answer: str(answer["Id"]),
    key=lambda physical_id, _loopback: {"Id": physical_id},
)

PART = Part(
    ledgers=(Path(__file__).with_name("ledger.toml"),),
    fidelity=(record_only("AWS::Kendra::Index", "nothing is searched"),),
    types=(INDEX_TYPE,),
    make=lambda _context, _sandboxes: [RecordService(name="kendra", kinds=(INDEX,))],
)
'''
KENDRA_LEDGER = """\
service = "kendra"
[CreateIndex]
kept = ["{Name,RoleArn,Edition,Description}"]
idle = { ClientToken = "a second request makes a second index" }
[DescribeIndex]
acts = ["Id"]
[ListIndices]
[DeleteIndex]
acts = ["Id"]
"""


def reached(aws: Understudy) -> str:
    """Ask who one is, as a program that knows nothing but the variables."""
    process = subprocess.run(
        [sys.executable, "-c", IDENTITY],
        env={"PATH": os.defpath, **aws.environment()},
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout.strip()


def answers(endpoint_url: str) -> bool:
    host, _, port = endpoint_url.removeprefix("http://").partition(":")
    with socket.socket() as client:
        return client.connect_ex((host, int(port))) == 0


def falls_silent(endpoint_url: str) -> bool:
    """Whether it ends; the limit only keeps a broken test from hanging."""
    deadline = time.monotonic() + SECONDS
    while answers(endpoint_url) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not answers(endpoint_url)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.slow
def test_the_readmes_example_runs_and_prints_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    example = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL)
    assert example

    exec(compile(example[1], "README.md", "exec"), {})  # noqa: S102 - our own example

    assert capsys.readouterr().out == example[2]


def test_every_public_name_is_documented_and_in_the_readme() -> None:
    assert aws_understudy.__all__ == ["Understudy", "UnderstudyError"]
    public = [name for name in vars(Understudy) if not name.startswith("_")]
    attributes = ["folder", "log"]
    assert len(public) > 10
    for name in (*public, *attributes):
        assert re.search(rf"`{name}[`(]", README), name
    for name in public:
        assert getattr(Understudy, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'understudies'"):
        aws_understudy.understudies  # noqa: B018 - the look is the test


def test_the_readme_tells_every_option_and_every_exit_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_settings(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}

    assert ended.value.code == 0
    assert len(options) == 10
    assert [option for option in options if f"`{option}`" not in README] == []
    assert re.findall(r"^\| (\d) \|", README, re.MULTILINE) == ["0", "1", "2"]


def test_every_path_that_the_readme_names_is_there() -> None:
    source = HOME / "src" / "aws_understudy"
    names = re.findall(r"`((?:[\w.-]+/)+(?:[\w.-]+\.py)?)`", README)
    missing = [
        name
        for name in names
        if "NAME" not in name and not (source / name).exists() and not (HOME / name).exists()
    ]

    assert len(names) > 25
    # In a row that is in the room of SageMaker already.
    assert set(missing) <= {"pipelines/", "registry/", "endpoints/", "launcher/"}


def test_another_program_reaches_it_by_the_variables_alone(understudy: Understudy) -> None:
    assert reached(understudy) == understudy.account == "000000000000"
    assert all(name.startswith("AWS_") for name in understudy.environment())


def test_its_pages_tell_how_true_it_is_and_how_it_does(understudy: Understudy) -> None:
    levels = {entry["type"]: entry["level"] for entry in understudy.page("fidelity")}

    assert levels["AWS::S3::Bucket"] == "real"
    assert levels["AWS::IAM::Role"] == "control plane"
    assert levels["AWS::QuickSight::Dashboard"] == "record only"
    assert understudy.page("health")["status"] == "ok"
    assert understudy.page("jobs") == []


def test_two_run_side_by_side_and_neither_knows_the_others_key(
    understudy: Understudy, tmp_path: Path
) -> None:
    with Understudy(tmp_path, account="123456789012", region="eu-central-1") as other:
        other.client("s3").create_bucket(
            Bucket="side-by-side",
            CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
        )
        buckets = [
            [bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]]
            for aws in (understudy, other)
        ]

        assert reached(other) == "123456789012"
        assert buckets[1] == ["side-by-side"]
        assert "side-by-side" not in buckets[0]
        stranger = {**other.environment(), "AWS_ENDPOINT_URL": understudy.endpoint_url}
        refused = subprocess.run(
            [sys.executable, "-c", IDENTITY],
            env=stranger,
            capture_output=True,
            text=True,
            check=False,
        )
        assert refused.returncode == 1
        assert "InvalidClientTokenId" in refused.stderr


@pytest.mark.slow
def test_nothing_of_it_is_left_when_its_context_ends() -> None:
    with Understudy() as aws:
        folder, endpoint_url, client = aws.folder, aws.endpoint_url, aws.client("s3")
        client.create_bucket(Bucket="passing")
        assert aws.ready_file.exists()
        assert aws.process.poll() is None

    assert not folder.exists()
    assert aws.process.returncode == 0
    assert not answers(endpoint_url)
    with pytest.raises(EndpointConnectionError):
        client.list_buckets()


def test_before_its_start_it_says_what_to_do() -> None:
    aws = Understudy()

    with pytest.raises(UnderstudyError, match=r"does not serve yet; .*call start\(\)"):
        aws.client("s3")
    with pytest.raises(UnderstudyError, match=r"has not been started; .*call start\(\)"):
        aws.check_alive()
    assert aws.stop() is None
    assert not aws.folder.exists()


@pytest.mark.slow
def test_after_its_stop_it_makes_no_client_until_it_is_started_again() -> None:
    with Understudy() as aws:
        assert aws.client("s3").list_buckets()["Buckets"] == []

    with pytest.raises(UnderstudyError, match=r"has been stopped; .*call start\(\)"):
        aws.client("s3")
    with pytest.raises(UnderstudyError, match="has been stopped"):
        aws.environment()
    with pytest.raises(UnderstudyError, match="its log went with its temporary folder"):
        aws.check_alive()
    with aws:
        assert aws.client("s3").list_buckets()["Buckets"] == []


@pytest.mark.slow
def test_a_taken_port_is_named_and_nothing_is_left(taken_port: int) -> None:
    aws = Understudy(port=taken_port)

    with pytest.raises(UnderstudyError, match=f"exit code 2.*127.0.0.1:{taken_port}") as error, aws:
        raise AssertionError("it started on a port that is taken")

    assert "--port 0" in str(error.value)
    assert not aws.folder.exists()


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["outlive", "end"])
def test_only_with_outlive_does_it_outlive_the_program_that_started_it(
    tmp_path: Path, choice: str
) -> None:
    process = subprocess.run(
        [sys.executable, "-c", LEAVE, str(tmp_path), choice],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    pid, endpoint_url = process.stdout.split()

    if choice == "outlive":
        assert json.loads((tmp_path / "ready.json").read_text())["endpoint_url"] == endpoint_url
        assert answers(endpoint_url)
        os.kill(int(pid), signal.SIGTERM)
    assert falls_silent(endpoint_url)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Understudy]:
    """One of a copy of the sources, to which a service is added by a folder and the list alone."""
    root = tmp_path_factory.mktemp("trial")
    package = root / "sources" / "aws_understudy"
    shutil.copytree(
        HOME / "src" / "aws_understudy", package, ignore=shutil.ignore_patterns("__pycache__")
    )
    (package / "services" / "kendra").mkdir()
    (package / "services" / "kendra" / "__init__.py").write_text('"""Kendra."""\n')
    (package / "services" / "kendra" / "part.py").write_text(KENDRA)
    (package / "services" / "kendra" / "ledger.toml").write_text(KENDRA_LEDGER)
    composition = package / "composition.py"
    listing = composition.read_text()
    listed = listing.replace("PARTS = (", "PARTS = (KENDRA, ").replace(
        "\nif TYPE_CHECKING:",
        "from aws_understudy.services.kendra.part import PART as KENDRA\n\nif TYPE_CHECKING:",
        1,
    )
    composition.write_text(listed)
    assert len(listed.splitlines()) == len(listing.splitlines()) + 1
    variables = {**os.environ, "PYTHONPATH": str(package.parent)}
    with Understudy(root / "folder", variables=variables) as aws:
        yield aws


def test_the_trial_service_is_not_there_without_its_part(understudy: Understudy) -> None:
    with pytest.raises(ClientError, match="kendra") as error:
        understudy.client("kendra").list_indices()

    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert "AWS::Kendra::Index" not in {entry["type"] for entry in understudy.page("fidelity")}


def test_a_service_is_added_by_a_folder_and_the_list_alone(trial: Understudy) -> None:
    kendra = trial.client("kendra")
    made = kendra.create_index(Name="papers", RoleArn="arn:aws:iam::000000000000:role/r")
    described = kendra.describe_index(Id=made["Id"])

    assert (described["Name"], described["Status"]) == ("papers", "ACTIVE")
    assert described["ResponseMetadata"]["HTTPHeaders"]["x-emulated-by"] == "understudy"
    assert {
        "type": "AWS::Kendra::Index",
        "level": "record only",
        "note": "nothing is searched",
    } in trial.page("fidelity")


def test_the_added_type_is_deployed_and_deleted(trial: Understudy) -> None:
    stacks, kendra = trial.client("cloudformation"), trial.client("kendra")
    properties = {"Name": "deployed", "Edition": "DEVELOPER_EDITION", "RoleArn": "arn:aws:iam::0:r"}
    template: dict[str, Any] = {
        "Resources": {"Index": {"Type": "AWS::Kendra::Index", "Properties": properties}}
    }

    def names() -> set[str]:
        listed = kendra.list_indices()["IndexConfigurationSummaryItems"]
        return {index["Name"] for index in listed}

    stacks.create_stack(StackName="trial", TemplateBody=json.dumps(template))
    stacks.get_waiter("stack_create_complete").wait(StackName="trial")
    assert "deployed" in names()

    stacks.delete_stack(StackName="trial")
    stacks.get_waiter("stack_delete_complete").wait(StackName="trial")
    assert "deployed" not in names()
