"""Holds a definition against what is run: its version, its parts, its steps and their arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aws_understudy.core.operations import service_model
from aws_understudy.services.sagemaker.inputs import invalid
from aws_understudy.services.sagemaker.pipelines.conditions import check_condition
from aws_understudy.services.sagemaker.pipelines.definitions import nodes_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aws_understudy.ledger.admission import Admission
    from aws_understudy.services.sagemaker.pipelines.definitions import Node

CALLED: Final = {
    "Processing": ("CreateProcessingJob", "ProcessingJobName"),
    "Training": ("CreateTrainingJob", "TrainingJobName"),
    "Transform": ("CreateTransformJob", "TransformJobName"),
    "Model": ("CreateModel", "ModelName"),
    "RegisterModel": ("CreateModelPackage", ""),
}
"""The operation that a step calls with its arguments, and the member that it fills in itself."""
SUPPORTED: Final = (*CALLED, "Condition", "Fail", "Lambda")
"""The step types that are run."""
_VERSION: Final = "2020-12-01"
_DEFINITION: Final = ("Version", "Metadata", "Parameters", "PipelineExperimentConfig", "Steps")
_PARAMETER: Final = ("Name", "Type", "DefaultValue", "EnumValues")
_STEP: Final = ("Name", "Type", "Arguments", "DependsOn", "DisplayName", "Description")
_OF_TYPE: Final = {
    "Processing": ("PropertyFiles", "CacheConfig"),
    "Training": ("CacheConfig",),
    "Transform": ("CacheConfig",),
    "Lambda": ("FunctionArn", "OutputParameters", "CacheConfig"),
}
_ARGUMENTS: Final = {"Condition": ("Conditions", "IfSteps", "ElseSteps"), "Fail": ("ErrorMessage",)}
_EXPRESSIONS: Final = ({"Get"}, {"Std:Join"}, {"Std:JsonGet"})


def check_definition(definition: dict[str, Any], admission: Admission) -> None:
    """Refuse a definition of which something would not be done.

    Raises:
        AwsError: names the part, and what may be there.
    """
    if definition["Version"] != _VERSION:
        raise invalid(f"Version is {definition['Version']!r}; the schema's version is {_VERSION}.")
    _check_parts(definition, _DEFINITION, "The definition")
    if definition.get("PipelineExperimentConfig"):
        raise invalid(
            "PipelineExperimentConfig is given; the emulator has no experiments. Set it to null."
        )
    for parameter in definition.get("Parameters") or ():
        _check_parts(parameter, _PARAMETER, f"Parameter {parameter.get('Name')}")
    nodes = nodes_of(definition)
    strange = [f"{node.name} ({node.type})" for node in nodes if node.type not in SUPPORTED]
    if strange:
        raise invalid(
            f"The emulator cannot run the step(s) {', '.join(strange)}; it runs "
            f"{', '.join(SUPPORTED)}. Nothing was done."
        )
    for node in nodes:
        _check_step(node, admission)


def check_arguments(
    node: Node, arguments: Mapping[str, Any], admission: Admission, *, evaluated: bool
) -> None:
    """Hold a step's arguments against the ledger of the operation that it calls.

    Args:
        node: the step.
        arguments: those of its definition, or what they stand for.
        admission: the ledgers.
        evaluated: whether no expression is left in them.

    Raises:
        AwsError: one is missing, or is not acted on.
    """
    operation, name = CALLED[node.type]
    required = service_model("sagemaker").operation_model(operation).input_shape.required_members
    missing = [member for member in required if member not in arguments and member != name]
    if missing:
        raise invalid(f"Step {node.name} has no {', '.join(missing)}, which {operation} needs.")
    admission.check(
        "sagemaker",
        operation,
        arguments,
        is_open=lambda value: not evaluated and is_expression(value),
    )


def is_expression(value: object) -> bool:
    """Whether a value will be known only when the pipeline runs."""
    return isinstance(value, dict) and set(value) in _EXPRESSIONS


def _check_step(node: Node, admission: Admission) -> None:
    arguments = node.raw.get("Arguments") or {}
    _check_parts(node.raw, (*_STEP, *_OF_TYPE.get(node.type, ())), f"Step {node.name}")
    if node.type in CALLED:
        check_arguments(node, arguments, admission, evaluated=False)
    elif node.type in _ARGUMENTS:
        _check_parts(arguments, _ARGUMENTS[node.type], f"Step {node.name}")
    if node.type == "Condition":
        if not arguments.get("Conditions"):
            raise invalid(f"Step {node.name} is a Condition without Conditions; it needs some.")
        for condition in arguments["Conditions"]:
            check_condition(condition, node.name)
    if node.type == "Lambda" and not node.raw.get("FunctionArn"):
        raise invalid(f"Step {node.name} is a Lambda without FunctionArn; name the function.")


def _check_parts(value: Mapping[str, Any], allowed: Collection[str], what: str) -> None:
    unknown = sorted(name for name in value if name not in allowed and value[name] is not None)
    if unknown:
        raise invalid(
            f"{what} has {', '.join(unknown)}, on which the emulator does not act; nothing was "
            f"done. It reads {', '.join(allowed)}."
        )
