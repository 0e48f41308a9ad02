"""Step: the model's errors beside the naive baseline's, as the pipeline's evaluation wrote them."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from rehearsal.journey import Journey
    from rehearsal.runner import Say


def check_evaluation(journey: Journey, say: Say) -> str:
    """Read the evaluation that the model package points to, and hold it to the limit."""
    say("reading the evaluation")
    package = journey.client("sagemaker").describe_model_package(
        ModelPackageName=journey.package_arn
    )
    if package["ModelApprovalStatus"] != "PendingManualApproval":
        raise RehearsalError(
            f"{journey.package_arn} is {package['ModelApprovalStatus']} before anybody looked"
        )
    uri = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    body = journey.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    evaluation: dict[str, Any] = json.loads(body)
    journey.evaluation = evaluation
    journey.report.pipeline["metrics"] = evaluation
    model, naive = evaluation["model"]["weighted_ape"], evaluation["baseline"]["weighted_ape"]
    ratio, limit = evaluation["error_ratio"], journey.settings.ml_pipeline.max_error_ratio
    if not math.isclose(ratio, model / naive, rel_tol=1e-6):
        raise RehearsalError(f"{uri}: error_ratio is {ratio}, but {model} / {naive} is not")
    if ratio > limit:
        raise RehearsalError(f"registered with an error ratio of {ratio:.3f}, above {limit}")
    first, last = evaluation["test_years"]
    return (
        f"error {model:.1%} against {naive:.1%} of the naive baseline: ratio {ratio:.2f}, "
        f"allowed {limit}; {evaluation['test_rows']} rows of {first} to {last}, pending approval"
    )
