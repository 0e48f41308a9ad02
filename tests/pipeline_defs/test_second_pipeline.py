"""A kind of pipeline is a folder with a SPEC: a second needs no edit but the tuple of both.

The trial is made in a copy of the project, whose settings have a pipeline of that kind beside the
first. It has neither a preprocessing nor a training nor an evaluation, and no schema.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT, assembly_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
COPIED = (
    *("config", "components", "datasets", "dashboards", "lambdas", "pipeline_defs"),
    *("queries", "rehearsal", "stacks"),
)
SPEC = """
from pathlib import Path

from pipeline_defs.sdk.spec import Image, PipelineSpec

SPEC = PipelineSpec(
    folder=Path(__file__).parent,
    title="Counts fish",
    model_title="Versions of a count",
    modes=("realtime",),
    images={"sklearn": Image(framework="sklearn", version="1.2-1")},
    scripts=("count.py",),
)
"""
DEFINITION = """
from pipeline_defs.sdk import placeholders as at
from pipeline_defs.sdk.offline import OfflineSession
from sagemaker.core.processing import ScriptProcessor
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import ProcessingStep


def build(mode):
    session = OfflineSession(bucket=at.BUCKET, region=at.REGION)
    processor = ScriptProcessor(
        sagemaker_session=session, role=at.ROLE_ARN, image_uri=at.IMAGE_URI, command=["python3"],
        instance_type="ml.m5.large", instance_count=1,
    )
    run = processor.run(code=at.code_uri("count.py"))
    step = ProcessingStep("Count", step_args=run)
    return Pipeline(name=at.PIPELINE_NAME, steps=[step], sagemaker_session=session,
                    pipeline_experiment_config=None)
"""
PIPELINE = """
[pipelines.trial]
kind = "trial"
dataset = "catch"
"""
PLAN = """
from pathlib import Path
from types import SimpleNamespace
from config import load
from rehearsal.journey import Journey
from rehearsal.plan import plan
from rehearsal.reporting.report import Report

target = SimpleNamespace(set_up_steps=list, tear_down_steps=list)
journey = Journey(settings=load("dev"), target=target, out=Path("out"), data_folder=None,
                  report=Report(target="local", config="dev", data="synthetic"))
print("\\n".join(step.name for step in plan(journey)))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the trial in it, rendered."""
    project = tmp_path_factory.mktemp("copy") / "project"
    for folder in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, project / folder, ignore=ignored)
    for file in ("app.py", "cdk.json"):
        shutil.copy(ROOT / file, project)
    trial = project / "pipeline_defs" / "trial"
    (trial / "steps").mkdir(parents=True)
    (trial / "__init__.py").write_text(SPEC)
    (trial / "definition.py").write_text(DEFINITION)
    (trial / "steps" / "count.py").write_text("print('one fish')\n")
    listing = project / "pipeline_defs" / "__init__.py"
    text = listing.read_text()
    text = text.replace("import tabular", "import tabular, trial")
    listing.write_text(text.replace("(tabular.SPEC,)", "(tabular.SPEC, trial.SPEC)"))
    settings = project / "config" / "dev.toml"
    settings.write_text(settings.read_text() + PIPELINE)
    run(project, "-m", "pipeline_defs")
    return project


@pytest.fixture(scope="module")
def assembly(copy: Path) -> Path:
    run(copy, "app.py", CONFIG="dev", CDK_OUTDIR=str(copy / "cdk.out"), CDK_VALIDATION="false")
    return copy / "cdk.out"


def attempt(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: os.environ[name] for name in ("PATH", "JSII_NODE") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def run(project: Path, *arguments: str, **variables: str) -> str:
    done = attempt(project, *arguments, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def template(assembly: Path, stack: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((assembly / f"{stack}.template.json").read_text())
    return loaded


def test_it_is_rendered_and_the_first_one_is_not_touched(copy: Path) -> None:
    rendered = copy / "pipeline_defs" / "trial" / "rendered"
    assert sorted(path.name for path in rendered.iterdir()) == [
        "images.json",
        "manifest.json",
        "realtime.json",
    ]
    for mode in ("realtime", "batch"):
        name = f"pipeline_defs/tabular/rendered/{mode}.json"
        assert (copy / name).read_bytes() == (ROOT / name).read_bytes()


def test_it_has_a_stack_of_its_own_with_its_code_in_it(assembly: Path) -> None:
    resources = template(assembly, "MlPipelineTrial")["Resources"].values()
    (pipeline,) = [r for r in resources if r["Type"] == "AWS::SageMaker::Pipeline"]
    assert pipeline["Properties"]["PipelineName"] == "capstone-dev-trial"
    assert pipeline["Properties"]["PipelineDescription"] == "Counts fish"
    body = json.dumps(pipeline["Properties"]["PipelineDefinition"])
    assert "placeholder" not in body
    assert "111111111111" not in body


def test_the_other_stacks_stay_as_they_are(assembly: Path) -> None:
    alone = assembly_of("dev")
    for stack in ("MlPipelineCatchValue", "Query", "Catalog", "Storage", "Network", "Dashboard"):
        assert template(assembly, stack) == template(alone, stack), stack


def test_its_failures_are_alerted_beside_those_of_the_first(assembly: Path) -> None:
    resources = template(assembly, "Operations")["Resources"]
    ids = list(template(assembly_of("dev"), "Operations")["Resources"])
    assert set(ids) <= set(resources)
    added = [id_ for id_ in resources if id_ not in ids]
    assert sorted(id_.removesuffix(id_[-8:]) for id_ in added) == [
        "FailedDeploymentTrial",
        "FailedPipelineTrialAlarm",
        "FailedPipelineTrialRule",
    ]
    (policy,) = [r for r in resources.values() if r["Type"] == "AWS::SNS::TopicPolicy"]
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert [statement["Sid"] for statement in statements].count("PublishAlarms") == 1


def test_the_rehearsal_runs_it_after_the_first(copy: Path) -> None:
    steps = run(copy, "-c", PLAN).splitlines()
    last = [step for step in steps if step.endswith((" of catch_value", " of trial"))][-5:]
    assert last[0] == "pipeline of trial"
    assert {step.rpartition(" of ")[2] for step in last} == {"trial"}


def test_a_mode_that_it_does_not_have_is_refused_without_a_traceback(copy: Path) -> None:
    settings = (copy / "config" / "dev.toml").read_text()
    (copy / "config" / "batch.toml").write_text(f'{settings}deploy = "batch"\n')
    refused = attempt(copy, "app.py", CONFIG="batch", CDK_OUTDIR=str(copy / "never"))
    assert refused.returncode == 1
    assert refused.stderr == (
        "Pipelines of kind trial have no mode 'batch'; set deploy to one of: realtime.\n"
    )


def test_a_kind_that_is_not_there_is_refused_without_a_traceback(copy: Path) -> None:
    settings = (copy / "config" / "dev.toml").read_text()
    (copy / "config" / "odd.toml").write_text(settings.replace('kind = "trial"', 'kind = "odd"'))
    refused = attempt(copy, "app.py", CONFIG="odd", CDK_OUTDIR=str(copy / "never"))
    assert refused.returncode == 1
    assert refused.stderr == ("No pipeline is of kind 'odd'; set kind to one of: tabular, trial.\n")
