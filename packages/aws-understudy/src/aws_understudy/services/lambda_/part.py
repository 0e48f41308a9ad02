"""Lambda, as far as it is here: ministack drops concurrency, dead letters, VPC, key and code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from aws_understudy.cloudformation.completed_type import CompletedType, Completion
from aws_understudy.core.fidelity import control_plane, real
from aws_understudy.services.part import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.cloudformation.loopback import Loopback


def _code_exists(properties: Mapping[str, Any], loopback: Loopback) -> None:
    """Refuse a function whose code is not in S3; ministack would make one without code."""
    code = properties["Code"]
    if "S3Bucket" not in code:
        return
    try:
        loopback.client("s3").head_object(Bucket=code["S3Bucket"], Key=code["S3Key"])
    except ClientError as error:
        raise ValueError(
            f"the function's code s3://{code['S3Bucket']}/{code['S3Key']} is not there: {error}"
        ) from error


def _configuration(name: str, *, absent: Any) -> Completion:
    """A property that is a configuration member of the same name."""

    def put(client: Any, function: str, value: Any) -> None:
        client.update_function_configuration(FunctionName=function, **{name: value})

    return Completion(put=put, remove=lambda client, function: put(client, function, absent))


def _put_concurrency(client: Any, function: str, value: Any) -> None:
    client.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=int(value))


FUNCTION = CompletedType(
    type="AWS::Lambda::Function",
    service="lambda",
    carried=frozenset(
        {
            "Architectures",
            "Code",
            "Description",
            "Environment",
            "EphemeralStorage",
            "FunctionName",
            "Handler",
            "Layers",
            "LoggingConfig",
            "MemorySize",
            "PackageType",
            "Role",
            "Runtime",
            "Tags",
            "Timeout",
            "TracingConfig",
        }
    ),
    completions={
        "DeadLetterConfig": _configuration("DeadLetterConfig", absent={"TargetArn": ""}),
        "KmsKeyArn": Completion(
            put=lambda client, function, key: client.update_function_configuration(
                FunctionName=function, KMSKeyArn=key
            ),
            remove=lambda client, function: client.update_function_configuration(
                FunctionName=function, KMSKeyArn=""
            ),
        ),
        "ReservedConcurrentExecutions": Completion(
            put=_put_concurrency,
            remove=lambda client, function: client.delete_function_concurrency(
                FunctionName=function
            ),
        ),
        "VpcConfig": _configuration("VpcConfig", absent={"SubnetIds": [], "SecurityGroupIds": []}),
    },
    check=_code_exists,
)

FIDELITY = (
    real(
        "AWS::Lambda::EventSourceMapping",
        "a queue's messages invoke the function, and come again unless it says that they are done; "
        "it needs no right to receive them",
    ),
    real(
        "AWS::Lambda::Function",
        "runs in a sandbox; only Python, Node.js and provided.* do",
    ),
    control_plane("AWS::Lambda::Permission", "kept and shown; not enforced"),
)

PART = Part(
    ledgers=(Path(__file__).with_name("ledger.toml"),),
    fidelity=FIDELITY,
    types=(FUNCTION,),
)
