"""Step: the workgroup is enforced, whatever a client asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.athena import ask
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say


def check_workgroup(journey: Journey, say: Say) -> str:
    """Ask for the result elsewhere, and find it where the workgroup wants it, encrypted."""
    name = journey.output("query", "WorkGroupName")
    workgroup = journey.client("athena").get_work_group(WorkGroup=name)["WorkGroup"]
    configuration = workgroup["Configuration"]
    wanted = configuration["ResultConfiguration"]["OutputLocation"]
    elsewhere = f"s3://{journey.output('storage', 'ModelBucketName')}/elsewhere/"
    say(f"a client asks for its result in {elsewhere}")
    answer = ask(journey, "SELECT 1 AS one", client_location=elsewhere)
    if not answer.output_location.startswith(wanted):
        raise RehearsalError(
            f"workgroup {name} let a client write to {answer.output_location} instead of {wanted}"
        )
    bucket, _, key = answer.output_location.removeprefix("s3://").partition("/")
    result = journey.client("s3").get_object(Bucket=bucket, Key=key)
    text = result["Body"].read().decode()
    if text.split() != ['"one"', '"1"']:
        raise RehearsalError(f"{answer.output_location} holds {text!r} instead of the answer")
    limit = configuration.get("BytesScannedCutoffPerQuery")
    if not limit:
        raise RehearsalError(f"workgroup {name} has no limit on the bytes that a query scans")
    return (
        f"a client's own result location is overridden by {wanted} "
        f"({result.get('ServerSideEncryption', 'not encrypted')}); limit {limit / 1e6:.0f} MB"
    )
