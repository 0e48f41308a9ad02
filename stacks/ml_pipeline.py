"""ML pipeline: what one spec describes, its model registry; and, once approved, deployment.

Receives the spec, the settings, the storage stack and the catalog stack. Hands on ``spec``,
``pipeline_arn``, ``deployment`` and ``endpoint_name`` (None in mode ``batch``). The definition is
rendered beforehand (``make pipelines``): synthesis only puts names and ARNs in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_sagemaker as sagemaker

from components.access.job_access import JobAccess
from components.access.pipeline_access import PipelineAccess
from components.access.service_role import service_role
from components.access.statements import sagemaker_arn
from components.catalog.predictions_table import predictions_table
from components.data_policy import derived_data
from components.ml.model_deployment import ModelDeployment
from components.ml.pipeline_code import PipelineCode
from pipeline_defs.sdk import placeholders
from pipeline_defs.sdk.load import image_uri, load_definition
from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from config import Settings
    from pipeline_defs.sdk.spec import PipelineSpec
    from stacks.catalog import CatalogStack
    from stacks.storage import StorageStack


class MlPipelineStack(PlatformStack):
    """Pipeline, model package group, split roles, and the deployment of approved models."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        spec: PipelineSpec,
        settings: Settings,
        storage: StorageStack,
        catalog: CatalogStack,
    ) -> None:
        super().__init__(
            scope,
            id_,
            settings=settings,
            name=spec.stack,
            description="SageMaker pipeline, model registry and deployment on approval",
        )
        self.spec = spec
        name = f"{settings.name}-{spec.slug}"
        self._image = image_uri(spec, settings.region)
        self._code = PipelineCode(self, "Code", spec=spec)
        group = self._group(name, settings)
        job_role = self._job_role(settings, storage)
        pipeline = self._pipeline(name, settings, storage, job_role)
        pipeline.add_resource_dependency(group)
        self.pipeline_arn = sagemaker_arn(self, "pipeline", name)
        self.deployment = ModelDeployment(
            self,
            "Deployment",
            settings=settings,
            model_package_group_name=name,
            endpoint_name=name,
            job_role=job_role,
        )
        cdk.CfnOutput(self, "PipelineName", value=pipeline.ref)
        cdk.CfnOutput(self, "ModelPackageGroupName", value=name)
        self.endpoint_name = name if settings.ml_pipeline.deploy == "realtime" else None
        self._answers(name, settings, storage, catalog)

    def _group(self, name: str, settings: Settings) -> sagemaker.CfnModelPackageGroup:
        group = sagemaker.CfnModelPackageGroup(
            self,
            "ModelPackageGroup",
            model_package_group_name=name,
            model_package_group_description=self.spec.model_title,
        )
        group.apply_removal_policy(derived_data(settings).removal)
        return group

    def _answers(
        self, name: str, settings: Settings, storage: StorageStack, catalog: CatalogStack
    ) -> None:
        if settings.ml_pipeline.deploy == "realtime":
            cdk.CfnOutput(self, "EndpointName", value=name)
        elif self.spec.answers:
            table = predictions_table(
                self,
                "Predictions",
                answers=self.spec.answers,
                database_name=catalog.database.database_name,
                bucket=storage.model_bucket,
            )
            cdk.CfnOutput(self, "PredictionsTableName", value=table.ref)

    def _job_role(self, settings: Settings, storage: StorageStack) -> iam.Role:
        return service_role(
            self,
            "JobRole",
            service="sagemaker.amazonaws.com",
            description="SageMaker jobs: read the source data, write models and reports",
            access=JobAccess(
                stack=self,
                source_bucket=storage.source_bucket,
                source_prefix=settings.dataset.prefix,
                model_bucket=storage.model_bucket,
                code_bucket_arns=self._code.bucket_arns,
                code_object_arns=self._code.object_arns,
                image_uri=self._image,
                key=storage.key,
            ),
        )

    def _pipeline(
        self, name: str, settings: Settings, storage: StorageStack, job_role: iam.IRole
    ) -> sagemaker.CfnPipeline:
        role = service_role(
            self,
            "PipelineRole",
            service="sagemaker.amazonaws.com",
            description="SageMaker pipeline: start jobs, register models, pass the jobs' role",
            access=PipelineAccess(
                stack=self,
                job_role=job_role,
                model_package_group_name=name,
                model_bucket=storage.model_bucket,
                key=storage.key,
            ),
        )
        definition = self._definition(name, settings, storage, job_role)
        return sagemaker.CfnPipeline(
            self,
            "Pipeline",
            pipeline_name=name,
            pipeline_description=self.spec.title,
            role_arn=role.role_arn,
            pipeline_definition={"PipelineDefinitionBody": self.to_json_string(definition)},
        )

    def _definition(
        self, name: str, settings: Settings, storage: StorageStack, job_role: iam.IRole
    ) -> dict[str, Any]:
        data = storage.source_bucket.s3_url_for_object(settings.dataset.prefix or None)
        return load_definition(
            self.spec,
            settings.ml_pipeline.deploy,
            {
                **self._code.substitutions,
                placeholders.ROLE_ARN: job_role.role_arn,
                placeholders.BUCKET: storage.model_bucket.bucket_name,
                placeholders.INPUT_DATA_URI: data,
                placeholders.KMS_KEY_ARN: storage.key.key_arn if storage.key else "",
                placeholders.IMAGE_URI: self._image,
                placeholders.REGION: settings.region,
                placeholders.MODEL_PACKAGE_GROUP: name,
                placeholders.PIPELINE_NAME: name,
            },
            parameter_defaults={
                parameter: getattr(settings.ml_pipeline, setting)
                for parameter, setting in self.spec.parameters.items()
            },
        )
