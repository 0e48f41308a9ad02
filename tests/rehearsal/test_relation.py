"""DuckDB reads a file as it was given, and sees what the preparation made of it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from config.dataset import Column, Dataset, Rename
from rehearsal.checks.relation import relation
from rehearsal.data.prepare import prepare

if TYPE_CHECKING:
    from pathlib import Path

    from rehearsal.data.prepare import PreparedFile

CSV = (
    "Code,X,X,At,Day,Ok,Text,more\r\n"
    '007,1.5,+2,2001-12-31T10:00:00+02:00,2001-12-31,TRUE,"a, ""b""\n",1\r\n'
    ",,,2001-12-31 10:00Z,,,,\r\n"
)
JSON = (
    '{"Code": "007", "X": {"y": 1.5}, "a.b": 2, "At": "2001-12-31T10:00:00Z", "Day": "2001-12-31", '
    '"Ok": true, "Text": "é\\n", "more": 1}\n{"Code": null}\n'
)
COLUMNS = {
    "code": ("text", "key"), "x": ("fraction", "number"), "x2": ("whole", "number"),
    "at": ("timestamp", "ignored"), "day": ("date", "ignored"), "ok": ("boolean", "category"),
}  # fmt: skip
RENAMES = {"X#2": "x2", "a.b": "x2", "X.y": "x"}


def prepared(folder: Path, *partitions: str) -> PreparedFile:
    dataset = Dataset(
        name="mine", home=folder, title="Mine", partitions=partitions,
        columns={
            name: Column.model_validate({"type": kind, "role": role, "files": "any"})
            for name, (kind, role) in COLUMNS.items()
        },
        renames=(Rename(columns=RENAMES),),
    )  # fmt: skip
    return prepare(folder / "data", dataset=dataset, into=folder / "out").files[0]


def read(file: PreparedFile) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows by DuckDB of the source, and by Arrow of the Parquet file."""
    with duckdb.connect() as connection:
        rows = connection.sql(relation(file)).to_arrow_table().to_pylist()
    return rows, pq.ParquetFile(file.parquet).read().to_pylist()


@pytest.mark.parametrize("name", ["it's.csv", "a.csv.gz", "a.jsonl", "a.json.gz"])
def test_the_source_has_the_values_of_the_prepared_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / "data" / name
    path.parent.mkdir()
    raw = (CSV if ".csv" in name else JSON).encode()
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    rows, expected = read(prepared(tmp_path))
    assert len(expected) == 2
    assert rows == expected


def test_a_time_without_a_zone_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("at\n2001-12-31T10:00:00.5\n2001-12-31\n")
    rows, expected = read(prepared(tmp_path))
    assert rows == expected


def test_values_inside_objects_of_parquet_are_found(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    table = pa.table({"X": [{"y": 1.5}], "a.b": [2], "list": [[1, 2]], "Text": ["a"]})
    pq.write_table(table, tmp_path / "data" / "a.parquet")
    rows, expected = read(prepared(tmp_path))
    assert rows == expected == [{"x": 1.5, "x2": 2, "list": [1, 2], "text": "a"}]


def test_the_folders_of_a_file_are_columns_of_text(tmp_path: Path) -> None:
    path = tmp_path / "data" / "x2=1" / "code=__HIVE_DEFAULT_PARTITION__" / "a.csv"
    path.parent.mkdir(parents=True)
    path.write_text("x\n1.5\n")
    rows, _ = read(prepared(tmp_path, "x2", "code"))
    assert rows == [{"x": 1.5, "x2": "1", "code": None}]
