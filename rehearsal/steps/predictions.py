"""Steps: the endpoint, or the transform job, answers records that the model has never seen."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.learning import JOINED
from rehearsal.athena import ask
from rehearsal.checks.measures import ERRORS, baseline_of
from rehearsal.checks.predictions import check_error, check_predictions, evenly, pair
from rehearsal.checks.split import split_records
from rehearsal.errors import RehearsalError
from rehearsal.reporting.report import Prediction
from rehearsal.reporting.words import measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rehearsal.checks.split import Record, Split
    from rehearsal.journey import Journey, PipelineRun
    from rehearsal.run.runner import Say

AT_MOST = 20_000
PER_REQUEST = 1000
"""A serverless endpoint takes 4 MB a request and answers within 60 s."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a model said of records, in their order."""

    records: Sequence[Record]
    predicted: Sequence[Any]
    probabilities: Sequence[float]


def predict(journey: Journey, run: PipelineRun, say: Say) -> str:
    """Send held-out records, and find the error that the evaluation reported."""
    split = _split(journey, run, say)
    records = evenly(split.test, at_most=AT_MOST)
    endpoint = journey.output(run.stack, "EndpointName")
    answers: list[dict[str, Any]] = []
    for start in range(0, len(records), PER_REQUEST):
        say(f"{start} of {len(records)} records")
        batch = [_asked(record, run) for record in records[start : start + PER_REQUEST]]
        answers += _invoke(journey, endpoint, batch)
    if len(answers) != len(records):
        raise RehearsalError(f"{len(records)} records were sent, but {len(answers)} came back")
    error = _check(run, split, _answered(run, records, answers))
    return f"{len(records)} records{_range(run)} answered; {error}, as evaluated"


def read_predictions(journey: Journey, run: PipelineRun, say: Say) -> str:
    """Read the transform job's answers: one for each record of the test."""
    split = _split(journey, run, say)
    if journey.settings.has_sql:
        place, answers = _of_table(journey, run, say)
    else:
        place, answers = _of_objects(journey, run, say)
    schema = run.learning.schema()
    kinds = {name: schema["columns"][name]["kind"] for name in schema["features"]}
    pairs = pair(answers, split.test, features=kinds)
    answers = [dict(answer) for _, answer in pairs]
    error = _check(run, split, _answered(run, [dict(record) for record, _ in pairs], answers))
    return f"{len(answers)} answers of the transform job read from {place}; {error}, as evaluated"


def _split(journey: Journey, run: PipelineRun, say: Say) -> Split:
    """Split the prepared files anew, and find the test to be the evaluation's."""
    say("splitting the prepared files a second time")
    files = [file.parquet for file in journey.data(run.learning.dataset.name).files]
    split = split_records(files, run.learning)
    if len(split.test) != run.evaluation["test_rows"]:
        raise RehearsalError(
            f"by the split there are {len(split.test)} records to test with, but the evaluation "
            f"had {run.evaluation['test_rows']}"
        )
    time = run.learning.time
    if time and (times := [record[time] for record in split.test]):
        own, reported = [str(min(times)), str(max(times))], run.evaluation["test_range"]
        if own != [str(value) for value in reported or []]:
            raise RehearsalError(
                f"by the split the test is of {own}, but the evaluation's of {reported}"
            )
    return split


def _asked(record: Record, run: PipelineRun) -> dict[str, Any]:
    """What is sent of a record: its features, without those that it lacks."""
    return {name: record[name] for name in run.learning.features if record[name] is not None}


def _answered(
    run: PipelineRun, records: Sequence[Record], answers: Sequence[Mapping[str, Any]]
) -> Answered:
    """Take the predictions out of the answers: numbers, or labels with their probabilities."""
    name = run.learning.answer
    if run.learning.task == "regression":
        numbers = [_number(answer.get(name)) for answer in answers]
        return Answered(records=records, predicted=numbers, probabilities=())
    labels = [str(answer.get(name)) for answer in answers]
    probabilities = [_number(answer.get("probability")) for answer in answers]
    return Answered(records=records, predicted=labels, probabilities=probabilities)


def _check(run: PipelineRun, split: Split, answered: Answered) -> str:
    """Hold the predictions to the evaluation, the baseline's too, and keep them for the report."""
    schema = run.learning.schema()
    target = schema["target"]
    actual = [record[target] for record in answered.records]
    check_predictions(
        answered.predicted,
        expected=len(actual),
        positive=run.learning.scale != "linear",
        probabilities=answered.probabilities,
    )
    complete = len(actual) == len(split.test)
    metric = _metric(run)
    error = check_error(
        answered.predicted, actual,
        metric=metric, reported=run.evaluation["model"][metric], complete=complete,
    )  # fmt: skip
    naive = baseline_of(split.known, answered.records, schema)
    check_error(
        naive, actual,
        metric=metric, reported=run.evaluation["baseline"][metric], complete=complete,
    )  # fmt: skip
    chances: Sequence[float | None] = answered.probabilities or [None] * len(actual)
    run.report.predictions = [
        Prediction(
            record=_asked(record, run),
            actual=record[target],
            predicted=predicted,
            baseline=baseline,
            probability=chance,
        )
        for record, predicted, baseline, chance in zip(
            answered.records, answered.predicted, naive, chances, strict=True
        )
    ]
    return f"{metric} {measure(metric, error)}"


def _metric(run: PipelineRun) -> str:
    """The error that is compared: the gate's, or one that the answers are enough for."""
    return run.learning.metric if run.learning.metric in ERRORS else "error_rate"


def _range(run: PipelineRun) -> str:
    first_and_last = run.evaluation.get("test_range")
    return f" of {first_and_last[0]} to {first_and_last[1]}" if first_and_last else ""


def _invoke(
    journey: Journey, endpoint: str, records: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    response = journey.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=endpoint,
        ContentType="application/json",
        Accept="application/json",
        Body=json.dumps(list(records)).encode(),
    )
    predictions: list[dict[str, Any]] = json.loads(response["Body"].read())["predictions"]
    return predictions


def _of_table(journey: Journey, run: PipelineRun, say: Say) -> tuple[str, list[dict[str, Any]]]:
    """The answers as Athena reads them; the table joins each to its record."""
    name = journey.output(run.stack, "PredictionsTableName")
    fields = [run.learning.answer]
    if run.learning.task == "classification":
        fields.append("probability")
    say(f"asking for {', '.join(fields)}")
    joined = ", ".join(f"{JOINED}.{field} AS {field}" for field in fields)
    # The stack handed out the table, and the settings the fields.
    answer = ask(journey, f'SELECT *, {joined} FROM "{name}"')  # noqa: S608 - see above
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return f"{journey.output('catalog', 'DatabaseName')}.{name}", rows


def _of_objects(journey: Journey, run: PipelineRun, say: Say) -> tuple[str, list[dict[str, Any]]]:
    """The answers as the transform job writes them: JSON lines, each with its record."""
    s3 = journey.client("s3")
    bucket = journey.output("storage", "ModelBucketName")
    prefix = f"{run.learning.answers_table}/"
    rows = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            say(item["Key"])
            body = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read().decode()
            rows += [json.loads(line) for line in body.splitlines() if line.strip()]
    joined = {name for row in rows for name in row if name.lower() == JOINED}
    return f"s3://{bucket}/{prefix}", [
        {**row, **(row.get(name) or {})} for row in rows for name in joined or {JOINED}
    ]


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
