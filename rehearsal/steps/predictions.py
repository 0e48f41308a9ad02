"""Step: the endpoint predicts records that its model has never seen."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError
from rehearsal.held_out import held_out_records
from rehearsal.report import Prediction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rehearsal.journey import Journey
    from rehearsal.runner import Say

AT_MOST = 20_000
PER_REQUEST = 1000
"""A serverless endpoint takes 4 MB a request and answers within 60 s."""
SHOWN = 12
SAME, SIMILAR = 1e-4, 0.5
"""How far the error may be from the evaluation's: over all its records, and over some."""


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
    error = sum(abs(p - a) for p, a in zip(predicted, actual, strict=True)) / sum(actual)
    reported = journey.evaluation["model"]["weighted_ape"]
    allowed = SAME if complete else SIMILAR
    if not math.isclose(error, reported, rel_tol=allowed):
        raise RehearsalError(
            f"the endpoint's error over {len(records)} records is {error:.4%}, but the "
            f"evaluation reported {reported:.4%}: it does not serve the model that was measured"
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


def check_predictions(predicted: Sequence[float], *, expected: int) -> None:
    """Refuse answers that no working model gives.

    Raises:
        RehearsalError: too few, not finite, not positive, or all the same.
    """
    if len(predicted) != expected:
        raise RehearsalError(f"{expected} records were sent, but {len(predicted)} came back")
    bad = [value for value in predicted if not math.isfinite(value) or value <= 0]
    if bad:
        raise RehearsalError(f"{len(bad)} predictions are no value of a catch, such as {bad[0]}")
    if expected > 1 and len(set(predicted)) == 1:
        raise RehearsalError(f"every prediction is {predicted[0]}: the endpoint ignores its input")


def _invoke(journey: Journey, records: Sequence[dict[str, Any]]) -> list[float]:
    answer = journey.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=journey.output("ml-pipeline", "EndpointName"),
        ContentType="application/json",
        Accept="application/json",
        Body=json.dumps(list(records)).encode(),
    )
    predictions = json.loads(answer["Body"].read())["predictions"]
    return [float(prediction["predicted_landed_value"]) for prediction in predictions]
