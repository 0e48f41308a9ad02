from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from understudy_support.harness import ROLE, request
from understudy_support.waiting import until

if TYPE_CHECKING:
    from understudy_support.harness import Harness

SCORE = """
import pathlib, sys
pathlib.Path(sys.argv[2], "s.json").write_text('{"a": {"b": 0.5}}')
"""


def processing(emulated: Harness, name: str, script: str, **more: Any) -> dict[str, Any]:
    arguments = request(emulated, script)
    del arguments["ProcessingJobName"]
    return {"Name": name, "Type": "Processing", "Arguments": arguments, **more}


def fail(name: str, message: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": message}}


def scored(emulated: Harness) -> list[dict[str, Any]]:
    left = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Score.PropertyFiles.F"}, "Path": "a.b"}}
    file = {"PropertyFileName": "F", "OutputName": "out", "FilePath": "s.json"}
    limit = {"Get": "Parameters.Limit"}
    gate = {
        "Conditions": [{"Type": "LessThanOrEqualTo", "LeftValue": left, "RightValue": limit}],
        "IfSteps": [processing(emulated, "Accept", "print('accepted')")],
        "ElseSteps": [fail("Reject", {"Std:Join": {"On": " ", "Values": ["above", limit]}})],
    }
    return [
        {"Name": "Gate", "Type": "Condition", "Arguments": gate},
        processing(emulated, "Score", SCORE, PropertyFiles=[file]),
    ]


def create(emulated: Harness, steps: list[dict[str, Any]]) -> str:
    name = f"Pipe-{uuid.uuid4().hex[:8]}"
    definition = {
        "Version": "2020-12-01",
        "Parameters": [{"Name": "Limit", "Type": "Float", "DefaultValue": 0.8}],
        "Steps": steps,
    }
    emulated.sagemaker.create_pipeline(
        PipelineName=name, RoleArn=ROLE, PipelineDefinition=json.dumps(definition)
    )
    return name


def run(emulated: Harness, name: str, **parameters: str) -> tuple[dict[str, Any], dict[str, Any]]:
    assignments = [{"Name": key, "Value": value} for key, value in parameters.items()]
    arn = emulated.sagemaker.start_pipeline_execution(
        PipelineName=name, PipelineParameters=assignments
    )["PipelineExecutionArn"]
    ended = until(lambda: over(emulated, arn), name)
    steps = emulated.sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)
    return ended, {step["StepName"]: step for step in steps["PipelineExecutionSteps"]}


def over(emulated: Harness, arn: str) -> dict[str, Any] | None:
    described: dict[str, Any] = emulated.sagemaker.describe_pipeline_execution(
        PipelineExecutionArn=arn
    )
    return None if described["PipelineExecutionStatus"] in {"Executing", "Stopping"} else described


def test_steps_run_in_the_order_of_what_they_need(emulated: Harness) -> None:
    ended, steps = run(emulated, create(emulated, scored(emulated)))
    assert ended["PipelineExecutionStatus"] == "Succeeded", ended.get("FailureReason")
    assert steps["Score"]["EndTime"] <= steps["Gate"]["StartTime"]
    assert steps["Gate"]["Metadata"]["Condition"]["Outcome"] == "True"
    assert steps["Accept"]["StepStatus"] == "Succeeded"
    assert ":processing-job/pipelines-" in steps["Accept"]["Metadata"]["ProcessingJob"]["Arn"]
    assert "Reject" not in steps


def test_a_condition_that_fails_ends_in_the_fail_step(emulated: Harness) -> None:
    ended, steps = run(emulated, create(emulated, scored(emulated)), Limit="0.4")
    assert ended["PipelineExecutionStatus"] == "Failed"
    assert "Reject failed: above 0.4" in ended["FailureReason"]
    assert steps["Reject"]["Metadata"]["Fail"]["ErrorMessage"] == "above 0.4"
    assert "Accept" not in steps


def test_nothing_runs_after_a_step_that_failed(emulated: Harness) -> None:
    first = processing(emulated, "First", "raise SystemExit('broken')")
    second = processing(emulated, "Second", "", DependsOn=["First"])
    ended, steps = run(emulated, create(emulated, [first, second]))
    assert ended["PipelineExecutionStatus"] == "Failed"
    assert "broken" in steps["First"]["FailureReason"]
    assert list(steps) == ["First"]


def test_a_stopped_execution_ends_its_jobs(emulated: Harness) -> None:
    slow = processing(emulated, "Slow", "import time; time.sleep(600)")
    name = create(emulated, [slow])
    started = emulated.sagemaker.start_pipeline_execution(PipelineName=name)
    arn = started["PipelineExecutionArn"]
    listed = emulated.sagemaker.list_pipeline_execution_steps
    until(
        lambda: [
            s for s in listed(PipelineExecutionArn=arn)["PipelineExecutionSteps"] if s["Metadata"]
        ],
        "the job's start",
    )
    emulated.sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    assert until(lambda: over(emulated, arn), name)["PipelineExecutionStatus"] == "Stopped"


def test_the_bus_hears_how_an_execution_ends(emulated: Harness) -> None:
    ended, _ = run(emulated, create(emulated, [fail("Stop", "no")]))

    def heard() -> list[str]:
        return [
            detail["currentPipelineExecutionStatus"]
            for detail in emulated.events_of(
                "SageMaker Model Building Pipeline Execution Status Change"
            )
            if detail["pipelineExecutionArn"] == ended["PipelineExecutionArn"]
        ]

    until(lambda: len(heard()) == 2, "the event of the end")
    assert heard() == ["Executing", "Failed"]


def test_a_step_type_that_is_not_run_is_refused_when_the_pipeline_is_made(
    emulated: Harness,
) -> None:
    with pytest.raises(ClientError, match=r"cannot run the step\(s\) Tune \(Tuning\)"):
        create(emulated, [{"Name": "Tune", "Type": "Tuning", "Arguments": {}}])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [({"Other": "1"}, "Unknown pipeline parameter"), ({"Limit": "much"}, "is no Float")],
)
def test_a_wrong_parameter_is_refused(
    emulated: Harness, parameters: dict[str, str], message: str
) -> None:
    name = create(emulated, [fail("Stop", "no")])
    with pytest.raises(ClientError, match=message):
        run(emulated, name, **parameters)


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ("{", "parse"),
        ('{"Steps": []}', "with Version"),
        ('{"Version": "2020-12-01", "Steps": [{"Name": "A", "DependsOn": ["B"]}]}', "not defined"),
        (
            (
                '{"Version": "2020-12-01", "Steps": [{"Name": "A", "DependsOn": ["B"]},'
                ' {"Name": "B", "DependsOn": ["A"]}]}'
            ),
            "in a circle",
        ),
        ('{"Version": "2020-12-01", "Steps": [{"Name": "A"}, {"Name": "A"}]}', "must be unique"),
    ],
)
def test_a_definition_that_cannot_run_is_refused(
    emulated: Harness, definition: str, message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        emulated.sagemaker.create_pipeline(
            PipelineName="Broken", RoleArn=ROLE, PipelineDefinition=definition
        )


def test_a_pipeline_can_be_changed_listed_and_deleted(emulated: Harness) -> None:
    sagemaker = emulated.sagemaker
    name = create(emulated, [fail("Stop", "first")])
    sagemaker.add_tags(
        ResourceArn=sagemaker.describe_pipeline(PipelineName=name)["PipelineArn"],
        Tags=[{"Key": "team", "Value": "fish"}],
    )
    changed = json.dumps({"Version": "2020-12-01", "Steps": [fail("Stop", "second")]})
    sagemaker.update_pipeline(PipelineName=name, PipelineDefinition=changed)
    ended, _ = run(emulated, name)
    assert "second" in ended["FailureReason"]
    listed = sagemaker.list_pipelines(PipelineNamePrefix=name)["PipelineSummaries"]
    assert [pipeline["PipelineName"] for pipeline in listed] == [name]
    sagemaker.delete_pipeline(PipelineName=name)
    with pytest.raises(sagemaker.exceptions.ResourceNotFound):
        sagemaker.describe_pipeline(PipelineName=name)
