"""A toy model, and an endpoint that serves it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from understudy_support.harness import IMAGE, ROLE, tar_gz
from understudy_support.waiting import until

if TYPE_CHECKING:
    from understudy_support.harness import Harness

INFERENCE = """
import json, pathlib
def model_fn(folder):
    return float(pathlib.Path(folder, "factor.txt").read_text())
def input_fn(body, kind):
    text = body if isinstance(body, str) else body.decode()
    return [json.loads(line)["x"] for line in text.splitlines()]
def predict_fn(rows, factor):
    return [x * factor for x in rows]
def output_fn(rows, accept):
    return "".join(json.dumps({"y": y}) + "\\n" for y in rows), "application/jsonlines"
"""


def model(
    emulated: Harness, *, factor: float = 2, script: str = INFERENCE, isolated: bool = False
) -> str:
    name = f"model-{uuid.uuid4().hex[:8]}"
    packed = tar_gz({"factor.txt": str(factor), "code/inference.py": script})
    data = emulated.put(f"s3://data/{name}.tar.gz", packed)
    container = {"Image": IMAGE, "ModelDataUrl": data}
    emulated.sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=ROLE,
        PrimaryContainer=container,
        EnableNetworkIsolation=isolated,
    )
    return name


def configuration(emulated: Harness, model_name: str, **variant: Any) -> str:
    serverless = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 1}}
    variant = {"VariantName": "All", "ModelName": model_name, **(variant or serverless)}
    emulated.sagemaker.create_endpoint_config(
        EndpointConfigName=model_name, ProductionVariants=[variant]
    )
    return model_name


def settled(emulated: Harness, name: str) -> dict[str, Any]:
    def ended() -> dict[str, Any] | None:
        described: dict[str, Any] = emulated.sagemaker.describe_endpoint(EndpointName=name)
        return None if described["EndpointStatus"] in {"Creating", "Updating"} else described

    described: dict[str, Any] = until(ended, name)
    return described


def endpoint(emulated: Harness, config: str) -> str:
    name = f"endpoint-{uuid.uuid4().hex[:8]}"
    emulated.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    return name


def invoke(emulated: Harness, name: str, body: str) -> str:
    runtime = emulated.client("sagemaker-runtime")
    answer: bytes = runtime.invoke_endpoint(EndpointName=name, Body=body)["Body"].read()
    return answer.decode()
