from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from pipeline_defs import render
from pipeline_defs.catch_value import placeholders as at
from pipeline_defs.load import MODES, DefinitionError, image_uri, load_definition

ROOT = Path(__file__).parents[2]
VALUES = {
    at.ROLE_ARN: "arn:aws:iam::123456789012:role/jobs",
    at.BUCKET: "models",
    at.INPUT_DATA_URI: "s3://data/raw/catch/",
    at.PREPROCESS_CODE_URI: "s3://assets/0a1b.py",
    at.EVALUATE_CODE_URI: "s3://assets/2c3d.py",
    at.TRAIN_CODE_URI: "s3://assets/4e5f.gz",
    at.KMS_KEY_ARN: "arn:aws:kms:eu-west-3:123456789012:key/abc",
    at.IMAGE_URI: image_uri("eu-west-3"),
    at.REGION: "eu-west-3",
    at.MODEL_PACKAGE_GROUP: "capstone-dev-catch-value",
    at.PIPELINE_NAME: "capstone-dev-catch-value",
}
REQUEST_OF = {
    "Processing": ("CreateProcessingJob", {"ProcessingJobName": "x"}),
    "Training": ("CreateTrainingJob", {"TrainingJobName": "x"}),
    "Transform": ("CreateTransformJob", {"TransformJobName": "x"}),
    "Model": ("CreateModel", {"ModelName": "x"}),
    "RegisterModel": ("CreateModelPackage", {}),
}


@pytest.fixture(params=MODES)
def definition(request: pytest.FixtureRequest) -> dict[str, Any]:
    return load_definition("catch_value", request.param, VALUES)


def steps_of(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for step in steps:
        arguments = step.get("Arguments", {})
        inside = [*arguments.get("IfSteps", []), *arguments.get("ElseSteps", [])]
        found += [step, *steps_of(inside)]
    return found


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
    for found in steps_of(definition["Steps"]):
        if found["Type"] not in REQUEST_OF:
            continue
        action, named = REQUEST_OF[found["Type"]]
        request = {**named, **without_variables(found["Arguments"])}
        shape = model.operation_model(action).input_shape
        faults = ParamValidator().validate(request, shape)
        assert not faults.has_errors(), f"{found['Name']}: {faults.generate_report()}"
        checked.add(found["Type"])
    assert {"Processing", "Training", "RegisterModel"} <= checked


def test_every_job_has_a_limit_of_time_and_an_encrypted_disk(definition: dict[str, Any]) -> None:
    for found in steps_of(definition["Steps"]):
        arguments = found.get("Arguments", {})
        if found["Type"] == "Processing":
            disk = arguments["ProcessingResources"]["ClusterConfig"]
        elif found["Type"] == "Training":
            disk = arguments["ResourceConfig"]
        else:
            continue
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


def test_only_the_mode_batch_transforms() -> None:
    types = {
        mode: {s["Type"] for s in steps_of(load_definition("catch_value", mode, VALUES)["Steps"])}
        for mode in MODES
    }
    assert types["batch"] - types["realtime"] == {"Model", "Transform"}


def test_a_processing_job_starts_the_file_by_its_name_in_s3(definition: dict[str, Any]) -> None:
    entry = step(definition, "Preprocess")["Arguments"]["AppSpecification"]["ContainerEntrypoint"]
    assert entry == ["python3", "/opt/ml/processing/input/code/0a1b.py"]


def test_the_preprocessing_is_never_taken_from_the_cache(definition: dict[str, Any]) -> None:
    assert step(definition, "Preprocess")["CacheConfig"]["Enabled"] is False


def test_without_a_key_of_ours_no_key_is_named() -> None:
    text = json.dumps(load_definition("catch_value", "batch", {**VALUES, at.KMS_KEY_ARN: ""}))
    assert "KmsKeyId" not in text


def test_parameter_defaults_can_be_set() -> None:
    loaded = load_definition(
        "catch_value", "realtime", VALUES, parameter_defaults={"MaxErrorRatio": 0.5}
    )
    assert {p["Name"]: p["DefaultValue"] for p in loaded["Parameters"]}["MaxErrorRatio"] == 0.5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "other"}, "catch_value.batch"),
        ({"mode": "async"}, "No definition catch_value.async"),
        ({"substitutions": {**VALUES, "x": "y"}}, "Not placeholders: x"),
        ({"substitutions": {at.BUCKET: "b"}}, "needs a value for"),
        ({"substitutions": {**VALUES, at.EVALUATE_CODE_URI: "token"}}, "literal name"),
        ({"parameter_defaults": {"Speed": 1}}, "No parameter 'Speed'"),
    ],
)
def test_what_cannot_be_loaded_is_refused(change: dict[str, Any], said: str) -> None:
    given = {"name": "catch_value", "mode": "realtime", "substitutions": VALUES, **change}
    name, mode, substitutions = given.pop("name"), given.pop("mode"), given.pop("substitutions")
    with pytest.raises(DefinitionError, match=said):
        load_definition(name, mode, substitutions, **given)


def test_a_region_without_the_image_is_refused() -> None:
    with pytest.raises(DefinitionError, match="is known in region 'mars-north-1'"):
        image_uri("mars-north-1")


def test_what_is_rendered_is_of_the_present_sources() -> None:
    assert render.stale_sources() == [], "run: python -m pipeline_defs.render"


@pytest.mark.slow
def test_rendering_again_changes_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline_defs.render", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_loading_imports_no_sagemaker_sdk() -> None:
    code = (
        "import sys; from pipeline_defs import load, bundle; load.image_uri('us-east-1');"
        "sys.exit(int(any(name.split('.')[0] in {'sagemaker', 'boto3'} for name in sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
