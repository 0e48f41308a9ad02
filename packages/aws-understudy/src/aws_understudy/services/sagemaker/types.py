"""SageMaker: the pipeline and the model registry, models and endpoints."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.exceptions import WaiterError

from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.cloudformation.tagging import Tagging

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_understudy.cloudformation.loopback import Loopback


def sagemaker_arn(kind: str) -> Callable[[str, Loopback], str]:
    """A function from what names a resource to its ARN."""

    def arn(name: str, loopback: Loopback) -> str:
        account = loopback.context.account
        return f"arn:aws:sagemaker:{loopback.region}:{account}:{kind}/{name}"

    return arn


def sagemaker_tags(arn: Callable[[str, Loopback], str]) -> Tagging:
    """SageMaker's tag operations for resources whose ARN ``arn`` knows."""
    return Tagging(service="sagemaker", add="AddTags", remove="DeleteTags", arn=arn)


def last_segment(physical_id: str) -> str:
    """The name at the end of an ARN."""
    return physical_id.rpartition("/")[2]


def name_behind(arn: str, noun: str, loopback: Loopback) -> str:
    """The name of a resource whose ARN is known; an ARN has it in lower case, or not.

    Looked up in the noun's list. One that is not in it is gone; then the ARN's own end will do.
    """
    pages = loopback.client("sagemaker").get_paginator(f"list_{xform_name(noun)}s")
    for page in pages.paginate():
        for listed in page[f"{noun}s"]:
            if listed[f"{noun}Arn"] == arn:
                return str(listed[f"{noun}Name"])
    return last_segment(arn)


def _named(noun: str) -> Callable[[str, Loopback], dict[str, Any]]:
    """A function from an ARN to the member that names the resource; it is an attribute too."""
    return lambda arn, loopback: {f"{noun}Name": name_behind(arn, noun, loopback)}


def own_arn(physical_id: str, _loopback: Loopback) -> str:
    """The ARN of a type whose ``Ref`` is its ARN."""
    return physical_id


def _pipeline(properties: Mapping[str, Any], _loopback: Loopback) -> dict[str, Any]:
    """Flatten the definition, which the template nests and the API does not."""
    prepared = dict(properties)
    definition = prepared.pop("PipelineDefinition")
    if isinstance(definition, dict) and "PipelineDefinitionS3Location" in definition:
        location = definition["PipelineDefinitionS3Location"]
        prepared["PipelineDefinitionS3Location"] = {
            "Bucket": location["Bucket"],
            "ObjectKey": location["Key"],
            **({"VersionId": location["Version"]} if "Version" in location else {}),
        }
        return prepared
    if isinstance(definition, dict):
        definition = definition.get("PipelineDefinitionBody", definition)
    prepared["PipelineDefinition"] = (
        definition if isinstance(definition, str) else json.dumps(definition)
    )
    return prepared


def _pipeline_arn(name: str, loopback: Loopback) -> str:
    described = loopback.client("sagemaker").describe_pipeline(PipelineName=name)
    return str(described["PipelineArn"])


PIPELINE = ApiType(
    type="AWS::SageMaker::Pipeline",
    service="sagemaker",
    create="CreatePipeline",
    update="UpdatePipeline",
    delete="DeletePipeline",
    prepare=_pipeline,
    generated={"ClientRequestToken": lambda: uuid.uuid4().hex},
    key=lambda name, _: {"PipelineName": name},
    identify=lambda parameters, _: str(parameters["PipelineName"]),
    tags=sagemaker_tags(_pipeline_arn),
)


def _group_attributes(physical_id: str, loopback: Loopback) -> dict[str, Any]:
    described = loopback.client("sagemaker").describe_model_package_group(
        ModelPackageGroupName=last_segment(physical_id)
    )
    return {
        "ModelPackageGroupArn": physical_id,
        "ModelPackageGroupStatus": described["ModelPackageGroupStatus"],
        "CreationTime": described["CreationTime"].isoformat(),
    }


MODEL_PACKAGE_GROUP = ApiType(
    type="AWS::SageMaker::ModelPackageGroup",
    service="sagemaker",
    create="CreateModelPackageGroup",
    delete="DeleteModelPackageGroup",
    identify=lambda _, answer: str(answer["ModelPackageGroupArn"]),
    key=lambda arn, _: {"ModelPackageGroupName": last_segment(arn)},
    attributes=_group_attributes,
    tags=sagemaker_tags(own_arn),
)

MODEL = ApiType(
    type="AWS::SageMaker::Model",
    service="sagemaker",
    create="CreateModel",
    delete="DeleteModel",
    identify=lambda _, answer: str(answer["ModelArn"]),
    key=_named("Model"),
    attributes=_named("Model"),
    name_property="ModelName",
    tags=sagemaker_tags(own_arn),
)

ENDPOINT_CONFIG = ApiType(
    type="AWS::SageMaker::EndpointConfig",
    service="sagemaker",
    create="CreateEndpointConfig",
    delete="DeleteEndpointConfig",
    identify=lambda _, answer: str(answer["EndpointConfigArn"]),
    key=_named("EndpointConfig"),
    attributes=_named("EndpointConfig"),
    name_property="EndpointConfigName",
    tags=sagemaker_tags(own_arn),
)


def _endpoint_attributes(physical_id: str, loopback: Loopback) -> dict[str, Any]:
    """Wait until the endpoint serves, as CloudFormation does."""
    name = name_behind(physical_id, "Endpoint", loopback)
    client = loopback.client("sagemaker")
    waiter = client.get_waiter("endpoint_in_service")
    try:
        waiter.wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 600})
    except WaiterError as error:
        reason = client.describe_endpoint(EndpointName=name).get("FailureReason", str(error))
        raise ValueError(f"endpoint {name} does not serve: {reason}") from error
    return {"EndpointName": name}


ENDPOINT = ApiType(
    type="AWS::SageMaker::Endpoint",
    service="sagemaker",
    create="CreateEndpoint",
    update="UpdateEndpoint",
    delete="DeleteEndpoint",
    identify=lambda _, answer: str(answer["EndpointArn"]),
    key=_named("Endpoint"),
    attributes=_endpoint_attributes,
    name_property="EndpointName",
    tags=sagemaker_tags(own_arn),
)


SAGEMAKER_TYPES = (
    PIPELINE,
    MODEL_PACKAGE_GROUP,
    MODEL,
    ENDPOINT_CONFIG,
    ENDPOINT,
)
