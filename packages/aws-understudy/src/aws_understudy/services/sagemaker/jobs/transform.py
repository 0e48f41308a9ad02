"""Transform jobs: a model's server answers every record of a prefix, answers go back to S3."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from aws_understudy.services.sagemaker.containers.failures import JobFailedError, JobStoppedError
from aws_understudy.services.sagemaker.containers.machine import Machine
from aws_understudy.services.sagemaker.inputs import invalid
from aws_understudy.services.sagemaker.jobs.job import JobKind
from aws_understudy.services.sagemaker.jobs.rules import check_machine
from aws_understudy.services.sagemaker.serving.model_server import ModelServer
from aws_understudy.services.sagemaker.serving.models import served_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_understudy.services.sagemaker.containers.tools import Tools
    from aws_understudy.services.sagemaker.jobs.job import Job
    from aws_understudy.services.sagemaker.serving.models import Served

_JSON_LINES: Final = frozenset({"application/jsonlines", "application/x-jsonlines"})
_HTTP_OK: Final = 200


def check(request: dict[str, Any], tools: Tools) -> str:
    """Refuse what is not done here.

    Raises:
        AwsError: filters, compression, splits other than by line, or an unusable model.
    """
    source, processing = request["TransformInput"], request.get("DataProcessing", {})
    if source.get("SplitType", "None") not in {"None", "Line"}:
        raise invalid(f"The emulator splits by Line or None, not {source['SplitType']}.")
    if source.get("CompressionType", "None") != "None":
        raise invalid("The emulator reads uncompressed transform input only.")
    filters = {processing.get("InputFilter", "$"), processing.get("OutputFilter", "$")}
    if filters != {"$"}:
        raise invalid("The emulator has no InputFilter and OutputFilter other than '$'.")
    if "S3DataSource" not in source["DataSource"]:
        raise invalid("The emulator transforms data in S3 only.")
    joins = processing.get("JoinSource", "None") == "Input"
    kind = source.get("ContentType", "")
    if joins and (kind not in {*_JSON_LINES, "text/csv"} or source.get("SplitType") != "Line"):
        raise invalid("The emulator joins JSON lines and CSV that are split by Line only.")
    check_machine(request["TransformResources"])
    model = served_model(request["ModelName"], tools)
    tools.containers.check(_machine(request, model))
    return "records are sent to a server of the model on this machine"


def run(job: Job, tools: Tools) -> None:
    """Run the job to its end.

    Raises:
        JobFailedError: it failed; JobStoppedError: it was stopped.
    """
    request = job.request
    model = served_model(request["ModelName"], tools)
    environment = {**model.container.get("Environment", {}), **request.get("Environment", {})}
    server = ModelServer(
        tools=tools,
        container={**model.container, "Environment": environment},
        machine=_machine(request, model),
        folder=job.folder,
    )
    job.note = f"{job.note}; {server.note}"
    server.start(log_group="TransformJobs", stream=f"{job.name}/i-local", cancelled=job.stop)
    output = request["TransformOutput"]
    try:
        source = request["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"]
        for uri, relative in tools.objects.below(source):
            answered = _answer_object(tools.objects.read(uri), job, server)
            target = f"{output['S3OutputPath'].rstrip('/')}/{relative}.out"
            tools.objects.write(target, answered, kms_key=output.get("KmsKeyId", ""))
    finally:
        server.stop()
        job.peak_rss_bytes = server.peak_rss_bytes


def _machine(request: dict[str, Any], model: Served) -> Machine:
    kind = request["TransformResources"]["InstanceType"]
    return Machine(instance_type=kind, network=model.network)


def _answer_object(content: bytes, job: Job, server: ModelServer) -> bytes:
    source = job.request["TransformInput"]
    if source.get("SplitType", "None") == "None":
        return _ask(content, job, server)
    joins = job.request.get("DataProcessing", {}).get("JoinSource", "None") == "Input"
    parts = []
    for lines in _batches(content, job.request):
        answer = _ask(b"".join(lines), job, server)
        parts.append(_joined(lines, answer, source.get("ContentType", "")) if joins else answer)
    by_line = job.request["TransformOutput"].get("AssembleWith", "None") == "Line"
    if by_line:
        return b"".join(part if part.endswith(b"\n") else part + b"\n" for part in parts)
    return b"".join(parts)


def _batches(content: bytes, request: dict[str, Any]) -> Iterator[list[bytes]]:
    limit = request.get("MaxPayloadInMB", 6) * 1024 * 1024
    single = request.get("BatchStrategy", "MultiRecord") == "SingleRecord"
    batch: list[bytes] = []
    size = 0
    for line in content.splitlines(keepends=True):
        if not line.strip():
            continue
        if batch and (single or size + len(line) > limit):
            yield batch
            batch, size = [], 0
        batch.append(line if line.endswith(b"\n") else line + b"\n")
        size += len(line)
    if batch:
        yield batch


def _ask(body: bytes, job: Job, server: ModelServer) -> bytes:
    if job.stop.is_set():
        raise JobStoppedError
    try:
        answer = server.invoke(
            body,
            content_type=job.request["TransformInput"].get("ContentType", "application/json"),
            accept=job.request["TransformOutput"].get("Accept", "*/*"),
        )
    except OSError as error:
        raise JobFailedError(f"The model's server did not answer: {error}") from error
    if answer.status != _HTTP_OK:
        raise JobFailedError(
            f"ClientError: the model answered {answer.status}: {answer.body[:500].decode()}"
        )
    return answer.body


def _joined(lines: list[bytes], answer: bytes, content_type: str) -> bytes:
    answers = [line for line in answer.splitlines() if line.strip()]
    if len(answers) != len(lines):
        raise JobFailedError(
            f"Cannot join {len(lines)} records with {len(answers)} answers; the model must answer "
            "one line a record (set Accept to application/jsonlines or text/csv)."
        )
    pairs = zip(lines, answers, strict=True)
    if content_type == "text/csv":
        return b"".join(line.rstrip(b"\r\n") + b"," + output + b"\n" for line, output in pairs)
    merged = ({**json.loads(line), "SageMakerOutput": json.loads(output)} for line, output in pairs)
    return "".join(json.dumps(record) + "\n" for record in merged).encode()


TRANSFORM = JobKind(word="Transform", check=check, run=run)
