"""Steps: prepare the data; upload it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.data.prepare import prepare
from rehearsal.data.synthetic import write_synthetic
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say

MOST_NAMES = 20
"""Of the files that are left out, the step names so many."""


def prepare_data(journey: Journey, say: Say) -> str:
    """Make Parquet of the user's files, or of the synthetic look-alike."""
    folder = journey.data_folder
    if folder is None:
        say("writing the synthetic look-alike")
        folder = write_synthetic(journey.out / "synthetic")
    say(f"reading {folder}")
    journey.prepared = prepare(
        folder, dataset=journey.settings.dataset, into=journey.out / "prepared"
    )
    renamed = {
        f"{old} to {new}" for file in journey.prepared.files for old, new in file.renames.items()
    }
    count = len(journey.prepared.files)
    text = f"{count} files, {journey.prepared.rows} rows, {len(journey.prepared.columns)} columns"
    if renamed:
        text += f"; renamed {', '.join(sorted(renamed))}"
    left_out = [str(file) for file in journey.prepared.left_out]
    if left_out:
        more = f" and {len(left_out) - MOST_NAMES} more" if len(left_out) > MOST_NAMES else ""
        text += f"; not read, as no CSV or Parquet: {', '.join(left_out[:MOST_NAMES])}{more}"
    return text


def upload(journey: Journey, say: Say) -> str:
    """Put the Parquet files where the crawler looks; strangers there would change the answers."""
    s3 = journey.client("s3")
    bucket = journey.output("storage", "SourceBucketName")
    prefix = journey.settings.dataset.prefix
    sizes = {prefix + file.parquet.name: file.parquet for file in journey.data.files}
    strangers = sorted(_objects(journey, bucket, prefix).keys() - sizes.keys())
    if strangers:
        raise RehearsalError(
            f"s3://{bucket}/{prefix} holds other objects ({', '.join(strangers[:3])}…), which "
            "would mix with this data; remove them, or rehearse with another configuration"
        )
    for key, file in sizes.items():
        say(key)
        s3.upload_file(str(file), bucket, key)
    stored = _objects(journey, bucket, prefix)
    wrong = [key for key, file in sizes.items() if stored.get(key) != file.stat().st_size]
    if wrong:
        raise RehearsalError(f"uploaded, but not there in full size: {', '.join(wrong)}")
    megabytes = sum(stored.values()) / 1e6
    return f"{len(stored)} objects, {megabytes:.1f} MB in s3://{bucket}/{prefix}"


def _objects(journey: Journey, bucket: str, prefix: str) -> dict[str, int]:
    pages = journey.client("s3").get_paginator("list_objects_v2")
    return {
        item["Key"]: item["Size"]
        for page in pages.paginate(Bucket=bucket, Prefix=prefix)
        for item in page.get("Contents", [])
    }
