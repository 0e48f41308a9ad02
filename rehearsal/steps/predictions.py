"""Step: the endpoint predicts records that its model has never seen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rehearsal.held_out import held_out_records
from rehearsal.prediction_error import check_error, check_predictions
from rehearsal.report import Prediction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rehearsal.journey import Journey
    from rehearsal.runner import Say

AT_MOST = 20_000
PER_REQUEST = 1000
"""A serverless endpoint takes 4 MB a request and answers within 60 s."""
SHOWN = 12


def predict(journey: Journey, say: Say) -> str:
    """Send held-out records, and find the error that the evaluation reported."""
    years = journey.evaluation["test_years"]
    records, actual, complete = held_out_records(
        [file.parquet for file in journey.data.files], years=years, at_most=AT_MOST
    )
    predicted: list[float] = []
    for start in range(0, len(records), PER_REQUEST):
        say(f"{start} of {len(records)} records")
        predicted += _invoke(journey, records[start : start + PER_REQUEST])
    check_predictions(predicted, expected=len(records))
    error = check_error(
        predicted,
        actual,
        reported=journey.evaluation["model"]["weighted_ape"],
        complete=complete,
    )
    step = max(1, len(records) // SHOWN)
    journey.report.predictions = [
        Prediction(record=records[index], actual=actual[index], predicted=predicted[index])
        for index in range(0, len(records), step)
    ][:SHOWN]
    return (
        f"{len(records)} records of {years[0]} to {years[1]} answered; error {error:.2%}, "
        f"as evaluated"
    )


def _invoke(journey: Journey, records: Sequence[dict[str, Any]]) -> list[float]:
    answer = journey.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=journey.output("ml-pipeline", "EndpointName"),
        ContentType="application/json",
        Accept="application/json",
        Body=json.dumps(list(records)).encode(),
    )
    predictions = json.loads(answer["Body"].read())["predictions"]
    return [float(prediction["predicted_landed_value"]) for prediction in predictions]
