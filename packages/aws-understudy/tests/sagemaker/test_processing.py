from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from understudy_support.harness import IMAGE, ROLE, Harness, request
from understudy_support.sleeper import Sleeper
from understudy_support.waiting import until

from aws_understudy.sandbox.level import Level
from aws_understudy.services.sagemaker.containers import machine

if TYPE_CHECKING:
    from pathlib import Path

COPY = """
import os, pathlib, sys
source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
target.joinpath("copy.txt").write_text(source.joinpath("deep", "a.txt").read_text().upper())
print("copied")
"""


def ended(emulated: Harness, asked: dict[str, Any]) -> dict[str, Any]:
    name = asked["ProcessingJobName"]
    emulated.sagemaker.create_processing_job(**asked)
    until(
        lambda: described(emulated, name)["ProcessingJobStatus"] not in {"InProgress", "Stopping"},
        name,
    )
    return described(emulated, name)


def described(emulated: Harness, name: str) -> dict[str, Any]:
    job: dict[str, Any] = emulated.sagemaker.describe_processing_job(ProcessingJobName=name)
    return job


def printed(emulated: Harness, name: str) -> list[str]:
    log = emulated.client("logs").get_log_events(
        logGroupName="/aws/sagemaker/ProcessingJobs", logStreamName=f"{name}/algo-1"
    )
    return [event["message"] for event in log["events"]]


def test_a_job_reads_from_s3_and_writes_to_s3(emulated: Harness) -> None:
    asked = request(emulated, COPY)
    prefix = emulated.put("s3://data/below/deep/a.txt", "fish").removesuffix("deep/a.txt")
    asked["ProcessingInputs"].append(
        {
            "InputName": "in",
            "S3Input": {
                "S3Uri": prefix,
                "LocalPath": "/opt/ml/processing/in",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
            },
        }
    )
    job = ended(emulated, asked)
    assert job["ProcessingJobStatus"] == "Completed", job.get("FailureReason")
    assert emulated.get(f"s3://out/{asked['ProcessingJobName']}/copy.txt") == "FISH"


def test_what_a_job_prints_is_in_cloudwatch_logs_with_a_note_on_the_image(
    emulated: Harness,
) -> None:
    asked = request(emulated, "print('hello from the job')")
    ended(emulated, asked)
    lines = printed(emulated, asked["ProcessingJobName"])
    assert "hello from the job" in lines
    assert "image tag 1.9-0-cpu-py3 replaced by Python" in lines[0]


def test_a_failed_job_tells_its_last_words(emulated: Harness) -> None:
    job = ended(emulated, request(emulated, "import sys; sys.exit('no fish in the data')"))
    assert job["ProcessingJobStatus"] == "Failed"
    assert "exit code 1. " in job["FailureReason"]
    assert "no fish in the data" in job["FailureReason"]


def test_a_failed_job_writes_no_output(emulated: Harness) -> None:
    script = "open('/tmp/x','w') if 0 else None\nimport sys, pathlib\n"
    script += "pathlib.Path(sys.argv[2], 'half.txt').write_text('half'); sys.exit(1)"
    asked = request(emulated, script)
    ended(emulated, asked)
    listing = emulated.client("s3").list_objects_v2(Bucket="out", Prefix=asked["ProcessingJobName"])
    assert listing["KeyCount"] == 0


def test_a_job_that_runs_too_long_is_ended(emulated: Harness) -> None:
    asked = request(
        emulated,
        "import time; time.sleep(600)",
        StoppingCondition={"MaxRuntimeInSeconds": 1},
    )
    job = ended(emulated, asked)
    assert job["ProcessingJobStatus"] == "Failed"
    assert "MaxRuntimeExceeded" in job["FailureReason"]


def test_a_stopped_job_ends_with_all_that_it_started(emulated: Harness) -> None:
    sleeper = Sleeper()
    asked = request(emulated, f"{sleeper.detached}time.sleep(600)")
    name = asked["ProcessingJobName"]
    emulated.sagemaker.create_processing_job(**asked)
    until(sleeper.lives, "the job's start")
    emulated.sagemaker.stop_processing_job(ProcessingJobName=name)
    until(lambda: described(emulated, name)["ProcessingJobStatus"] == "Stopped", "the job's end")
    assert not sleeper.lives()


def test_what_a_job_leaves_running_ends_with_it(emulated: Harness) -> None:
    sleeper = Sleeper()
    asked = request(emulated, sleeper.detached)
    assert ended(emulated, asked)["ProcessingJobStatus"] == "Completed"
    assert "started" in printed(emulated, asked["ProcessingJobName"])
    assert not sleeper.lives()


def test_a_job_gets_nothing_of_the_users_environment(
    emulated: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of the user")
    monkeypatch.setenv("MY_SECRET", "of the user")
    script = "import json, os, pathlib, sys\n"
    script += "pathlib.Path(sys.argv[2], 'e.json').write_text(json.dumps(dict(os.environ)))"
    asked = request(emulated, script, Environment={"MODE": "test"})
    ended(emulated, asked)
    environment = json.loads(emulated.get(f"s3://out/{asked['ProcessingJobName']}/e.json"))
    assert "of the user" not in environment.values()
    assert environment["HOME"] != os.environ["HOME"]
    assert environment["AWS_ENDPOINT_URL"] == emulated.url
    assert environment["MODE"] == "test"


def test_the_memory_of_a_job_is_its_own(emulated: Harness) -> None:
    asked = request(emulated, "import time; held = b'x' * 150_000_000; time.sleep(0.4)")
    ended(emulated, asked)
    (stat,) = [s for s in emulated.service.job_stats() if s["name"] == asked["ProcessingJobName"]]
    assert 150_000_000 < stat["peak_rss_bytes"] < 250_000_000
    assert stat["status"] == "Completed"


def test_opt_ml_is_the_jobs_alone(emulated: Harness, level: Level) -> None:
    script = "import os; print('seen', os.path.isdir('/opt/ml/processing'))"
    asked = request(emulated, script)
    ended(emulated, asked)
    assert f"seen {level.moves_folders}" in printed(emulated, asked["ProcessingJobName"])


def test_the_log_says_how_the_job_is_kept_apart(emulated: Harness, level: Level) -> None:
    asked = request(emulated, "pass")
    ended(emulated, asked)
    assert level.note in printed(emulated, asked["ProcessingJobName"])[0]


def test_a_job_reads_no_file_of_the_user(emulated: Harness, level: Level, tmp_path: Path) -> None:
    secret = tmp_path / "credentials"
    secret.write_text("secret")
    asked = request(emulated, f"print(open({str(secret)!r}).read())")
    job = ended(emulated, asked)
    if level is Level.PROCESS_GROUP:
        assert "secret" in printed(emulated, asked["ProcessingJobName"])
    else:
        assert job["ProcessingJobStatus"] == "Failed"
        assert "secret" not in printed(emulated, asked["ProcessingJobName"])


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("os.symlink('/etc/passwd', out + '/x')", "x is a link"),
        ("os.symlink('.', out + '/x')", "x is a link"),
        ("os.mkfifo(out + '/x')", "x is a pipe"),
        ("os.rename(out, out + '.old'); os.symlink('/etc', out)", "out is a link"),
        ("os.rename(out, out + '.old'); open(out, 'w').write('')", "out is no folder"),
    ],
)
def test_only_files_and_folders_are_taken(emulated: Harness, script: str, kind: str) -> None:
    asked = request(emulated, f"import os, sys\nout = sys.argv[2]\n{script}")
    job = ended(emulated, asked)
    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("The output processing/out")
    assert kind in job["FailureReason"]
    assert "Contents" not in emulated.client("s3").list_objects_v2(
        Bucket="out", Prefix=asked["ProcessingJobName"]
    )


def test_a_job_has_the_memory_of_its_instance(
    emulated: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "memory_bytes", lambda _instance_type: 200 << 20)
    job = ended(emulated, request(emulated, "import time; h = b'x' * (300 << 20); time.sleep(60)"))
    assert re.fullmatch(
        r"AlgorithmError: OutOfMemory: it used [\d,]+ MiB of memory; ml.m5.large has 200 MiB\.",
        job["FailureReason"],
    )


def test_a_job_has_the_disk_of_its_instance(emulated: Harness) -> None:
    script = (
        "import sys, time\n"
        "for name in 'ab':\n"
        "    open(f'{sys.argv[2]}/{name}', 'wb').truncate(600 << 20)\n"
        "time.sleep(60)"
    )
    job = ended(emulated, request(emulated, script))
    assert "No space left" in job["FailureReason"]
    assert "ml.m5.large has 1,024 MiB" in job["FailureReason"]


def test_network_isolation_isolates_or_is_refused(emulated: Harness, level: Level) -> None:
    host, port = emulated.url.removeprefix("http://").split(":")
    script = (
        "import socket\n"
        f"try: socket.create_connection(({host!r}, {port}), 5)\n"
        "except OSError: print('no way')\n"
        "else: print('connected')"
    )
    asked = request(emulated, script, NetworkConfig={"EnableNetworkIsolation": True})
    if not level.isolates_network:
        with pytest.raises(ClientError, match="EnableNetworkIsolation needs user namespaces"):
            emulated.sagemaker.create_processing_job(**asked)
        return
    assert ended(emulated, asked)["ProcessingJobStatus"] == "Completed"
    assert "no way" in printed(emulated, asked["ProcessingJobName"])


def test_a_job_leaves_no_file_behind(emulated: Harness) -> None:
    asked = request(emulated, "import sys; open(sys.argv[2] + '/x', 'wb').write(bytes(1 << 20))")
    assert ended(emulated, asked)["ProcessingJobStatus"] == "Completed"
    folder = emulated.folder / "sagemaker" / "processing-job" / asked["ProcessingJobName"]
    assert not folder.exists()


def test_an_input_that_is_not_there_is_named(emulated: Harness) -> None:
    asked = request(emulated, "")
    asked["ProcessingInputs"][0]["S3Input"]["S3Uri"] = "s3://data/nothing-here"
    job = ended(emulated, asked)
    assert job["FailureReason"] == "No object lies under s3://data/nothing-here."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {
                "AppSpecification": {
                    "ImageUri": "x/xgboost:3",
                    "ContainerEntrypoint": ["a"],
                }
            },
            "no local runtime for image",
        ),
        ({"AppSpecification": {"ImageUri": IMAGE}}, "set ContainerEntrypoint"),
        (
            {
                "ProcessingResources": {
                    "ClusterConfig": {
                        "InstanceCount": 2,
                        "InstanceType": "ml.m5.large",
                        "VolumeSizeInGB": 1,
                    }
                }
            },
            "InstanceCount is 2",
        ),
    ],
)
def test_what_cannot_be_run_is_refused(
    emulated: Harness, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        emulated.sagemaker.create_processing_job(**request(emulated, "", **change))


def test_a_path_outside_of_the_job_is_refused(emulated: Harness) -> None:
    asked = request(emulated, "")
    asked["ProcessingInputs"][0]["S3Input"]["LocalPath"] = "/opt/ml/processing/../../../etc"
    with pytest.raises(ClientError, match="must be below"):
        emulated.sagemaker.create_processing_job(**asked)


def test_a_name_is_taken_once(emulated: Harness) -> None:
    asked = request(emulated, "")
    ended(emulated, asked)
    with pytest.raises(emulated.sagemaker.exceptions.ResourceInUse):
        emulated.sagemaker.create_processing_job(**asked)


def test_a_job_that_is_not_there_is_not_found(emulated: Harness) -> None:
    with pytest.raises(emulated.sagemaker.exceptions.ResourceNotFound):
        described(emulated, "nobody")


def test_jobs_are_listed_the_newest_first(emulated: Harness) -> None:
    names = [request(emulated, "") for _ in range(2)]
    for asked in names:
        ended(emulated, asked)
    listing = emulated.sagemaker.list_processing_jobs(StatusEquals="Completed")
    listed = [job["ProcessingJobName"] for job in listing["ProcessingJobSummaries"]]
    assert listed[:2] == [asked["ProcessingJobName"] for asked in reversed(names)]


@pytest.mark.parametrize("action", ["create_auto_ml_job", "create_hyper_parameter_tuning_job"])
def test_a_job_kind_that_nobody_runs_is_not_recorded_as_done(
    emulated: Harness, action: str
) -> None:
    requests: dict[str, dict[str, Any]] = {
        "create_auto_ml_job": {
            "AutoMLJobName": "x",
            "InputDataConfig": [{"TargetAttributeName": "y"}],
            "OutputDataConfig": {"S3OutputPath": "s3://out"},
            "RoleArn": ROLE,
        },
        "create_hyper_parameter_tuning_job": {
            "HyperParameterTuningJobName": "x",
            "HyperParameterTuningJobConfig": {
                "Strategy": "Random",
                "ResourceLimits": {"MaxParallelTrainingJobs": 1},
            },
        },
    }
    with pytest.raises(ClientError, match="Nothing was done"):
        getattr(emulated.sagemaker, action)(**requests[action])
