"""Steps: prepare the data of a data set; upload it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.checks.emptiness import empty_columns
from rehearsal.data.generator import generator_of
from rehearsal.data.prepare import prepare
from rehearsal.errors import RehearsalError
from rehearsal.reporting.report import DatasetReport
from rehearsal.sources import folders_of, refuse_without_files

if TYPE_CHECKING:
    from pathlib import Path

    from config.dataset import Dataset
    from rehearsal.data.prepare import PreparedData
    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say

MOST_NAMES = 20
"""Of the files that are left out, the step names so many."""


def prepare_data(journey: Journey, dataset: Dataset, say: Say) -> str:
    """Make Parquet of the user's files, or of the synthetic look-alike."""
    given = folders_of(journey.data_folder, journey.settings.datasets).get(dataset.name)
    folder = given or _look_alike(journey, dataset, say)
    say(f"reading {folder}")
    data = prepare(folder, dataset=dataset, into=_folder(journey, dataset))
    journey.prepared[dataset.name] = data
    journey.report.datasets.append(
        DatasetReport(
            name=dataset.name,
            title=dataset.title,
            source=str(given) if given else "synthetic",
            files=[file.source.name for file in data.files],
            rows=data.rows,
            columns=list(data.columns),
            empty_columns=empty_columns(dataset, data),
        )
    )
    return _described(data)


def _folder(journey: Journey, dataset: Dataset) -> Path:
    return journey.out / "prepared" / dataset.name


def _look_alike(journey: Journey, dataset: Dataset, say: Say) -> Path:
    generate = generator_of(dataset)
    if generate is None:
        raise refuse_without_files(dataset, journey.data_folder)
    say("writing the synthetic look-alike")
    return generate(journey.out / "synthetic" / dataset.name)


def _described(data: PreparedData) -> str:
    renamed = {f"{old} to {new}" for file in data.files for old, new in file.renames.items()}
    text = f"{len(data.files)} files, {data.rows} rows, {len(data.columns)} columns"
    if renamed:
        text += f"; renamed {', '.join(sorted(renamed))}"
    left_out = [str(file) for file in data.left_out]
    if left_out:
        more = f" and {len(left_out) - MOST_NAMES} more" if len(left_out) > MOST_NAMES else ""
        text += f"; not read, as no CSV or Parquet: {', '.join(left_out[:MOST_NAMES])}{more}"
    return text


def upload(journey: Journey, dataset: Dataset, say: Say) -> str:
    """Put the Parquet files where the crawler looks; strangers there would change the answers."""
    s3 = journey.client("s3")
    bucket = journey.output("storage", "SourceBucketName")
    prefix = dataset.folder
    sizes = {prefix + file.key: file.parquet for file in journey.data(dataset.name).files}
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
