"""SageMaker's notebook instances: moto's records, in service at once, with no notebook behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.services.sagemaker.types import last_segment, own_arn, sagemaker_tags

if TYPE_CHECKING:
    from aws_understudy.cloudformation.loopback import Loopback


def _stop_notebook(physical_id: str, loopback: Loopback) -> None:
    client = loopback.client("sagemaker")
    name = last_segment(physical_id)
    try:
        status = client.describe_notebook_instance(NotebookInstanceName=name)
    except ClientError:
        return  # gone; the delete call says so itself
    if status["NotebookInstanceStatus"] == "InService":
        client.stop_notebook_instance(NotebookInstanceName=name)


NOTEBOOK_INSTANCE = ApiType(
    type="AWS::SageMaker::NotebookInstance",
    service="sagemaker",
    create="CreateNotebookInstance",
    delete="DeleteNotebookInstance",
    before_delete=_stop_notebook,
    identify=lambda _, answer: str(answer["NotebookInstanceArn"]),
    key=lambda arn, _: {"NotebookInstanceName": last_segment(arn)},
    attributes=lambda arn, _: {"NotebookInstanceName": last_segment(arn)},
    name_property="NotebookInstanceName",
    tags=sagemaker_tags(own_arn),
)

LIFECYCLE_CONFIG = ApiType(
    type="AWS::SageMaker::NotebookInstanceLifecycleConfig",
    service="sagemaker",
    create="CreateNotebookInstanceLifecycleConfig",
    delete="DeleteNotebookInstanceLifecycleConfig",
    identify=lambda _, answer: str(answer["NotebookInstanceLifecycleConfigArn"]),
    key=lambda arn, _: {"NotebookInstanceLifecycleConfigName": last_segment(arn)},
    attributes=lambda arn, _: {"NotebookInstanceLifecycleConfigName": last_segment(arn)},
    name_property="NotebookInstanceLifecycleConfigName",
    tags=sagemaker_tags(own_arn),
)

NOTEBOOK_TYPES = (NOTEBOOK_INSTANCE, LIFECYCLE_CONFIG)
