from __future__ import annotations

from typing import Any

import pytest

from aws_understudy.services.sagemaker.containers.failures import JobFailedError
from aws_understudy.services.sagemaker.pipelines.conditions import holds
from aws_understudy.services.sagemaker.pipelines.definitions import Node
from aws_understudy.services.sagemaker.pipelines.expressions import Scope, referenced_steps
from aws_understudy.services.sagemaker.pipelines.steps import StepRunner


@pytest.fixture
def scope() -> Scope:
    made = Scope(
        parameters={"N": 3, "Name": "fish"},
        execution={"PipelineExecutionId": "abc"},
        read_property_file=lambda _step, _name: b'{"errors": [{"mae": 0.25}]}',
    )
    outputs = [{"OutputName": "train", "S3Output": {"S3Uri": "s3://a/train"}}]
    made.steps["Prepare"] = {"ProcessingOutputConfig": {"Outputs": outputs}}
    return made


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"Get": "Parameters.N"}, 3),
        ({"Get": "Execution.PipelineExecutionId"}, "abc"),
        (
            {"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"},
            "s3://a/train",
        ),
        ({"Std:Join": {"On": "/", "Values": ["a", {"Get": "Parameters.N"}]}}, "a/3"),
        (
            {
                "Std:JsonGet": {
                    "PropertyFile": {"Get": "Steps.Measure.PropertyFiles.Report"},
                    "Path": "errors[0].mae",
                }
            },
            0.25,
        ),
        ([{"k": {"Get": "Parameters.Name"}}], [{"k": "fish"}]),
    ],
)
def test_an_expression_stands_for_its_value(scope: Scope, expression: Any, expected: Any) -> None:
    assert scope.evaluate(expression) == expected


@pytest.mark.parametrize(
    "path", ["Parameters.Absent", "Steps.Later.X", "Steps.Prepare.Absent.Deep", "Nowhere.X"]
)
def test_an_expression_that_leads_nowhere_fails(scope: Scope, path: str) -> None:
    with pytest.raises(JobFailedError):
        scope.evaluate({"Get": path})


def test_steps_are_found_in_nested_expressions() -> None:
    nested = {"a": [{"Std:Join": {"On": "", "Values": [{"Get": "Steps.Prepare.X['y'].Z"}]}}]}
    assert list(referenced_steps(nested)) == ["Prepare"]


def compare(kind: str, left: Any, right: Any) -> dict[str, Any]:
    return {"Type": kind, "LeftValue": left, "RightValue": right}


@pytest.mark.parametrize(
    ("kind", "below", "same", "above"),
    [
        ("Equals", False, True, False),
        ("GreaterThan", False, False, True),
        ("GreaterThanOrEqualTo", False, True, True),
        ("LessThan", True, False, False),
        ("LessThanOrEqualTo", True, True, False),
    ],
)
def test_numbers_are_compared(
    scope: Scope, kind: str, *, below: bool, same: bool, above: bool
) -> None:
    limit = {"Get": "Parameters.N"}
    outcomes = tuple(holds(compare(kind, value, limit), scope) for value in (2, 3, 4))
    assert outcomes == (below, same, above)


def test_conditions_are_combined(scope: Scope) -> None:
    true, false = compare("Equals", 1, 1), compare("Equals", 1, 2)
    assert holds({"Type": "Or", "Conditions": [false, true]}, scope)
    assert not holds({"Type": "And", "Conditions": [false, true]}, scope)
    assert holds({"Type": "Not", "Expression": false}, scope)
    query = {"Type": "In", "QueryValue": {"Get": "Parameters.Name"}, "Values": ["meat", "fish"]}
    assert holds(query, scope)


def test_what_cannot_be_compared_fails(scope: Scope) -> None:
    with pytest.raises(JobFailedError, match="Cannot compare"):
        holds(compare("LessThan", "a", 1), scope)
    with pytest.raises(JobFailedError, match="Unknown condition type"):
        holds({"Type": "Xor"}, scope)


class Lambda:
    """An answer of AWS Lambda."""

    def __init__(self, payload: bytes, error: str = "") -> None:
        self._answer = {"Payload": self, **({"FunctionError": error} if error else {})}
        self._payload = payload

    def client(self, _name: str) -> Lambda:
        return self

    def invoke(self, **_given: Any) -> dict[str, Any]:
        return self._answer

    def read(self) -> bytes:
        return self._payload


def run_lambda(scope: Scope, answer: Lambda) -> Any:
    raw = {
        "FunctionArn": "arn:f",
        "Arguments": {"n": {"Get": "Parameters.N"}},
        "OutputParameters": [{"OutputName": "state", "OutputType": "String"}],
    }
    node = Node(name="Call", type="Lambda", raw=raw, needs=frozenset(), branch=None)
    context: Any = answer
    nothing: Any = None
    runner = StepRunner(context=context, jobs={}, registry=nothing, admission=nothing)
    return runner.run(
        node, scope=scope, execution="abc", stop=nothing, report=dict[str, Any]().update
    )


def test_a_lambda_step_hands_on_what_the_function_returned(scope: Scope) -> None:
    outcome = run_lambda(scope, Lambda(b'{"state": "ok", "other": 1}'))
    assert outcome.properties == {"OutputParameters": {"state": "ok"}}


def test_a_lambda_step_fails_with_the_function(scope: Scope) -> None:
    with pytest.raises(JobFailedError, match="boom"):
        run_lambda(scope, Lambda(b"boom", error="Unhandled"))
    with pytest.raises(JobFailedError, match="returned no 'state'"):
        run_lambda(scope, Lambda(b"{}"))
