"""Promises of the data preparation: JSON, gzip, partitions, and what a data set declares."""

from __future__ import annotations

import datetime as dt
import gzip
import math
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from config.dataset import Column, Dataset, Rename
from rehearsal.data.formats import csv_text, json_lines
from rehearsal.data.generator import generator_of
from rehearsal.data.prepare import PreparedData, prepare
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

ROLES = {"fraction": "number", "boolean": "category", "whole": "number", "text": "text"}


def dataset(*partitions: str, renames: tuple[Rename, ...] = (), **types: str) -> Dataset:
    columns = {
        name: Column.model_validate({"type": kind, "role": ROLES.get(kind, "ignored")})
        for name, kind in types.items()
    }
    return Dataset(
        name="mine", home="/nowhere", title="Mine", columns=columns, renames=renames,
        partitions=partitions,
    )  # fmt: skip


def write(folder: Path, name: str, content: str | bytes) -> Path:
    data = folder / "data"
    path = data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(raw, mtime=0) if name.endswith(".gz") else raw)
    return data


def prepared(folder: Path, declared: Dataset) -> PreparedData:
    return prepare(folder / "data", dataset=declared, into=folder / "out")


def rows(folder: Path, declared: Dataset) -> list[dict[str, Any]]:
    return [
        row
        for file in prepared(folder, declared).files
        for row in pq.ParquetFile(file.parquet).read().to_pylist()
    ]


def refusal(folder: Path, declared: Dataset) -> str:
    with pytest.raises(DataError) as refused:
        prepared(folder, declared)
    assert not (folder / "out").exists()
    return str(refused.value)


def test_objects_become_columns_and_lists_become_text(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.jsonl",
        '{"id": 1, "at": {"x": 1.5, "in": {"y": true}}, "tags": ["é", 2]}\n\n'
        '{"id": 2, "more": 7}\n',
    )
    assert rows(tmp_path, dataset(id="whole")) == [
        {"id": 1, "at.x": 1.5, "at.in.y": True, "tags": '["é",2]', "more": None},
        {"id": 2, "at.x": None, "at.in.y": None, "tags": None, "more": 7},
    ]


def test_a_value_inside_an_object_is_renamed_by_its_path(tmp_path: Path) -> None:
    write(tmp_path, "a.ndjson", '{"at": {"x": 1}}\n')
    renames = (Rename(columns={"at.x": "place"}),)
    (file,) = prepared(tmp_path, dataset(renames=renames, place="whole")).files
    assert (file.headers, file.columns, file.kind) == (("at.x",), ("place",), "json")


def test_objects_of_parquet_become_columns_too(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    table = pa.table({"at": [{"x": 1}], "tags": [["a"]], "list": [[1, 2]]})
    pq.write_table(table, tmp_path / "data" / "a.parquet")
    declared = dataset(tags="text", renames=(Rename(columns={"at.x": "place"}),), place="whole")
    assert rows(tmp_path, declared) == [{"place": 1, "tags": '["a"]', "list": [1, 2]}]


def test_a_json_column_of_numbers_and_text_is_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "ROWS", 1)
    write(tmp_path, "a.json", '{"id": 1, "x": 1.0}\n{"id": 2, "x": "n/a"}\n{"id": 3, "x": 7}\n')
    assert [row["x"] for row in rows(tmp_path, dataset(id="whole"))] == ["1.0", "n/a", "7"]


def test_digits_in_json_text_stay_text(tmp_path: Path) -> None:
    write(tmp_path, "a.json", '{"id": 1, "code": "12"}\n')
    assert rows(tmp_path, dataset(id="whole")) == [{"id": 1, "code": "12"}]


def test_a_date_in_json_text_is_a_date(tmp_path: Path) -> None:
    write(tmp_path, "a.json", '{"id": 1, "day": "2001-12-31"}\n')
    assert rows(tmp_path, dataset(id="whole"))[0]["day"] == dt.date(2001, 12, 31)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"a": 1}\n[1]\n', "a.json, line 2: holds '[1]', no JSON object"),
        ('{"a": 1}\n{"a":\n', "a.json, line 2: is no JSON object"),
        ('{"a": NaN}\n', "NaN is no number of JSON; write null"),
        ('{"a": 1, "a": 2}\n', "it has the key 'a' twice"),
        ('{"a.b": 1, "a": {"b": 2}}\n', "it has the key 'a.b' twice"),
        ('{"": 1}\n', "it has a key without a name"),
        ("\n\n", "a.json: has objects but no rows"),
        (b'{"a": "\xe7"}\n', "a.json: is not UTF-8 text, in line 1"),
        (gzip.compress(b"{}", mtime=0), "a.json: is a gzip archive, not JSON text"),
    ],
)
def test_what_is_no_line_of_json_is_refused(
    tmp_path: Path, content: str | bytes, reason: str
) -> None:
    write(tmp_path, "a.json", content)
    assert reason in refusal(tmp_path, dataset(a="whole"))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv.gz", "x,y\n1,é\n"), ("a.jsonl.gz", '{"x": 1, "y": "é"}\n'), ("a.CSV", "x,y\n1,é\n")],
)
def test_a_file_is_read_by_its_suffixes(tmp_path: Path, name: str, content: str) -> None:
    path = write(tmp_path, name, b"") / name
    raw = content.encode()
    path.write_bytes(gzip.compress(raw, mtime=0) if name.endswith(".gz") else raw)
    assert rows(tmp_path, dataset(x="whole", y="text")) == [{"x": 1, "y": "é"}]
    (file,) = prepared(tmp_path, dataset(x="whole", y="text")).files
    assert (file.compressed, file.key) == (name.endswith(".gz"), "a.parquet")


@pytest.mark.parametrize("name", ["a.csv.gz", "a.json.gz"])
def test_a_truncated_archive_is_refused_by_name(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name, "x\n1\n" * 5000) / name
    path.write_bytes(path.read_bytes()[:40])
    assert f"{name}: is not a whole gzip archive" in refusal(tmp_path, dataset(x="whole"))


def test_a_plain_file_that_is_named_gz_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.csv.gz", "")
    (tmp_path / "data" / "a.csv.gz").write_text("x\n1\n")
    assert "a.csv.gz: is not a whole gzip archive" in refusal(tmp_path, dataset(x="whole"))


def test_a_partition_stays_a_folder_and_is_in_no_file(tmp_path: Path) -> None:
    write(tmp_path, "year=2001/zone=a%20b/x.csv", "v\n1\n")
    write(tmp_path, "year=2002/zone=__HIVE_DEFAULT_PARTITION__/x.csv", "v\n2\n")
    data = prepared(tmp_path, dataset("year", "zone", year="whole", zone="text", v="whole"))
    first, second = data.files
    assert (data.columns, data.partitions) == (("v",), ("year", "zone"))
    assert first.partition == {"year": "2001", "zone": "a b"}
    assert second.partition == {"year": "2002", "zone": None}
    assert first.parquet == tmp_path / "out" / "year=2001" / "zone=a%20b" / "x.parquet"
    assert pq.ParquetFile(first.parquet).schema.names == ["v"]


@pytest.mark.parametrize("name", ["x.csv", "year=2001/zone=a/x.csv", "zone=a/x.csv", "year=/x.csv"])
def test_a_file_outside_the_declared_partitions_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, "v\n1\n")
    message = refusal(tmp_path, dataset("year", year="whole", v="whole"))
    assert f"{name}: lies in no folder {tmp_path}/data/year=…/" in message


def test_partitions_that_nobody_declared_are_refused_with_the_line_to_write(tmp_path: Path) -> None:
    write(tmp_path, "year=2001/x.csv", "v\n1\n")
    assert 'partitions = ["year"]' in refusal(tmp_path, dataset(v="whole"))


def test_a_partition_of_another_type_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "year=new/x.csv", "v\n1\n")
    message = refusal(tmp_path, dataset("year", year="whole", v="whole"))
    assert "the column 'year' must hold whole numbers, but row 1 has 'new'" in message


def test_a_column_that_is_in_the_file_and_in_the_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "year=2001/x.csv", "year,v\n2001,1\n")
    message = refusal(tmp_path, dataset("year", year="whole", v="whole"))
    assert "the column 'year' 2 times after renaming (year, the folder year=…/)" in message


def test_the_second_column_of_a_name_is_renamed_by_its_number(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "x,x,y\n1,2,3\n")
    renames = (Rename(columns={"x#2": "z"}),)
    assert rows(tmp_path, dataset(renames=renames, x="whole", y="whole", z="whole")) == [
        {"x": 1, "z": 2, "y": 3}
    ]


@pytest.mark.parametrize("value", ["long" * 50, '"never closed' + "\nx,y" * 50])
def test_a_row_without_an_end_in_sight_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setattr(csv_text, "BLOCK_BYTES", 64)
    write(tmp_path, "a.csv", f"x,y\n1,2\n1,{value}\n")
    message = refusal(tmp_path, dataset(x="whole"))
    assert "a.csv: has a row of more than 64 bytes" in message


@pytest.mark.parametrize("header", ["x,", ",x", "x,  "])
def test_a_column_without_a_name_is_refused(tmp_path: Path, header: str) -> None:
    write(tmp_path, "a.csv", f"{header}\n1,2\n")
    assert "has a column without a name" in refusal(tmp_path, dataset(x="whole"))


def test_every_declared_type_is_kept_by_parquet(tmp_path: Path) -> None:
    declared = dataset(
        w="whole", f="fraction", t="text", b="boolean", d="date", s="timestamp", z="timestamp"
    )
    write(
        tmp_path,
        "a.csv",
        "w,f,t,b,d,s,z\n"
        "+7.0,7,007,TRUE,2001-12-31,2001-12-31 10:00,2001-12-31T10:00:00+02:00\n"
        ",,,,,,\n",
    )
    first, second = rows(tmp_path, declared)
    assert first == {
        "w": 7, "f": 7.0, "t": "007", "b": True, "d": dt.date(2001, 12, 31),
        "s": dt.datetime(2001, 12, 31, 10), "z": dt.datetime(2001, 12, 31, 8),  # noqa: DTZ001 - kept without a zone
    }  # fmt: skip
    assert set(second.values()) == {None}


@pytest.mark.parametrize(
    ("kind", "value", "must"),
    [
        ("fraction", "NaN", "finite numbers"),
        ("fraction", "-inf", "finite numbers"),
        ("fraction", "1_0", "finite numbers"),
        ("fraction", "007", "finite numbers"),
        ("whole", "1.5", "whole numbers"),
        ("whole", "nan", "whole numbers"),
        ("whole", "9223372036854775808", "whole numbers"),
        ("boolean", "1", "true or false"),
        ("boolean", "yes", "true or false"),
        ("date", "31/12/2001", "dates such as 2001-12-31"),
        ("date", "2001-02-30", "dates such as 2001-12-31"),
        ("timestamp", "yesterday", "times such as 2001-12-31T23:59:59"),
    ],
)
def test_a_value_that_is_not_of_the_declared_type_is_refused_with_file_and_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, value: str, must: str
) -> None:
    monkeypatch.setattr(csv_text, "BLOCK_BYTES", 64)  # the row lies in a later block
    write(tmp_path, "a.csv", "x,text\n" + ",some text of its own\n" * 9 + f"{value},\n")
    message = refusal(tmp_path, dataset(x=kind))
    assert f"a.csv: the column 'x' must hold {must}, but row 10 has {value!r}" in message


def test_times_with_a_zone_in_some_rows_only_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "x\n2001-12-31T10:00\n2001-12-31T10:00Z\n")
    message = refusal(tmp_path, dataset(x="timestamp"))
    assert "row 2 has '2001-12-31T10:00Z'" in message
    assert "a time with a zone in every row, or in none" in message


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("fraction", [1.0, math.nan]),
        ("fraction", [1.0, math.inf]),
        ("whole", [1.0, 1.5]),
        ("whole", [True, False]),
        ("boolean", [1, 0]),
    ],
)
def test_a_typed_value_that_is_not_of_the_declared_type_is_refused(
    tmp_path: Path, kind: str, values: list[Any]
) -> None:
    (tmp_path / "data").mkdir()
    pq.write_table(pa.table({"x": values}), tmp_path / "data" / "a.parquet")
    assert "a.parquet" in refusal(tmp_path, dataset(x=kind))


def test_whole_numbers_that_parquet_keeps_as_fractions_are_whole(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    pq.write_table(pa.table({"x": [3.0, None]}), tmp_path / "data" / "a.parquet")
    assert rows(tmp_path, dataset(x="whole")) == [{"x": 3}, {"x": None}]


def test_a_column_that_some_files_must_bring_is_missed_where_none_does(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "x\n1\n")
    declared = dataset(x="whole")
    more = {"y": Column(type="whole", role="number", files="some")}
    declared = declared.model_copy(update={"columns": {**declared.columns, **more}})
    assert "no file has y, of which datasets/mine.toml says" in refusal(tmp_path, declared)
    write(tmp_path, "b.csv", "x,y\n1,2\n")
    assert prepared(tmp_path, declared).rows == 2


def test_a_column_that_no_file_must_bring_may_be_absent(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "x\n1\n")
    declared = dataset(x="whole")
    more = {"y": Column(type="whole", role="number", files="any")}
    declared = declared.model_copy(update={"columns": {**declared.columns, **more}})
    assert prepared(tmp_path, declared).columns == ("x",)


def test_columns_that_nobody_declared_are_kept_and_told(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "x,y,z\n1,2.5,no\n")
    data = prepared(tmp_path, dataset(x="whole"))
    assert (data.columns, data.undeclared) == (("x", "y", "z"), ("y", "z"))


def test_rows_out_of_bounds_are_kept(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "x\n-1\n")
    declared = dataset(x="whole")
    bounded = {"x": Column(type="whole", role="number", above=0, required=True)}
    assert rows(tmp_path, declared.model_copy(update={"columns": bounded})) == [{"x": -1}]


def test_a_data_set_without_a_generator_has_none(tmp_path: Path) -> None:
    assert generator_of(dataset(x="whole").model_copy(update={"home": tmp_path})) is None


def test_a_generator_without_its_function_is_refused(tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mine.py").write_text("write = 1\n")
    with pytest.raises(DataError, match="has no function write_synthetic"):
        generator_of(dataset(x="whole").model_copy(update={"home": tmp_path}))
