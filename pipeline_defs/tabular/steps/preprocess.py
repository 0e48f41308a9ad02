"""Clean the catch data and split it by year into training, validation and test sets.

A stand-alone script of a SageMaker processing job in the scikit-learn 1.9-0 image. It uses pandas
and pyarrow alone; both are in that image (its public build file, docker/sklearn/1.9-0 of
aws/deep-learning-containers, lists pandas 2.2.3 and pyarrow 25.0.0).

It reads every ``.parquet`` and ``.csv`` file below ``--input`` and writes below ``--output``:
``train/``, ``validation/`` and ``test/catches.csv`` (with header), ``batch/catches.jsonl`` (the
test records without their answer) and ``report/split.json``. The test years come after the
validation years, and these after the training years, so that no model sees its future.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import pandas as pd

NUMERIC = ("year", "tonnes")
TARGET = "landed_value"
REQUIRED_TEXT = (
    "fishing_entity",
    "fishing_sector",
    "catch_type",
    "reporting_status",
    "gear_type",
    "end_use_type",
)
OPTIONAL_TEXT = ("area_name", "common_name", "functional_group", "commercial_group")
TEXT = REQUIRED_TEXT + OPTIONAL_TEXT
FEATURES = NUMERIC + TEXT
UNKNOWN = "unknown"
MIN_ROWS = 100
MIN_YEARS = 3


class DataError(Exception):
    """The input cannot be used; the message says what is wrong and what is allowed."""


def read_file(path: Path) -> pd.DataFrame:
    """Read the columns of one file that the pipeline knows.

    Raises:
        DataError: the file is unreadable, or lacks a required column.
    """
    try:
        frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (ValueError, OSError) as error:  # pandas and pyarrow errors derive from these
        raise DataError(f"{path.name} cannot be read as {path.suffix[1:]}: {error}") from error
    required = (*NUMERIC, TARGET, *REQUIRED_TEXT)
    missing = [column for column in required if column not in frame.columns]
    if missing:
        raise DataError(
            f"{path.name} lacks the column(s) {', '.join(missing)}; it has "
            f"{', '.join(map(str, frame.columns))}. Required are {', '.join(required)}; "
            f"{', '.join(OPTIONAL_TEXT)} are optional. Rename the columns before the upload."
        )
    return frame[[column for column in (*FEATURES, TARGET) if column in frame.columns]]


def read_folder(folder: Path) -> pd.DataFrame:
    """Read every data file below a folder into one frame.

    Raises:
        DataError: there is no data file, or a file of a kind that is not read.
    """
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name[0] not in "._" and not path.name.endswith("_$folder$")
    ]
    unknown = [path.name for path in files if path.suffix not in {".parquet", ".csv"}]
    if unknown:
        raise DataError(f"Cannot read {', '.join(unknown[:5])}: allowed are .parquet and .csv.")
    if not files:
        raise DataError(f"No data file below {folder}: put .parquet or .csv files at InputDataUri.")
    return pd.concat([read_file(path) for path in files], ignore_index=True)


def clean(raw: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows that have a year and a positive weight and value; name missing texts.

    Raises:
        DataError: fewer than ``MIN_ROWS`` rows are left.
    """
    frame = pd.DataFrame(index=raw.index)
    for column in (*NUMERIC, TARGET):
        frame[column] = pd.to_numeric(raw[column], errors="coerce")
    for column in TEXT:
        text = raw[column].astype(object) if column in raw.columns else None
        frame[column] = UNKNOWN if text is None else text.where(text.notna(), UNKNOWN)
        frame[column] = frame[column].astype(str).str.strip().replace("", UNKNOWN)
    finite = frame["tonnes"].between(0, float("inf"), inclusive="neither")
    valued = frame[TARGET].between(0, float("inf"), inclusive="neither")
    kept = frame[frame["year"].notna() & finite & valued].reset_index(drop=True)
    print(f"{len(raw)} rows read, {len(raw) - len(kept)} without year, weight or value left out")
    if len(kept) < MIN_ROWS:
        raise DataError(
            f"{len(kept)} usable rows of {len(raw)}; at least {MIN_ROWS} are needed. A usable row "
            f"has a year and a positive tonnes and {TARGET}."
        )
    return kept.astype({"year": "int64"})


def split_years(rows_by_year: pd.Series, *, test: float, validation: float) -> dict[str, list[int]]:
    """Choose whole years: the newest for the test, those before them for validation.

    Args:
        rows_by_year: number of rows, indexed by year.
        test: share of all rows that the test years reach at least.
        validation: the same for the validation years.

    Raises:
        DataError: there are fewer than three years.
    """
    years = sorted(int(year) for year in rows_by_year.index)
    if len(years) < MIN_YEARS:
        raise DataError(
            f"The data holds {len(years)} year(s) ({', '.join(map(str, years))}); at least "
            f"{MIN_YEARS} are needed: one each to train, validate and test in that order of time."
        )
    total = float(rows_by_year.sum())
    chosen: dict[str, list[int]] = {"train": [], "validation": [], "test": []}
    for name, share, reserve in (("test", test, 2), ("validation", validation, 1)):
        taken = 0.0
        while len(years) > reserve and taken < share * total:
            chosen[name].insert(0, years.pop())
            taken += float(rows_by_year[chosen[name][0]])
    chosen["train"] = years
    return chosen


def write(frame: pd.DataFrame, years: dict[str, list[int]], output: Path) -> None:
    """Write the three sets, the batch records and the report of the split."""
    report = {}
    for name, chosen in years.items():
        part = frame[frame["year"].isin(chosen)]
        (output / name).mkdir(parents=True, exist_ok=True)
        part.to_csv(output / name / "catches.csv", index=False)
        report[name] = {"rows": len(part), "first_year": chosen[0], "last_year": chosen[-1]}
        print(f"{name}: {len(part)} rows, {chosen[0]} to {chosen[-1]}")
    for name in ("batch", "report"):
        (output / name).mkdir(parents=True, exist_ok=True)
    test = frame[frame["year"].isin(years["test"])]
    records = test[list(FEATURES)].to_json(orient="records", lines=True, double_precision=15)
    (output / "batch" / "catches.jsonl").write_text(records, encoding="utf-8")
    (output / "report" / "split.json").write_text(json.dumps(report, indent=2), encoding="utf-8")


def main() -> None:
    """Run the step."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", type=Path, default=Path("/opt/ml/processing/input"))
    parser.add_argument("--output", type=Path, default=Path("/opt/ml/processing/output"))
    parser.add_argument("--test-fraction", type=float, default=0.15)
    parser.add_argument("--validation-fraction", type=float, default=0.15)
    arguments = parser.parse_args()
    shares = {"test": arguments.test_fraction, "validation": arguments.validation_fraction}
    for name, share in shares.items():
        if not 0 < share < 1:
            raise DataError(f"--{name}-fraction is {share}; allowed is between 0 and 1.")
    frame = clean(read_folder(arguments.input))
    write(frame, split_years(frame["year"].value_counts(), **shares), arguments.output)


if __name__ == "__main__":
    try:
        main()
    except DataError as error:
        sys.exit(f"preprocess: {error}")
