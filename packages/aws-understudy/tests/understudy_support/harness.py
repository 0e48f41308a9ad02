"""The service in this process, in front of moto, on a port of its own."""

from __future__ import annotations

import io
import tarfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from werkzeug import Request, Response

from aws_understudy.backends.moto_backend import not_implemented
from aws_understudy.core.credentials import Credentials
from aws_understudy.core.service import AwsError, AwsResponse
from aws_understudy.gateway.aws_requests import read_request
from aws_understudy.gateway.errors import error_response
from aws_understudy.ledger.admission import Admission
from aws_understudy.ledger.entries import read_ledger
from aws_understudy.services.sagemaker.part import PART

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.9-0-cpu-py3"
ROLE = "arn:aws:iam::123456789012:role/jobs"
CREDENTIALS = Credentials.generate()


@dataclass
class Harness:
    """The running service and what it told the bus."""

    url: str = ""
    folder: Path = Path()
    service: Any = None
    admission: Admission = field(
        default_factory=lambda: Admission(read_ledger(path) for path in PART.ledgers)
    )
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def client(self, name: str) -> Any:
        return boto3.client(
            name,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=CREDENTIALS.access_key_id,
            aws_secret_access_key=CREDENTIALS.secret_access_key,
            config=Config(retries={"max_attempts": 1}, read_timeout=30),
        )

    @property
    def sagemaker(self) -> Any:
        return self.client("sagemaker")

    def put(self, uri: str, content: str | bytes) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        body = content.encode() if isinstance(content, str) else content
        self.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
        return uri

    def get(self, uri: str) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        body: bytes = self.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return body.decode()

    def events_of(self, detail_type: str) -> list[dict[str, Any]]:
        return [detail for kind, detail in self.events if kind == detail_type]

    def answer(self, request: Request, moto: Any) -> Response:
        environ = request.environ
        headers = {name.lower(): value for name, value in request.headers.items()}
        scope = {
            "method": request.method,
            "path": request.path,
            "query_string": request.query_string,
        }
        body = request.get_data()
        environ["wsgi.input"] = io.BytesIO(body)  # moto reads it again
        asked = read_request(
            scope, headers=headers, body=body, region="us-east-1", account="123456789012"
        )
        if asked.service != "sagemaker":
            return Response.from_app(moto, environ)
        try:
            if not self.admission.admit(asked):
                raise not_implemented(asked)
            answered: AwsResponse | None = self.service.handle(asked)
        except AwsError as error:
            answered = error_response(asked, error)
        if answered is None:
            return Response.from_app(moto, environ)
        return Response(answered.body, answered.status, dict(answered.headers))


def tar_gz(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


def request(emulated: Harness, script: str, **more: Any) -> dict[str, Any]:
    name = f"job-{uuid.uuid4().hex[:8]}"
    code = emulated.put(f"s3://code/{name}.py", script)
    folder = "/opt/ml/processing"
    source = {"LocalPath": f"{folder}/code", "S3DataType": "S3Prefix", "S3InputMode": "File"}
    return {
        "ProcessingJobName": name,
        "RoleArn": ROLE,
        "ProcessingResources": {
            "ClusterConfig": {
                "InstanceCount": 1,
                "InstanceType": "ml.m5.large",
                "VolumeSizeInGB": 1,
            }
        },
        "AppSpecification": {
            "ImageUri": IMAGE,
            "ContainerEntrypoint": ["python3", f"{folder}/code/{name}.py"],
            "ContainerArguments": [f"{folder}/in", f"{folder}/out"],
        },
        "ProcessingInputs": [{"InputName": "code", "S3Input": {"S3Uri": code, **source}}],
        "ProcessingOutputConfig": {
            "Outputs": [
                {
                    "OutputName": "out",
                    "S3Output": {
                        "S3Uri": f"s3://out/{name}",
                        "LocalPath": f"{folder}/out",
                        "S3UploadMode": "EndOfJob",
                    },
                }
            ]
        },
        **more,
    }
