"""Steps: the endpoint, or the transform job, answers records that the model has never seen."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from rehearsal.athena import ask
from rehearsal.checks.predictions import (
    check_error,
    check_predictions,
    held_out_records,
    pair,
)
from rehearsal.errors import RehearsalError
from rehearsal.reporting.report import Prediction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline_defs.sdk.spec import Answers
    from rehearsal.journey import Journey, PipelineRun
    from rehearsal.run.runner import Say

AT_MOST = 20_000
PER_REQUEST = 1000
"""A serverless endpoint takes 4 MB a request and answers within 60 s."""
JOINED = "sagemakeroutput"
"""What a transform job calls its answer when it joins it to the record."""
SHOWN = 12


def predict(journey: Journey, run: PipelineRun, say: Say) -> str:
    """Send held-out records, and find the error that the evaluation reported."""
    years, answers = run.evaluation["test_years"], _answers(run)
    records, actual, complete = held_out_records(
        [file.parquet for file in journey.data.files],
        answers=answers,
        years=years,
        at_most=AT_MOST,
    )
    endpoint = journey.output(run.spec.stack, "EndpointName")
    predicted: list[float] = []
    for start in range(0, len(records), PER_REQUEST):
        say(f"{start} of {len(records)} records")
        batch = records[start : start + PER_REQUEST]
        predicted += _invoke(journey, endpoint, batch, answer=answers.answer)
    check_predictions(predicted, expected=len(records))
    error = check_error(
        predicted,
        actual,
        reported=run.evaluation["model"]["weighted_ape"],
        complete=complete,
    )
    step = max(1, len(records) // SHOWN)
    run.report.predictions = [
        Prediction(record=records[index], actual=actual[index], predicted=predicted[index])
        for index in range(0, len(records), step)
    ][:SHOWN]
    return (
        f"{len(records)} records of {years[0]} to {years[1]} answered; error {error:.2%}, "
        f"as evaluated"
    )


def read_predictions(journey: Journey, run: PipelineRun, say: Say) -> str:
    """Ask Athena for the transform job's answers: one for each record of the test years."""
    answers = _answers(run)
    database = journey.output("catalog", "DatabaseName")
    name = journey.output(run.spec.stack, "PredictionsTableName")
    names, rows = _table_of_answers(journey, answers, database=database, name=name, say=say)
    predicted = [_number(row[-1]) for row in rows]
    check_predictions(predicted, expected=run.evaluation["test_rows"])
    records = [dict(zip(names, row, strict=False)) for row in rows]
    known, actual, complete = held_out_records(
        [file.parquet for file in journey.data.files],
        answers=answers,
        years=run.evaluation["test_years"],
        at_most=len(records),
    )
    paired = pair(
        list(zip(records, predicted, strict=True)),
        list(zip(known, actual, strict=True)),
        features=answers.features,
    )
    error = check_error(
        [prediction for _, prediction, _ in paired],
        [value for _, _, value in paired],
        reported=run.evaluation["model"]["weighted_ape"],
        complete=complete,
    )
    step = max(1, len(paired) // SHOWN)
    run.report.predictions = [
        Prediction(record=dict(record), actual=value, predicted=prediction)
        for record, prediction, value in paired[::step]
    ][:SHOWN]
    return (
        f"{len(predicted)} answers of the transform job read from {database}.{name}; error "
        f"{error:.2%}, as evaluated"
    )


def _answers(run: PipelineRun) -> Answers:
    if run.spec.answers is None:
        raise RehearsalError(f"the SPEC of {run.spec.name} does not say what its model answers")
    return run.spec.answers


def _table_of_answers(
    journey: Journey, answers: Answers, *, database: str, name: str, say: Say
) -> tuple[list[str], list[list[Any]]]:
    """The columns of the records, and the rows: a record, and the prediction at the end."""
    table = journey.client("glue").get_table(DatabaseName=database, Name=name)["Table"]
    columns = [column["Name"] for column in table["StorageDescriptor"]["Columns"]]
    keys = {*columns, *(key["Name"] for key in table.get("PartitionKeys", []))}
    value = answers.answer if answers.answer in keys else f"{JOINED}.{answers.answer}"
    say(f"asking for {value}")
    order = f"{answers.year}, {answers.weight}"
    # The look-up is by name, so this is the table that the stack handed out.
    answer = ask(journey, f'SELECT *, {value} AS answer FROM "{name}" ORDER BY {order}')  # noqa: S608 - see above
    return answer.columns[:-1], answer.rows


def _invoke(
    journey: Journey, endpoint: str, records: Sequence[dict[str, Any]], *, answer: str
) -> list[float]:
    response = journey.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=endpoint,
        ContentType="application/json",
        Accept="application/json",
        Body=json.dumps(list(records)).encode(),
    )
    predictions = json.loads(response["Body"].read())["predictions"]
    return [float(prediction[answer]) for prediction in predictions]


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
