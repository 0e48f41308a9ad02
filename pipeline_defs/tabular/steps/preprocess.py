"""Clean a table by its schema and split it into training, validation and test sets.

A stand-alone script of a SageMaker processing job in the scikit-learn or the XGBoost image. It uses
pandas and pyarrow alone; both images carry them (docker/sklearn/1.9-0 and docker/xgboost of
aws/deep-learning-containers list pandas 2.2.3).

It reads every ``.parquet``, ``.csv``, ``.jsonl`` and ``.json`` (JSON lines) file below ``--input``,
of which folders named ``column=value`` are columns too, and writes below ``--output``: ``train/``,
``validation/`` and ``test/records.csv`` (with header), ``batch/records.jsonl`` (the test records
without their answer) and ``report/split.json``.

A table with a time is split by whole values of it, so that no model sees its future: the test
comes after the validation, and this after the training. Without one a row's hash decides, so that a
row stays in its set when others are added.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pandas as pd
from pandas.api import types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Schema = dict[str, Any]

UNKNOWN = "unknown"
"""What a category is called that a row lacks."""
NO_PARTITION = "__HIVE_DEFAULT_PARTITION__"
"""The folder's value that stands for none."""
MIN_ROWS = 100
MIN_TIMES = 3
SHOWN = 12
SETS = ("train", "validation", "test")
TRUTHS = {
    **dict.fromkeys(("true", "1", "1.0"), "true"),
    **dict.fromkeys(("false", "0", "0.0"), "false"),
}
BOUNDS: dict[str, tuple[str, Callable[[pd.Series, float], pd.Series]]] = {
    "above": ("above", lambda values, bound: values > bound),
    "minimum": ("of at least", lambda values, bound: values >= bound),
    "maximum": ("of at most", lambda values, bound: values <= bound),
}


class DataError(Exception):
    """The input cannot be used; the message says what is wrong and what is allowed."""


def listed(values: Iterable[Any]) -> str:
    """Some values in words, however many there are."""
    words = [str(value) for value in values]
    return ", ".join(words[:SHOWN]) + (f" and {len(words) - SHOWN} more" if words[SHOWN:] else "")


def read_schema(folder: Path) -> Schema:
    """Read the one JSON file of a folder, whatever its name.

    The columns that the split, the target's scale and a ratio need are required in what it returns.

    Raises:
        DataError: there is none, or more than one, or it names a column that it does not describe.
    """
    files = sorted(folder.glob("*.json"))
    if len(files) != 1:
        raise DataError(f"{folder} holds {len(files)} .json files; exactly one is the schema.")
    schema: Schema = json.loads(files[0].read_text(encoding="utf-8"))
    target, ratio_to = schema["target"], schema["baseline"].get("ratio_to")
    for name in (target, ratio_to, schema["time"], schema["baseline"].get("by")):
        if name is not None and name not in schema["columns"]:
            raise DataError(f"The schema needs {name!r}, but it is none of its columns.")
    for name in filter(None, (target, ratio_to, schema["time"])):
        schema["columns"][name]["required"] = True
    for name in {"linear": (), "log": (target,), "log_ratio": (target, ratio_to)}[schema["scale"]]:
        column = schema["columns"][name]
        column["above"] = max(0, column.get("above", 0))
    return schema


def rows_of_lines(path: Path) -> pd.DataFrame:
    """Read JSON lines, a flat object each.

    Raises:
        ValueError: a line is no object.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if line.strip():
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is no JSON object; each line must be one")
            rows.append(row)
    return pd.DataFrame(rows, dtype=object)


READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".parquet": lambda path: pd.read_parquet(
        path, engine="pyarrow", dtype_backend="numpy_nullable", partitioning=None
    ),
    ".csv": lambda path: pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig"),
    ".jsonl": rows_of_lines,
    ".json": rows_of_lines,
}


def read_file(path: Path, folder: Path, columns: dict[str, Any]) -> pd.DataFrame:
    """Read the columns of one file that the schema knows, each as its type.

    Raises:
        DataError: the file is unreadable, lacks a column, or holds a column of another type.
    """
    try:
        frame = READERS[path.suffix.lower()](path)
    except (ValueError, OSError) as error:  # pandas and pyarrow errors derive from these
        raise DataError(f"{path.name} cannot be read as {path.suffix[1:]}: {error}") from error
    for part in path.relative_to(folder).parts[:-1]:
        name, sign, value = part.partition("=")
        if sign and name in columns:
            frame[name] = None if value == NO_PARTITION else unquote(value)
    every = [name for name, column in columns.items() if column["files"] == "every"]
    missing = [name for name in every if name not in frame.columns]
    if missing:
        raise DataError(
            f"{path.name} lacks the column(s) {listed(missing)}; it has {listed(frame.columns)}. "
            f"Every file must have {listed(every)}. Rename the columns before the upload."
        )
    known = {name: column for name, column in columns.items() if name in frame.columns}
    return pd.DataFrame(
        {name: typed(frame[name], column, path.name) for name, column in known.items()},
        index=frame.index,
    )


def read_folder(folder: Path, columns: dict[str, Any]) -> pd.DataFrame:
    """Read every data file below a folder into one frame; a column that no file has is empty.

    Raises:
        DataError: there is no data file, a file of a kind that is not read, or a column that at
            least one file must bring is in none.
    """
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name[0] not in "._" and not path.name.endswith("_$folder$")
    ]
    allowed = " and ".join(READERS)
    unknown = [path.name for path in files if path.suffix.lower() not in READERS]
    if unknown:
        raise DataError(f"Cannot read {listed(unknown)}: allowed are {allowed}.")
    if not files:
        raise DataError(f"No data file below {folder}: put {allowed} files at InputDataUri.")
    frame = pd.concat([read_file(path, folder, columns) for path in files], ignore_index=True)
    missing = [name for name in columns if name not in frame and columns[name]["files"] == "some"]
    if missing:
        raise DataError(
            f"No file has the column(s) {listed(missing)}, which at least one must have; there are "
            f"{listed(frame.columns)}. Rename the columns before the upload."
        )
    return frame.assign(
        **{
            name: typed(pd.Series(None, index=frame.index, dtype=object), column, "")
            for name, column in columns.items()
            if name not in frame
        }
    )[list(columns)]


def typed(values: pd.Series, column: dict[str, Any], file: str) -> pd.Series:
    """Read a column as its type: Int64, float64, or texts, of which None is missing.

    Raises:
        DataError: it holds values, but not one of that type.
    """
    readers: dict[str, Callable[[pd.Series], pd.Series]] = {
        "whole": whole,
        "fraction": fraction,
        "text": text,
        "boolean": boolean,
        "date": lambda given: moments(given).map(
            lambda moment: moment.date().isoformat(), "ignore"
        ),
        "timestamp": lambda given: moments(given).map(lambda moment: moment.isoformat(), "ignore"),
    }
    read = readers[column["type"]](values)
    if column["type"] not in {"whole", "fraction"}:
        read = read.astype(object).where(read.notna(), None)
    given = values[values.notna() & (values.astype("string").str.strip() != "")]
    if len(given) and read.isna().all():
        raise DataError(
            f"{file} has no {column['type']} in its column {values.name}, but values such as "
            f"{given.iloc[0]!r}; correct the file, or the column's type in the data set's settings."
        )
    return read


def numeric(values: pd.Series) -> pd.Series:
    """Read numbers; what is none is missing."""
    if types.is_numeric_dtype(values) and not types.is_bool_dtype(values):
        return values
    texts = values.astype("string")
    numbers = pd.to_numeric(texts, errors="coerce")
    if types.is_signed_integer_dtype(numbers):
        return numbers
    # Older releases of pandas do not read every float as it was written; Python does.
    known = zip(texts, numbers.notna(), strict=True)
    exact = [float(written) if is_number else math.nan for written, is_number in known]
    return pd.Series(exact, index=values.index, dtype=float)


def fraction(values: pd.Series) -> pd.Series:
    """Read finite numbers."""
    numbers = numeric(values).astype("Float64").astype("float64")
    return numbers.where(numbers.abs() < float("inf"))


def whole(values: pd.Series) -> pd.Series:
    """Read whole numbers of at most 64 bits."""
    numbers = numeric(values)
    if types.is_signed_integer_dtype(numbers):
        return numbers.astype("Int64")
    numbers = fraction(numbers)
    return numbers.where((numbers % 1 == 0) & (numbers.abs() < 2**63)).astype("Int64")


def text(values: pd.Series) -> pd.Series:
    """Read texts; a number counts as its text, and an empty text is missing."""
    texts = values.astype("string").str.strip()
    return texts.where(texts != "")


def boolean(values: pd.Series) -> pd.Series:
    """Read truths as ``true`` and ``false``."""
    return values.astype("string").str.strip().str.lower().map(TRUTHS)


def moments(values: pd.Series) -> pd.Series:
    """Read dates and times as ISO 8601 writes them, in UTC."""
    known = types.is_datetime64_any_dtype(values)
    given = values if known else values.astype("string")
    return pd.to_datetime(given, errors="coerce", utc=True, format="ISO8601").dt.tz_localize(None)


def as_text(values: pd.Series) -> pd.Series:
    """Each value as the sets' CSV files have it: a float by its repr, what is missing empty."""
    # Not values.map: in older releases of pandas that makes floats of whole numbers.
    texts = ["" if pd.isna(value) else str(value) for value in values]
    return pd.Series(texts, index=values.index, dtype=object)


def usable(column: dict[str, Any]) -> str:
    """What a value of a column must be, in words."""
    bounds = [f"{word} {column[key]:g}" for key, (word, _) in BOUNDS.items() if key in column]
    return " ".join([f"a {column['type']}", *bounds])


def cleaned(raw: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """The rows that have every required value; numbers out of their bounds are missing ones.

    Categories, and the classes of a classification, become texts; a category's missing text is
    ``unknown``.

    Raises:
        DataError: the target has no usable value, or fewer than ``MIN_ROWS`` rows are left.
    """
    columns = schema["columns"]
    frame = raw.copy()
    for name, column in columns.items():
        for key in BOUNDS.keys() & column.keys():
            kept = BOUNDS[key][1](frame[name], column[key]).fillna(value=False).astype(bool)
            frame[name] = frame[name].where(kept)
        if column["kind"] == "category" or is_class(name, schema):
            frame[name] = as_text(frame[name]).where(frame[name].notna(), None)
    required = {name: usable(column) for name, column in columns.items() if column["required"]}
    rows = frame.dropna(subset=list(required)).reset_index(drop=True)
    without = {name: int(frame[name].isna().sum()) for name in required}
    print(f"{len(raw)} rows read, {len(raw) - len(rows)} without a required value left out: "
          f"{without}")  # fmt: skip
    target = schema["target"]
    if frame[target].isna().all():
        raise DataError(
            f"The target {target} has no usable value in {len(raw)} rows; it must be "
            f"{required[target]}."
        )
    if len(rows) < MIN_ROWS:
        needed = "; ".join(f"{name}: {words}" for name, words in required.items())
        raise DataError(
            f"{len(rows)} usable rows of {len(raw)}; at least {MIN_ROWS} are needed. A usable row "
            f"has {needed}."
        )
    categories = [n for n in schema["features"] if columns[n]["kind"] == "category"]
    return rows.fillna(dict.fromkeys(categories, UNKNOWN))


def is_class(name: str, schema: Schema) -> bool:
    """Whether a column is the target of a classification."""
    return bool(name == schema["target"] and schema["task"] == "classification")


def refuse_constant(frame: pd.DataFrame, schema: Schema, *, place: str) -> None:
    """Refuse rows from which nothing can be learned.

    Raises:
        DataError: the target is the same in all of them.
    """
    values = frame[schema["target"]].unique().tolist()
    if len(values) == 1:
        kind = "one class" if schema["task"] == "classification" else "one value"
        raise DataError(
            f"The target {schema['target']} has {kind} alone in {place}, {values[0]!r}; a model "
            "needs at least two to tell apart. Choose another target, or bring more data."
        )


def sets_of_times(rows_by_time: pd.Series, *, test: float, validation: float) -> dict[str, Any]:
    """Choose whole values of the time: the newest for the test, those before for validation.

    Args:
        rows_by_time: number of rows, indexed by time.
        test: share of all rows that the test reaches at least.
        validation: the same for the validation.

    Raises:
        DataError: there are fewer than ``MIN_TIMES`` values.
    """
    times = sorted(rows_by_time.index)
    if len(times) < MIN_TIMES:
        raise DataError(
            f"The time {rows_by_time.index.name} has {len(times)} value(s) ({listed(times)}); at "
            f"least {MIN_TIMES} are needed: one each to train, validate and test in that order."
        )
    total = float(rows_by_time.sum())
    chosen: dict[str, Any] = {}
    for name, share, reserve in (("test", test, 2), ("validation", validation, 1)):
        taken, first = 0.0, len(times)
        while first > reserve and taken < share * total:
            first -= 1
            taken += float(rows_by_time[times[first]])
        chosen[name], times = times[first:], times[:first]
    return {"train": times, "validation": chosen["validation"], "test": chosen["test"]}


def set_by_hash(frame: pd.DataFrame, schema: Schema) -> pd.Series:
    """The set of each row, by the SHA-256 of its key; without a key, of all its features.

    The hash is of the seed and the values as the CSV files have them, joined by U+001F. Its first
    eight bytes, as a share of the largest number, are below the share of the test, or of both.
    """
    split = schema["split"]
    names = schema["key"] or schema["features"]

    def set_of(*values: str) -> str:
        hashed = hashlib.sha256("\x1f".join([str(split["seed"]), *values]).encode())
        share = int.from_bytes(hashed.digest()[:8], "big") / 2**64
        if share < split["test"]:
            return "test"
        return "validation" if share < split["test"] + split["validation"] else "train"

    columns = [as_text(frame[name]) for name in names]
    return pd.Series(list(map(set_of, *columns)), index=frame.index)


def split(frame: pd.DataFrame, schema: Schema) -> dict[str, pd.DataFrame]:
    """Split the rows by time, or by their hash where there is no time.

    Raises:
        DataError: a set is empty, or a model that learned from the training set cannot answer it.
    """
    time, shares = schema["time"], schema["split"]
    if time:
        rows_by_time = frame[time].value_counts()
        chosen = sets_of_times(rows_by_time, test=shares["test"], validation=shares["validation"])
        set_of_row = frame[time].map({at: name for name, times in chosen.items() for at in times})
    else:
        set_of_row = set_by_hash(frame, schema)
    sets = {name: frame[set_of_row == name] for name in SETS}
    for name, rows in sets.items():
        if rows.empty:
            raise DataError(
                f"The {name} set is empty: all {len(frame)} rows fell into others. Rows are told "
                f"apart by {listed(schema['key'] or schema['features'])}; bring more of them."
            )
    refuse_constant(sets["train"], schema, place="the training set")
    refuse_unknown_classes(sets, schema)
    return sets


def refuse_unknown_classes(sets: dict[str, pd.DataFrame], schema: Schema) -> None:
    """Refuse a set without any class that the training set has.

    Raises:
        DataError: it names the set and the classes.
    """
    if schema["task"] != "classification":
        return
    target = schema["target"]
    known = set(sets["train"][target])
    for name in ("validation", "test"):
        classes = set(sets[name][target])
        if not known & classes:
            raise DataError(
                f"The {name} set has only classes of {target} that the training set has not: "
                f"{listed(sorted(classes))} instead of {listed(sorted(known))}. Bring data in "
                "which a class occurs at more than one time, or split without a time."
            )


def write(sets: dict[str, pd.DataFrame], schema: Schema, output: Path) -> None:
    """Write the three sets, the batch records and the report of the split."""
    report: dict[str, Any] = {}
    for name, rows in sets.items():
        (output / name).mkdir(parents=True, exist_ok=True)
        rows.to_csv(output / name / "records.csv", index=False)
        times = as_json(rows[schema["time"]].agg(["min", "max"])) if schema["time"] else None
        report[name] = {"rows": len(rows), "range": times}
        print(f"{name}: {len(rows)} rows" + (f", {times[0]} to {times[1]}" if times else ""))
    for name in ("batch", "report"):
        (output / name).mkdir(parents=True, exist_ok=True)
    features = schema["features"]
    columns = [as_json(sets["test"][name]) for name in features]
    lines = [
        json.dumps(dict(zip(features, values, strict=True))) + "\n"
        for values in zip(*columns, strict=True)
    ]
    (output / "batch" / "records.jsonl").write_text("".join(lines), encoding="utf-8")
    (output / "report" / "split.json").write_text(json.dumps(report, indent=2), encoding="utf-8")


def as_json(values: pd.Series) -> list[Any]:
    """Values that JSON has: what is missing becomes None."""
    return list(values.astype(object).where(values.notna(), None))


def main() -> None:
    """Run the step."""
    folder = Path("/opt/ml/processing")
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", type=Path, default=folder / "input" / "data")
    parser.add_argument("--schema", type=Path, default=folder / "input" / "schema")
    parser.add_argument("--output", type=Path, default=folder / "output")
    arguments = parser.parse_args()
    schema = read_schema(arguments.schema)
    frame = cleaned(read_folder(arguments.input, schema["columns"]), schema)
    refuse_constant(frame, schema, place="every usable row")
    write(split(frame, schema), schema, arguments.output)


if __name__ == "__main__":
    try:
        main()
    except DataError as error:
        sys.exit(f"preprocess: {error}")
