"""Steps of mode ``batch``: the approved model is there to be used, its answers are a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from rehearsal.athena import ask
from rehearsal.held_out import held_out_records
from rehearsal.pairing import pair
from rehearsal.prediction_error import check_error, check_predictions
from rehearsal.report import Prediction
from rehearsal.steps.approval import DEPLOYMENT_SECONDS

if TYPE_CHECKING:
    from rehearsal.journey import Journey
    from rehearsal.runner import Say

NAME = "predicted_landed_value"
JOINED = "sagemakeroutput"
"""What a transform job calls its answer when it joins it to the record."""
SHOWN = 12


def wait_for_model(journey: Journey, say: Say) -> str:
    """Wait for the model that the deploy Lambda makes of the approved version."""
    sagemaker = journey.client("sagemaker")
    found: list[str] = []

    def made() -> bool:
        names = [
            model["ModelName"]
            for page in sagemaker.get_paginator("list_models").paginate()
            for model in page["Models"]
        ]
        say(f"{len(names)} models")
        found.extend(name for name in names if _is_of(sagemaker, name, journey.package_arn))
        return bool(found)

    limit = DEPLOYMENT_SECONDS[journey.environment.target]
    journey.wait(until=made, seconds=limit, what="making a model of the approved version")
    return f"the deploy Lambda made model {found[0]} of the approved version"


def read_predictions(journey: Journey, say: Say) -> str:
    """Ask Athena for the transform job's answers: one for each record of the test years."""
    database = journey.output("catalog", "DatabaseName")
    name = journey.output("ml-pipeline", "PredictionsTableName")
    table = journey.client("glue").get_table(DatabaseName=database, Name=name)["Table"]
    columns = [column["Name"] for column in table["StorageDescriptor"]["Columns"]]
    keys = {*columns, *(key["Name"] for key in table.get("PartitionKeys", []))}
    value = NAME if NAME in keys else f"{JOINED}.{NAME}"
    say(f"asking for {value}")
    # The look-up is by name, so this is the table that the stack handed out.
    answer = ask(journey, f'SELECT *, {value} AS answer FROM "{name}" ORDER BY year, tonnes')  # noqa: S608 - see above
    predicted = [_number(row[-1]) for row in answer.rows]
    check_predictions(predicted, expected=journey.evaluation["test_rows"])
    names = answer.columns[:-1]
    records = [dict(zip(names, row, strict=False)) for row in answer.rows]
    known, actual, complete = held_out_records(
        [file.parquet for file in journey.data.files],
        years=journey.evaluation["test_years"],
        at_most=len(records),
    )
    paired = pair(list(zip(records, predicted, strict=True)), list(zip(known, actual, strict=True)))
    error = check_error(
        [prediction for _, prediction, _ in paired],
        [value for _, _, value in paired],
        reported=journey.evaluation["model"]["weighted_ape"],
        complete=complete,
    )
    step = max(1, len(paired) // SHOWN)
    journey.report.predictions = [
        Prediction(record=dict(record), actual=value, predicted=prediction)
        for record, prediction, value in paired[::step]
    ][:SHOWN]
    return (
        f"{len(predicted)} answers of the transform job read from {database}.{name}; error "
        f"{error:.2%}, as evaluated"
    )


def _is_of(sagemaker: Any, model: str, package_arn: str) -> bool:
    described = sagemaker.describe_model(ModelName=model)
    containers = [*described.get("Containers", []), described.get("PrimaryContainer") or {}]
    return package_arn in [container.get("ModelPackageName") for container in containers]


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
