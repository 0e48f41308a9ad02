"""The pipeline that learns to predict a column of a table, built with the SageMaker SDK.

Preprocess -> Train -> Evaluate -> is the model's error at most ``MaxErrorRatio`` times that of the
naive baseline? If so register it for approval, else fail. In mode ``batch`` the registered model
also answers the test records, and the answers lie in S3 as JSON lines that Athena can read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline_defs.sdk import placeholders as at
from pipeline_defs.sdk.offline import OfflineSession
from pipeline_defs.tabular.jobs import Jobs

if TYPE_CHECKING:
    from collections.abc import Sequence

# After pipeline_defs.sdk.offline, which prepares the SDK's import.
from sagemaker.core.workflow.conditions import ConditionLessThanOrEqualTo
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import ParameterFloat, ParameterString
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.pipeline import Pipeline

INSTANCE_TYPE: Final = "ml.m5.large"
MAX_ERROR_RATIO: Final = 0.8
"""Stand-ins: a deployment gets its defaults of both from its settings, or is refused."""


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What an operator may set at the start of an execution."""

    input_data_uri: Any
    instance_type: Any
    max_error_ratio: Any

    def listed(self) -> Sequence[Any]:
        """The parameters in the order the console shows them."""
        return [self.input_data_uri, self.instance_type, self.max_error_ratio]


def build(mode: str) -> Pipeline:
    """Build the pipeline with placeholders; nothing is called or uploaded."""
    parameters = Parameters(
        input_data_uri=ParameterString("InputDataUri", default_value=at.INPUT_DATA_URI),
        instance_type=ParameterString("InstanceType", default_value=INSTANCE_TYPE),
        max_error_ratio=ParameterFloat("MaxErrorRatio", default_value=MAX_ERROR_RATIO),
    )
    session = OfflineSession(bucket=at.BUCKET, region=at.REGION)
    jobs = Jobs(session=session, instance_type=parameters.instance_type)
    preprocess = jobs.preprocess(parameters.input_data_uri)
    train = jobs.train(preprocess)
    errors = PropertyFile(name="Evaluation", output_name="evaluation", path="evaluation.json")
    evaluate = jobs.evaluate(preprocess, train, errors)
    accepted = [jobs.register(train, evaluate)]
    if mode == "batch":
        model = jobs.model(train)
        accepted += [model, jobs.transform(preprocess, model)]
    gate = ConditionStep(
        name="CheckErrorRatio",
        conditions=[
            ConditionLessThanOrEqualTo(
                left=JsonGet(
                    step_name=evaluate.name, property_file=errors, json_path="error_ratio"
                ),
                right=parameters.max_error_ratio,
            )
        ],
        if_steps=accepted,
        else_steps=[reject(parameters)],
    )
    return Pipeline(
        name=at.PIPELINE_NAME,
        parameters=parameters.listed(),
        steps=[preprocess, train, evaluate, gate],
        # Without this the service makes an experiment and a trial per execution.
        pipeline_experiment_config=None,
        sagemaker_session=session,
    )


def reject(parameters: Parameters) -> FailStep:
    """End the execution as failed, saying against which limit."""
    reason = (
        "The model is not good enough: its error over the naive baseline's (error_ratio in "
        "evaluation.json of step Evaluate) is above MaxErrorRatio ="
    )
    return FailStep(
        name="RejectModel", error_message=Join(on=" ", values=[reason, parameters.max_error_ratio])
    )
