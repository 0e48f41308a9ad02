"""The jobs of the pipeline, each as a step of the SageMaker SDK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pipeline_defs.sdk import placeholders as at
from pipeline_defs.sdk.offline import OfflineSession  # noqa: TC001 - first: prepares the SDK's import

from sagemaker.core.model_metrics import MetricsSource, ModelMetrics  # isort: skip
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.shapes import (
    ProcessingInput,
    ProcessingOutput,
    ProcessingS3Input,
    ProcessingS3Output,
)
from sagemaker.core.transformer import Transformer
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.steps import (
    ProcessingStep,
    TrainingStep,
    TransformStep,
)
from sagemaker.serve.model_builder import ModelBuilder
from sagemaker.train.configs import (
    Compute,
    InputData,
    OutputDataConfig,
    StoppingCondition,
)
from sagemaker.train.model_trainer import ModelTrainer

PROCESSING: Final = "/opt/ml/processing"
VOLUME_GIB: Final = 30
"""Disk of each job."""
MAX_RUNTIME_SECONDS: Final = 3600
"""A job that takes longer is stopped, so that it cannot cost without end."""
CONTENT_TYPES: Final = ["application/json", "application/jsonlines", "text/csv"]
SERVING: Final = {
    "SAGEMAKER_PROGRAM": "inference.py",
    "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
    "SAGEMAKER_CONTAINER_LOG_LEVEL": "20",
    "SAGEMAKER_REGION": at.REGION,
}
"""Where the image finds the serving code: in the model itself, so no repacking is needed."""


WORKING: Final = "working"
"""The folder of the bucket whose objects expire: the sets that a model learns from."""


def written_to(*, folder: str, working: bool = False) -> Any:
    """The S3 prefix of one output of one execution, so that executions never mix."""
    bucket = f"s3://{at.BUCKET}/{WORKING}" if working else f"s3://{at.BUCKET}"
    root = f"{bucket}/{at.PIPELINE_NAME}"
    return Join(on="/", values=[root, ExecutionVariables.PIPELINE_EXECUTION_ID, folder])


def answers() -> Any:
    """Where the transform job writes: one folder for every execution, as a partition of a table.

    Not below the pipeline's name, so that the location of the table needs no execution's id.
    """
    root = f"s3://{at.BUCKET}/{at.ANSWERS_FOLDER}/execution_id="
    return Join(on="", values=[root, ExecutionVariables.PIPELINE_EXECUTION_ID])


def output_of(step: ProcessingStep, name: str) -> Any:
    """Where a processing step wrote one of its outputs."""
    return step.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """Makes the steps; what they have in common is given once."""

    session: OfflineSession
    instance_type: Any

    def preprocess(self, input_data_uri: Any) -> ProcessingStep:
        """Clean and split. No step is cached: each reads and writes below its own execution."""
        names = ("train", "validation", "test", "batch", "report")
        run = self._processor().run(
            code=at.code_uri("preprocess.py"),
            inputs=[
                _input("data", input_data_uri, f"{PROCESSING}/input/data"),
                _input("schema", at.SCHEMA_URI, f"{PROCESSING}/input/schema"),
            ],
            outputs=[_output(name, f"{PROCESSING}/output/{name}", working=True) for name in names],
            arguments=[
                *("--input", f"{PROCESSING}/input/data"),
                *("--schema", f"{PROCESSING}/input/schema"),
                *("--output", f"{PROCESSING}/output"),
            ],
        )
        return ProcessingStep("Preprocess", step_args=run)

    def train(self, preprocess: ProcessingStep) -> TrainingStep:
        """Train in script mode: the image fetches the archive and runs train.py in it."""
        trainer = ModelTrainer(
            sagemaker_session=self.session,
            role=at.ROLE_ARN,
            training_image=at.IMAGE_URI,
            compute=Compute(
                instance_type=self.instance_type,
                instance_count=1,
                volume_size_in_gb=VOLUME_GIB,
                volume_kms_key_id=at.KMS_KEY_ARN,
            ),
            stopping_condition=StoppingCondition(max_runtime_in_seconds=MAX_RUNTIME_SECONDS),
            output_data_config=OutputDataConfig(
                s3_output_path=written_to(folder="model"), kms_key_id=at.KMS_KEY_ARN
            ),
            hyperparameters={
                "sagemaker_program": "train.py",
                "sagemaker_submit_directory": at.TRAIN_CODE_URI,
                "sagemaker_region": at.REGION,
                "sagemaker_container_log_level": "20",
                "max_iter": "800",
                "learning_rate": "0.1",
                "max_leaf_nodes": "63",
                "min_samples_leaf": "5",
                "random_state": "0",
            },
        )
        run = trainer.train(
            input_data_config=[
                InputData(channel_name=name, data_source=output_of(preprocess, name))
                for name in ("train", "validation")
            ]
        )
        return TrainingStep("Train", step_args=run)

    def evaluate(
        self, preprocess: ProcessingStep, train: TrainingStep, errors: Any
    ) -> ProcessingStep:
        """Measure the model and the baseline on the test set."""
        sets = ("train", "validation", "test")
        model = train.properties.ModelArtifacts.S3ModelArtifacts
        run = self._processor().run(
            code=at.code_uri("evaluate.py"),
            inputs=[
                _input("model", model, f"{PROCESSING}/model"),
                *(
                    _input(name, output_of(preprocess, name), f"{PROCESSING}/{name}")
                    for name in sets
                ),
            ],
            outputs=[_output("evaluation", f"{PROCESSING}/evaluation")],
            arguments=[
                argument
                for name in ("model", *sets, "evaluation")
                for argument in (f"--{name}", f"{PROCESSING}/{name}")
            ],
        )
        return ProcessingStep("Evaluate", step_args=run, property_files=[errors])

    def register(self, train: TrainingStep, evaluate: ProcessingStep) -> ModelStep:
        """Register the model for approval, with its measured errors attached."""
        evaluation = Join(on="/", values=[output_of(evaluate, "evaluation"), "evaluation.json"])
        run = self._builder(train).register(
            model_package_group_name=at.MODEL_PACKAGE_GROUP,
            approval_status="PendingManualApproval",
            content_types=CONTENT_TYPES,
            response_types=CONTENT_TYPES,
            inference_instances=["ml.t2.medium", "ml.m5.large"],
            transform_instances=["ml.m5.large"],
            model_metrics=ModelMetrics(
                model_statistics=MetricsSource(s3_uri=evaluation, content_type="application/json")
            ),
            description=at.MODEL_DESCRIPTION,
        )
        return ModelStep("RegisterModel", step_args=run)

    def model(self, train: TrainingStep) -> ModelStep:
        """Create the model that the transform job runs."""
        return ModelStep("CreateModel", step_args=self._builder(train).build())

    def transform(self, preprocess: ProcessingStep, model: ModelStep) -> TransformStep:
        """Answer the test records; each line is the record with ``SageMakerOutput`` added."""
        transformer = Transformer(
            sagemaker_session=self.session,
            model_name=model.properties.ModelName,
            instance_count=1,
            instance_type=self.instance_type,
            strategy="MultiRecord",
            assemble_with="Line",
            accept="application/jsonlines",
            max_payload=6,
            output_path=answers(),
            output_kms_key=at.KMS_KEY_ARN,
            volume_kms_key=at.KMS_KEY_ARN,
        )
        run = transformer.transform(
            data=output_of(preprocess, "batch"),
            content_type="application/jsonlines",
            split_type="Line",
            join_source="Input",
        )
        return TransformStep("Predict", step_args=run)

    def _processor(self) -> ScriptProcessor:
        return ScriptProcessor(
            sagemaker_session=self.session,
            role=at.ROLE_ARN,
            image_uri=at.IMAGE_URI,
            command=["python3"],
            instance_type=self.instance_type,
            instance_count=1,
            volume_size_in_gb=VOLUME_GIB,
            volume_kms_key=at.KMS_KEY_ARN,
            output_kms_key=at.KMS_KEY_ARN,
            max_runtime_in_seconds=MAX_RUNTIME_SECONDS,
        )

    def _builder(self, train: TrainingStep) -> ModelBuilder:
        return ModelBuilder(
            sagemaker_session=self.session,
            role_arn=at.ROLE_ARN,
            image_uri=at.IMAGE_URI,
            s3_model_data_url=train.properties.ModelArtifacts.S3ModelArtifacts,
            env_vars=SERVING,
        )


def _input(name: str, uri: Any, path: str) -> ProcessingInput:
    source = ProcessingS3Input(
        s3_uri=uri, local_path=path, s3_data_type="S3Prefix", s3_input_mode="File"
    )
    return ProcessingInput(input_name=name, s3_input=source)


def _output(name: str, path: str, *, working: bool = False) -> ProcessingOutput:
    target = ProcessingS3Output(
        s3_uri=written_to(folder=name, working=working), local_path=path, s3_upload_mode="EndOfJob"
    )
    return ProcessingOutput(output_name=name, s3_output=target)
