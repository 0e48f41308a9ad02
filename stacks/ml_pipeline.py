"""ML pipeline: one pipeline of the settings, its model registry; and, once approved, deployment.

Receives the spec of the pipeline's kind, what it learns, the settings, the storage stack, and the
catalog stack where there is one. Hands on ``pipeline``, ``pipeline_arn``, ``deployment`` and
``endpoint_name`` (None in mode ``batch``). The definition is rendered beforehand
(``make pipelines``): synthesis only puts names and ARNs in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_sagemaker as sagemaker

from components.access.job_access import JobAccess
from components.access.pipeline_access import PipelineAccess
from components.access.service_role import service_role
from components.access.statements import repository_arn, sagemaker_arn
from components.catalog.predictions_table import predictions_table
from components.ml.model_deployment import ModelDeployment
from components.ml.pipeline_code import PipelineCode
from pipeline_defs.sdk import placeholders
from pipeline_defs.sdk.load import image_uri, load_definition
from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from config import Settings
    from config.learning import Learning
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
        learning: Learning,
        settings: Settings,
        storage: StorageStack,
        catalog: CatalogStack | None,
    ) -> None:
        self.pipeline = learning.pipeline
        super().__init__(
            scope,
            id_,
            settings=settings,
            name=self.pipeline.stack,
            description="SageMaker pipeline, model registry and deployment on approval",
        )
        self._spec, self._learning, self._storage = spec, learning, storage
        self._name = f"{settings.name}-{self.pipeline.slug}"
        self._image = image_uri(spec, settings.region, self.pipeline.algorithm)
        self._code = PipelineCode(
            self, "Code", spec=spec, schema=learning.schema() if spec.learns else None
        )
        group = self._group()
        job_role = self._job_role()
        pipeline = self._pipeline(settings, job_role)
        pipeline.add_resource_dependency(group)
        self.pipeline_arn = sagemaker_arn(self, "pipeline", self._name)
        self.deployment = ModelDeployment(
            self,
            "Deployment",
            pipeline=self.pipeline,
            log_policy=self.log_policy,
            model_package_group_name=self._name,
            endpoint_name=self._name,
            job_role=job_role,
        )
        cdk.CfnOutput(self, "PipelineName", value=pipeline.ref)
        cdk.CfnOutput(self, "ModelPackageGroupName", value=self._name)
        self.endpoint_name = self._name if self.pipeline.deploy == "realtime" else None
        if self.endpoint_name is not None:
            cdk.CfnOutput(self, "EndpointName", value=self.endpoint_name)
        elif catalog is not None:
            self._answers(catalog)

    def _group(self) -> sagemaker.CfnModelPackageGroup:
        group = sagemaker.CfnModelPackageGroup(
            self,
            "ModelPackageGroup",
            model_package_group_name=self._name,
            model_package_group_description=self._titled(self._spec.model_title),
        )
        group.apply_removal_policy(self.derived_data.removal)
        return group

    def _titled(self, title: str) -> str:
        return title.format(target=self._learning.target, dataset=self._learning.dataset.name)

    def _answers(self, catalog: CatalogStack) -> None:
        table = predictions_table(
            self,
            "Predictions",
            name=self._learning.answers_table,
            description=f"Answers of the batch transform of {self._name}",
            columns=self._learning.answer_columns,
            database_name=catalog.database.database_name,
            bucket=self._storage.model_bucket,
        )
        cdk.CfnOutput(self, "PredictionsTableName", value=table.ref)

    def _job_role(self) -> iam.Role:
        return service_role(
            self,
            "JobRole",
            service="sagemaker.amazonaws.com",
            description="SageMaker jobs: read the source data, write models and reports",
            access=JobAccess(
                stack=self,
                source_bucket=self._storage.source_bucket,
                source_prefix=self._learning.dataset.folder,
                model_bucket=self._storage.model_bucket,
                code_bucket_arns=self._code.bucket_arns,
                code_object_arns=self._code.object_arns,
                image_repository_arn=repository_arn(self, self._image),
                key=self._storage.key,
            ),
        )

    def _pipeline(self, settings: Settings, job_role: iam.IRole) -> sagemaker.CfnPipeline:
        role = service_role(
            self,
            "PipelineRole",
            service="sagemaker.amazonaws.com",
            description="SageMaker pipeline: start jobs, register models, pass the jobs' role",
            access=PipelineAccess(
                stack=self,
                job_role=job_role,
                model_package_group_name=self._name,
                model_bucket=self._storage.model_bucket,
                image_repository_arn=repository_arn(self, self._image),
                key=self._storage.key,
            ),
        )
        return sagemaker.CfnPipeline(
            self,
            "Pipeline",
            pipeline_name=self._name,
            pipeline_description=self._titled(self._spec.title),
            role_arn=role.role_arn,
            pipeline_definition={
                "PipelineDefinitionBody": self.to_json_string(self._definition(settings, job_role))
            },
        )

    def _definition(self, settings: Settings, job_role: iam.IRole) -> dict[str, Any]:
        storage = self._storage
        folder = self._learning.dataset.folder
        return load_definition(
            self._spec,
            self.pipeline.deploy,
            {
                **self._code.substitutions,
                placeholders.ROLE_ARN: job_role.role_arn,
                placeholders.BUCKET: storage.model_bucket.bucket_name,
                placeholders.INPUT_DATA_URI: storage.source_bucket.s3_url_for_object(
                    folder or None
                ),
                placeholders.KMS_KEY_ARN: storage.key.key_arn if storage.key else "",
                placeholders.IMAGE_URI: self._image,
                placeholders.REGION: settings.region,
                placeholders.MODEL_PACKAGE_GROUP: self._name,
                placeholders.PIPELINE_NAME: self._name,
                placeholders.ANSWERS_FOLDER: self._learning.answers_table,
                placeholders.MODEL_DESCRIPTION: self._titled(self._spec.model_title),
            },
            parameter_defaults={
                parameter: getattr(self.pipeline, setting)
                for parameter, setting in self._spec.parameters.items()
            },
        )
