from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from pipeline_defs import PIPELINES, spec_of
from pipeline_defs.sdk import placeholders as at
from pipeline_defs.sdk import render
from pipeline_defs.sdk.load import image_uri, load_definition
from pipeline_defs.sdk.spec import DefinitionError
from pipeline_defs.tabular import SPEC

if TYPE_CHECKING:
    from pipeline_defs.sdk.spec import PipelineSpec

ROOT = Path(__file__).parents[2]
VALUES = {
    at.ROLE_ARN: "arn:aws:iam::123456789012:role/jobs",
    at.BUCKET: "models",
    at.INPUT_DATA_URI: "s3://data/raw/catch/",
    at.code_uri("preprocess.py"): "s3://assets/0a1b.py",
    at.code_uri("evaluate.py"): "s3://assets/2c3d.py",
    at.TRAIN_CODE_URI: "s3://assets/4e5f.gz",
    at.KMS_KEY_ARN: "arn:aws:kms:eu-west-3:123456789012:key/abc",
    at.IMAGE_URI: image_uri(SPEC, "eu-west-3", "sklearn"),
    at.REGION: "eu-west-3",
    at.MODEL_PACKAGE_GROUP: "capstone-dev-catch-value",
    at.PIPELINE_NAME: "capstone-dev-catch-value",
    at.SCHEMA_URI: "s3://assets/6a7b.json",
    at.ANSWERS_FOLDER: "catch_value_predictions",
    at.MODEL_DESCRIPTION: "Predicts landed_value",
}
DEFAULTS: dict[str, str | float] = {"InstanceType": "ml.m5.xlarge", "MaxErrorRatio": 0.5}
REQUEST_OF = {
    "Processing": ("CreateProcessingJob", {"ProcessingJobName": "x"}),
    "Training": ("CreateTrainingJob", {"TrainingJobName": "x"}),
    "Transform": ("CreateTransformJob", {"TransformJobName": "x"}),
    "Model": ("CreateModel", {"ModelName": "x"}),
    "RegisterModel": ("CreateModelPackage", {}),
}


def load(mode: str, **changes: str) -> dict[str, Any]:
    return load_definition(SPEC, mode, {**VALUES, **changes}, parameter_defaults=DEFAULTS)


@pytest.fixture(params=SPEC.modes)
def definition(request: pytest.FixtureRequest) -> dict[str, Any]:
    return load(request.param)


def steps_of(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    nested = []
    for step in steps:
        arguments = step.get("Arguments", {})
        inside = [*arguments.get("IfSteps", []), *arguments.get("ElseSteps", [])]
        nested += [step, *steps_of(inside)]
    return nested


def step(definition: dict[str, Any], name: str) -> dict[str, Any]:
    return next(s for s in steps_of(definition["Steps"]) if s["Name"] == name)


def without_variables(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) & {"Get", "Std:Join", "Std:JsonGet"}:
            return "ml.m5.large"
        return {key: without_variables(item) for key, item in value.items()}
    return [without_variables(item) for item in value] if isinstance(value, list) else value


def test_no_placeholder_is_left(definition: dict[str, Any]) -> None:
    text = json.dumps(definition)
    assert "placeholder" not in text
    assert "111111111111" not in text


def test_each_step_is_a_request_that_the_api_accepts(definition: dict[str, Any]) -> None:
    model = get_session().get_service_model("sagemaker")
    checked = set()
    for step in steps_of(definition["Steps"]):
        if step["Type"] not in REQUEST_OF:
            continue
        action, named = REQUEST_OF[step["Type"]]
        request = {**named, **without_variables(step["Arguments"])}
        shape = model.operation_model(action).input_shape
        faults = ParamValidator().validate(request, shape)
        assert not faults.has_errors(), f"{step['Name']}: {faults.generate_report()}"
        checked.add(step["Type"])
    assert {"Processing", "Training", "RegisterModel"} <= checked


@pytest.mark.parametrize("name", ["Preprocess", "Train", "Evaluate"])
def test_every_job_has_a_limit_of_time_and_an_encrypted_disk(
    definition: dict[str, Any], name: str
) -> None:
    arguments = step(definition, name)["Arguments"]
    training = arguments.get("ResourceConfig")
    disk = training or arguments["ProcessingResources"]["ClusterConfig"]
    assert arguments["StoppingCondition"]["MaxRuntimeInSeconds"] == 3600
    assert disk["VolumeKmsKeyId"] == VALUES[at.KMS_KEY_ARN]


def test_a_model_waits_for_a_person(definition: dict[str, Any]) -> None:
    arguments = step(definition, "RegisterModel")["Arguments"]
    assert arguments["ModelApprovalStatus"] == "PendingManualApproval"
    assert "ModelQuality" in arguments["ModelMetrics"]


def test_the_gate_holds_the_error_ratio_to_the_parameter(definition: dict[str, Any]) -> None:
    (condition,) = step(definition, "CheckErrorRatio")["Arguments"]["Conditions"]
    assert condition["Type"] == "LessThanOrEqualTo"
    assert condition["LeftValue"]["Std:JsonGet"]["Path"] == "error_ratio"
    assert condition["RightValue"] == {"Get": "Parameters.MaxErrorRatio"}


def test_a_good_model_is_registered_and_a_bad_one_ends_the_execution(
    definition: dict[str, Any],
) -> None:
    arguments = step(definition, "CheckErrorRatio")["Arguments"]
    assert "RegisterModel" in [branch["Type"] for branch in arguments["IfSteps"]]
    assert [branch["Type"] for branch in arguments["ElseSteps"]] == ["Fail"]


def test_only_the_mode_batch_transforms() -> None:
    types = {mode: {step["Type"] for step in steps_of(load(mode)["Steps"])} for mode in SPEC.modes}
    assert types["batch"] - types["realtime"] == {"Model", "Transform"}


def test_a_processing_job_starts_the_file_by_its_name_in_s3(definition: dict[str, Any]) -> None:
    entry = step(definition, "Preprocess")["Arguments"]["AppSpecification"]["ContainerEntrypoint"]
    assert entry == ["python3", "/opt/ml/processing/input/code/0a1b.py"]


def test_the_preprocessing_is_never_taken_from_a_cache(definition: dict[str, Any]) -> None:
    assert not step(definition, "Preprocess").get("CacheConfig", {}).get("Enabled", False)


def test_without_a_key_of_ours_no_key_is_named() -> None:
    text = json.dumps(load("batch", **{at.KMS_KEY_ARN: ""}))
    assert "KmsKeyId" not in text


def test_parameter_defaults_can_be_set() -> None:
    parameters = load("realtime")["Parameters"]
    assert DEFAULTS.items() <= {p["Name"]: p["DefaultValue"] for p in parameters}.items()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mode": "async"}, "no mode 'async'; set deploy to one of: realtime, batch"),
        ({"substitutions": {**VALUES, "x": "y"}}, "Not placeholders: x"),
        ({"substitutions": {at.BUCKET: "b"}}, "needs a value for"),
        ({"substitutions": {**VALUES, at.code_uri("evaluate.py"): "token"}}, "literal name"),
        ({"parameter_defaults": {**DEFAULTS, "Speed": 1}}, "No parameter 'Speed'"),
        ({"parameter_defaults": {"MaxErrorRatio": 0.5}}, "needs a default for InstanceType"),
    ],
)
def test_what_cannot_be_loaded_is_refused(change: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {
        "mode": "realtime",
        "substitutions": VALUES,
        "parameter_defaults": DEFAULTS,
        **change,
    }
    with pytest.raises(DefinitionError, match=message):
        load_definition(SPEC, **arguments)


def test_a_definition_without_any_script_loads(tmp_path: Path) -> None:
    spec = replace(SPEC, folder=tmp_path, scripts=(), training_files=(), parameters={})
    body = {"Parameters": [], "Steps": [{"Name": "Stop", "Arguments": {"Bucket": at.BUCKET}}]}
    (tmp_path / "rendered").mkdir()
    (tmp_path / "rendered" / "realtime.json").write_text(json.dumps(body))

    loaded = load_definition(spec, "realtime", {at.BUCKET: "models"}, parameter_defaults={})

    assert loaded["Steps"][0]["Arguments"] == {"Bucket": "models"}


def test_a_pipeline_that_is_not_rendered_says_what_to_run(tmp_path: Path) -> None:
    spec = replace(SPEC, folder=tmp_path)
    with pytest.raises(DefinitionError, match=r"realtime\.json is not rendered; run: make pipelin"):
        load_definition(spec, "realtime", {}, parameter_defaults={})


def test_a_region_without_the_image_is_refused() -> None:
    with pytest.raises(DefinitionError, match="is known in region 'mars-north-1'"):
        image_uri(SPEC, "mars-north-1", "sklearn")


def test_each_algorithm_has_an_image_of_its_own() -> None:
    images = {name: image_uri(SPEC, "eu-west-3", name) for name in SPEC.images}
    assert images["sklearn"].endswith("/sagemaker-scikit-learn:1.9-0-cpu-py3")
    assert images["xgboost"].endswith("/sagemaker-xgboost:3.2-0")


def test_an_algorithm_without_an_image_is_refused_with_those_that_have_one() -> None:
    with pytest.raises(DefinitionError, match="no algorithm 'magic'; set algorithm to one of: skl"):
        image_uri(SPEC, "eu-west-3", "magic")


def test_a_kind_is_looked_up_by_its_name() -> None:
    assert spec_of("tabular") is SPEC


def test_a_kind_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(DefinitionError, match="kind 'visual'; set kind to one of: tabular"):
        spec_of("visual")


def test_the_preprocessing_is_handed_the_schema_by_a_folder(definition: dict[str, Any]) -> None:
    arguments = step(definition, "Preprocess")["Arguments"]
    inputs = {i["InputName"]: i["S3Input"] for i in arguments["ProcessingInputs"]}
    told = arguments["AppSpecification"]["ContainerArguments"]
    assert inputs["schema"]["S3Uri"] == VALUES[at.SCHEMA_URI]
    assert told[told.index("--schema") + 1] == inputs["schema"]["LocalPath"]


def test_answers_go_to_a_folder_of_the_pipelines_own() -> None:
    output = step(load("batch"), "Predict")["Arguments"]["TransformOutput"]["S3OutputPath"]
    assert output["Std:Join"]["Values"][0] == "s3://models/catch_value_predictions/execution_id="


@pytest.mark.parametrize("spec", PIPELINES, ids=lambda spec: spec.name)
def test_what_is_rendered_is_of_the_present_sources(spec: PipelineSpec) -> None:
    assert render.stale_sources(spec) == [], "run: make pipelines"


@pytest.mark.slow
def test_rendering_again_changes_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline_defs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_loading_imports_no_sagemaker_sdk() -> None:
    code = (
        "import sys; from pipeline_defs import PIPELINES, sdk; import pipeline_defs.sdk.bundle;"
        "from pipeline_defs.sdk.load import image_uri;"
        "image_uri(PIPELINES[0], 'us-east-1', 'sklearn');"
        "sys.exit(int(any(name.split('.')[0] in {'sagemaker', 'boto3'} for name in sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
