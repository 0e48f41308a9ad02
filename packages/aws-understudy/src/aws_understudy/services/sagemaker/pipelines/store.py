"""All pipelines: the API that keeps their definitions; an execution is in ``run``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_understudy.services.sagemaker.containers.failures import JobFailedError
from aws_understudy.services.sagemaker.inputs import (
    check_input,
    in_use,
    invalid,
    newest_first,
    not_found,
    now,
    page,
)
from aws_understudy.services.sagemaker.pipelines.definitions import parse
from aws_understudy.services.sagemaker.pipelines.step_types import check_definition

if TYPE_CHECKING:
    from aws_understudy.core.service import Context
    from aws_understudy.ledger.admission import Admission
    from aws_understudy.services.sagemaker.containers.objects import Objects

_SUMMARY = (
    "PipelineArn",
    "PipelineName",
    "PipelineDisplayName",
    "PipelineDescription",
    "RoleArn",
    "CreationTime",
    "LastModifiedTime",
)


class Pipelines:
    """The pipelines of one account, by name."""

    def __init__(self, *, context: Context, objects: Objects, admission: Admission) -> None:
        self._context = context
        self._admission = admission
        self._objects = objects
        self._pipelines: dict[str, dict[str, Any]] = {}

    def create(self, request: dict[str, Any]) -> dict[str, Any]:
        """Keep a pipeline.

        Raises:
            AwsError: the name is taken, or the definition cannot be read, or cannot be run here.
        """
        check_input("CreatePipeline", request)
        name, context = request["PipelineName"], self._context
        if name in self._pipelines:
            raise in_use(f"Pipeline names must be unique; {name} exists already.")
        arn = f"arn:aws:sagemaker:{context.region}:{context.account}:pipeline/{name.lower()}"
        self._pipelines[name] = {
            "PipelineArn": arn,
            "PipelineName": name,
            "PipelineDisplayName": request.get("PipelineDisplayName", name),
            "PipelineDefinition": self._definition(request),
            "PipelineDescription": request.get("PipelineDescription", ""),
            "RoleArn": request["RoleArn"],
            "PipelineStatus": "Active",
            "CreationTime": now(),
            "LastModifiedTime": now(),
        }
        return {"PipelineArn": arn}

    def update(self, request: dict[str, Any]) -> dict[str, Any]:
        """Change a pipeline; executions that run keep their definition.

        Raises:
            AwsError: there is no such pipeline, or the definition cannot be read.
        """
        check_input("UpdatePipeline", request)
        pipeline = self.get(request["PipelineName"])
        if {"PipelineDefinition", "PipelineDefinitionS3Location"} & set(request):
            pipeline["PipelineDefinition"] = self._definition(request)
        for member in ("PipelineDisplayName", "PipelineDescription", "RoleArn"):
            pipeline[member] = request.get(member, pipeline[member])
        pipeline["LastModifiedTime"] = now()
        return {"PipelineArn": pipeline["PipelineArn"]}

    def delete(self, request: dict[str, Any]) -> dict[str, Any]:
        """Forget a pipeline; nothing lists its executions any more."""
        pipeline = self.get(request.get("PipelineName", ""))
        del self._pipelines[pipeline["PipelineName"]]
        return {"PipelineArn": pipeline["PipelineArn"]}

    def get(self, name: str) -> dict[str, Any]:
        """A pipeline by its name or ARN.

        Raises:
            AwsError: there is none.
        """
        for pipeline in self._pipelines.values():
            if name in (pipeline["PipelineName"], pipeline["PipelineArn"]):
                return pipeline
        raise not_found(f"Pipeline {name!r} does not exist.")

    def describe(self, request: dict[str, Any]) -> dict[str, Any]:
        """Describe one pipeline, with its definition."""
        return dict(self.get(request.get("PipelineName", "")))

    def listing(self, request: dict[str, Any]) -> dict[str, Any]:
        """List the pipelines, the newest first."""
        prefix = request.get("PipelineNamePrefix", "")
        summaries = [
            {key: pipeline[key] for key in _SUMMARY}
            for pipeline in list(self._pipelines.values())
            if pipeline["PipelineName"].startswith(prefix)
        ]
        return page(newest_first(summaries, request, "CreationTime"), request, "PipelineSummaries")

    def _definition(self, request: dict[str, Any]) -> str:
        location = request.get("PipelineDefinitionS3Location")
        if location:
            try:
                uri = f"s3://{location['Bucket']}/{location['ObjectKey']}"
                text = self._objects.read(uri).decode()
            except JobFailedError as error:
                raise invalid(str(error)) from error
        else:
            text = str(request.get("PipelineDefinition", ""))
        check_definition(parse(text), self._admission)
        return text
