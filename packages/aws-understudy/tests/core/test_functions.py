"""Lambda functions: each runs in a sandbox, and what is not run is refused."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ministack
import moto
import pytest
from botocore.exceptions import ClientError
from understudy_support.running import RunningEmulator
from understudy_support.sleeper import Sleeper

from aws_understudy.backends.pins import PROGRAM_STARTERS
from aws_understudy.sandbox.level import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

LEVELS = [Level.NAMESPACES, Level.LANDLOCK]


@pytest.fixture(scope="module", params=LEVELS)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningEmulator]:
    emulator = RunningEmulator(tmp_path_factory.mktemp("e"), "--sandbox", request.param)
    yield emulator
    emulator.stop()


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def call(running: RunningEmulator, code: str, **more: Any) -> dict[str, Any]:
    """What a function of some statements, of which ``answer`` is the result, answers."""
    body = "\n".join(f"    {line}" for line in code.splitlines())
    source = (
        f"import os, pathlib, sys, time\ndef handler(event, context):\n{body}\n    return answer"
    )
    return invoked(running, {"index.py": source.encode()}, **more)


def invoked(running: RunningEmulator, files: dict[str, bytes], **more: Any) -> dict[str, Any]:
    functions = running.client("lambda")
    name = f"f-{uuid.uuid4().hex[:8]}"
    functions.create_function(
        **{
            "FunctionName": name,
            "Runtime": "python3.12",
            "Handler": "index.handler",
            "Role": "arn:aws:iam::000000000000:role/r",
            "Timeout": 20,
            "Code": {"ZipFile": zipped(files)},
            **more,
        }
    )
    reply = functions.invoke(FunctionName=name)
    return {"error": reply.get("FunctionError", ""), "answer": json.loads(reply["Payload"].read())}


def test_a_function_answers(running: RunningEmulator) -> None:
    assert call(running, "answer = 6 * 7") == {"error": "", "answer": 42}


def test_a_function_of_node_answers(running: RunningEmulator) -> None:
    source = b"exports.handler = async () => require('node:os').tmpdir()"
    reply = invoked(running, {"index.js": source}, Runtime="nodejs22.x")
    assert reply["error"] == ""
    assert reply["answer"]


def test_a_custom_runtime_answers(running: RunningEmulator) -> None:
    bootstrap = (
        "#!/usr/bin/env python3\n"
        "import os, urllib.request as web\n"
        "root = f\"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation\"\n"
        "while True:\n"
        "    asked = web.urlopen(f'{root}/next')\n"
        "    number = asked.headers['Lambda-Runtime-Aws-Request-Id']\n"
        "    web.urlopen(web.Request(f'{root}/{number}/response', data=b'\"own\"'))\n"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        program = zipfile.ZipInfo("bootstrap")
        program.external_attr = 0o755 << 16
        archive.writestr(program, bootstrap)
    reply = invoked(running, {}, Runtime="provided.al2023", Code={"ZipFile": packed.getvalue()})
    assert reply == {"error": "", "answer": "own"}


def test_a_function_has_the_emulator_and_boto3(running: RunningEmulator) -> None:
    code = "import boto3\nanswer = boto3.client('sts').get_caller_identity()['Account']"
    assert call(running, code)["answer"] == "000000000000"


def test_a_function_reads_no_file_of_the_user(running: RunningEmulator, tmp_path: Path) -> None:
    secret = tmp_path / "credentials"
    secret.write_text("secret")
    for path in (secret, running.ready_file, Path("/etc/shadow")):
        reply = call(running, f"answer = pathlib.Path({str(path)!r}).read_text()")
        assert reply["error"], path
        assert re.search("Permission denied|No such file", reply["answer"]["errorMessage"]), reply


def test_a_function_writes_in_its_tmp_alone(running: RunningEmulator, tmp_path: Path) -> None:
    own = "import tempfile\nwith tempfile.TemporaryFile() as file: answer = file.write(b'abc')"
    assert call(running, own)["answer"] == 3
    outside = [str(tmp_path / "x"), "index.py", "/usr/x"]
    for path in outside:
        reply = call(running, f"answer = open({path!r}, 'w').write('x')")
        assert reply["error"], path
        assert re.search(
            "Permission denied|No such file|Read-only file system",
            reply["answer"]["errorMessage"],
        ), reply
    assert not (tmp_path / "x").exists()


def test_a_function_has_its_own_variables(running: RunningEmulator) -> None:
    own = {"Variables": {"MINE": "1"}}
    names = call(running, "answer = sorted(os.environ)", Environment=own)["answer"]
    assert {"MINE", "AWS_REGION", "AWS_ENDPOINT_URL", "PATH", "TMPDIR"} <= set(names)
    strange = [
        name for name in names if not name.startswith(("AWS_", "LAMBDA_", "_LAMBDA_", "_MINISTACK"))
    ]
    assert set(strange) <= {
        *("UNDERSTUDY_SANDBOX", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "MINE", "NODE_PATH", "PATH"),
        *("PYTHONDONTWRITEBYTECODE", "TMPDIR"),
    }


def test_a_function_has_its_memory(running: RunningEmulator) -> None:
    hungry = "held = b'x' * (400 << 20)\ntime.sleep(10)\nanswer = len(held)"
    assert call(running, hungry, MemorySize=128)["error"]
    assert call(running, "answer = len(b'x' * (400 << 20))", MemorySize=1024)["answer"] == 400 << 20


def test_what_a_function_starts_ends_with_its_worker(running: RunningEmulator) -> None:
    sleeper = Sleeper()
    code = sleeper.detached.replace("print('started', flush=True)\n", "")
    assert call(running, f"{code}answer = 'started'")["answer"] == "started"
    assert sleeper.lives()
    functions = running.client("lambda")
    for function in functions.list_functions()["Functions"]:
        functions.delete_function(FunctionName=function["FunctionName"])
    assert not sleeper.lives()


def test_a_package_that_grows_beyond_bounds_is_refused(running: RunningEmulator) -> None:
    with pytest.raises(ClientError, match="Unzipped size must be smaller than 262144000 bytes"):
        invoked(running, {"index.py": b"handler = len", "zeros": bytes(300 << 20)})


@pytest.mark.parametrize("runtime", ["java21", "dotnet8", "ruby3.3"])
def test_a_runtime_that_is_not_there_is_refused(running: RunningEmulator, runtime: str) -> None:
    reply = invoked(running, {"index.py": b""}, Runtime=runtime)
    assert reply["error"]
    assert reply["answer"]["errorType"] == "Runtime.NotEmulated"
    assert reply["answer"]["errorMessage"].startswith(
        f"The emulator does not run the runtime {runtime}; nothing was run."
    )


def test_an_image_is_refused(running: RunningEmulator) -> None:
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/f:1"
    functions = running.client("lambda")
    with pytest.raises(ClientError, match=r"Code\.ImageUri is refused"):
        functions.create_function(
            FunctionName="image",
            PackageType="Image",
            Role="arn:aws:iam::000000000000:role/r",
            Code={"ImageUri": image},
        )


@pytest.mark.parametrize("kind", ["pythonshell", "glueetl"])
def test_a_glue_job_is_refused_and_its_script_not_run(
    running: RunningEmulator, tmp_path: Path, kind: str
) -> None:
    mark = tmp_path / "ran"
    running.client("s3").create_bucket(Bucket="scripts")
    script = f"open({str(mark)!r}, 'w')"
    running.client("s3").put_object(Bucket="scripts", Key="job.py", Body=script.encode())
    glue = running.client("glue")
    command = {"Name": kind, "ScriptLocation": "s3://scripts/job.py"}
    with pytest.raises(ClientError, match="does not implement glue CreateJob"):
        glue.create_job(Name=kind, Role="r", Command=command)
    with pytest.raises(ClientError, match="does not implement glue StartJobRun"):
        glue.start_job_run(JobName=kind)
    assert not mark.exists()


def test_every_part_of_the_back_ends_that_starts_programs_is_known() -> None:
    """Those of moto are Docker's client and two servers of its own that are not started."""
    starters = {
        ".".join(file.relative_to(folder.parent).with_suffix("").parts)
        for folder in (Path(ministack.__path__[0]), Path(moto.__path__[0]))
        for file in folder.rglob("*.py")
        if re.search(rb"import subprocess|from subprocess|os\.exec", file.read_bytes())
    }
    assert {name for name in starters if name.startswith("ministack")} == set(PROGRAM_STARTERS)
    assert {name for name in starters if name.startswith("moto")} == {
        "moto.moto_proxy.certificate_creator",
        "moto.moto_proxy.proxy3",
    }
