"""Promises of the data preparation: what it makes of good files, and how it refuses bad ones."""

from __future__ import annotations

import bz2
import gzip
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rehearsal.data.prepare import prepare
from rehearsal.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.dataset import Dataset

HEADER = "year,fishing_entity,tonnes\n"


def refusal(folder: Path, dataset: Dataset, tmp_path: Path) -> str:
    with pytest.raises(DataError) as refused:
        prepare(folder, dataset=dataset, into=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    return str(refused.value)


def test_csv_files_become_parquet_with_their_types(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1.5\n2002,,2\n")
    prepared = prepare(source, dataset=dataset, into=tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / "a.parquet")
    assert table.schema.types == [pa.int64(), pa.string(), pa.float64()]
    assert table.to_pylist()[1] == {"year": 2002, "fishing_entity": None, "tonnes": 2.0}
    assert (prepared.rows, prepared.columns) == (2, ("year", "fishing_entity", "tonnes"))


def test_declared_renames_apply_to_the_files_that_match_only(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(
        **{"SAU-EEZ-242": "year,country,tonnes\n2001,Fiji,1.5\n"},
        other=HEADER.replace("\n", ",country\n") + "2001,Japan,1.5,text\n",
    )
    prepared = prepare(source, dataset=dataset, into=tmp_path / "out")
    assert [file.renames for file in prepared.files] == [{"country": "fishing_entity"}, {}]
    assert [file.columns for file in prepared.files] == [
        ("year", "fishing_entity", "tonnes"),
        ("year", "fishing_entity", "tonnes", "country"),
    ]


def test_whole_numbers_widen_where_another_file_has_fractions(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\n", b=HEADER + "2001,Fiji,1.5\n")
    prepare(source, dataset=dataset, into=tmp_path / "out")
    assert pq.read_schema(tmp_path / "out" / "a.parquet").field("tonnes").type == pa.float64()


def test_a_column_that_is_empty_in_one_file_takes_its_type_from_the_other(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(
        a="year,fishing_entity,tonnes,score\n2001,Fiji,1,\n",
        b="year,fishing_entity,tonnes,score\n2001,Fiji,1,0.5\n",
    )
    prepare(source, dataset=dataset, into=tmp_path / "out")
    assert pq.read_schema(tmp_path / "out" / "a.parquet").field("score").type == pa.float64()


def test_quoted_commas_and_line_breaks_are_part_of_a_value(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + '2001,"Fiji,\nislands",1\n')
    prepare(source, dataset=dataset, into=tmp_path / "out")
    row = pq.read_table(tmp_path / "out" / "a.parquet").to_pylist()[0]
    assert row["fishing_entity"] == "Fiji,\nislands"


def test_a_type_is_inferred_from_the_last_row_too(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    rows = "2001,Fiji,1\n" * 200_000 + "2001,Fiji,1.5\n"
    prepare(folder(a=HEADER + rows), dataset=dataset, into=tmp_path / "out")
    assert pq.read_schema(tmp_path / "out" / "a.parquet").field("tonnes").type == pa.float64()


def test_the_users_files_stay_as_they_are(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\n")
    before = (source / "a.csv").read_bytes()
    prepare(source, dataset=dataset, into=tmp_path / "out")
    assert [file.name for file in source.iterdir()] == ["a.csv"]
    assert (source / "a.csv").read_bytes() == before


def test_a_missing_folder_is_refused(dataset: Dataset, tmp_path: Path) -> None:
    assert "nowhere: no such folder" in refusal(tmp_path / "nowhere", dataset, tmp_path)


def test_a_file_in_place_of_a_folder_is_refused(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    file = folder(a=HEADER) / "a.csv"
    assert "give the folder that it lies in" in refusal(file, dataset, tmp_path)


def test_a_folder_without_data_is_refused(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder()
    (source / "README.md").write_text("no data")
    message = refusal(source, dataset, tmp_path)
    assert "holds no file that ends in .csv, .csv.gz, .json" in message


def test_an_empty_file_is_refused_by_name(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\n", b="")
    assert "b.csv: is empty (0 bytes)" in refusal(source, dataset, tmp_path)


def test_a_header_without_rows_is_refused(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    assert "a.csv: has a header but no rows" in refusal(folder(a=HEADER), dataset, tmp_path)


def test_a_truncated_parquet_file_is_refused_by_name(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder()
    pq.write_table(pa.table({"year": range(1000)}), source / "a.parquet")
    whole = (source / "a.parquet").read_bytes()
    (source / "a.parquet").write_bytes(whole[: len(whole) // 2])
    message = refusal(source, dataset, tmp_path)
    assert "a.parquet: is not a whole Parquet file, it may be truncated" in message


def test_a_ragged_row_is_refused_with_file_and_line(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    # The second row spans two lines, so that the row's number is not the line's.
    source = folder(a=HEADER + '2001,"Fi\nji",1\n2002,Fiji\n')
    message = refusal(source, dataset, tmp_path)
    assert "a.csv, line 4: has 2 fields, but the header has 3" in message


def test_text_that_is_not_utf8_is_refused(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder()
    (source / "a.csv").write_bytes(HEADER.encode() + "2001,Curaçao,1\n".encode("latin-1"))
    assert "a.csv: is not UTF-8 text" in refusal(source, dataset, tmp_path)


def test_a_header_that_is_not_utf8_is_refused_with_its_line(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder()
    (source / "a.csv").write_bytes("year,façade\n2001,1\n".encode("latin-1"))
    message = refusal(source, dataset, tmp_path)
    assert "a.csv: is not UTF-8 text, in line 1, at b'year,fa\\xe7ade\\n'" in message


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (gzip.compress(b"year\n2001\n", mtime=0), "a gzip archive"),
        (bz2.compress(b"year\n2001\n"), "a bzip2 archive"),
        (b"PK\x03\x04\x14\n1\n", "a zip archive or a spreadsheet"),
        (b"PAR1\x15\x04,\n1\n", "a Parquet file"),
    ],
)
def test_another_kind_of_file_that_is_named_csv_is_refused_as_what_it_is(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path, content: bytes, kind: str
) -> None:
    source = folder()
    (source / "a.csv").write_bytes(content)
    assert f"a.csv: is {kind}, not CSV text" in refusal(source, dataset, tmp_path)


def test_a_zero_byte_is_refused_with_its_line(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\n2002,Fi\0ji,1\n")
    assert "a.csv, line 3: holds a zero byte" in refusal(source, dataset, tmp_path)


def test_a_parquet_file_whose_text_is_not_utf8_is_refused_by_name(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder()
    text = pa.array([b"Cura\xe7ao"]).view(pa.string())
    pq.write_table(pa.table({"fishing_entity": text}), source / "a.parquet")
    message = refusal(source, dataset, tmp_path)
    assert "a.parquet: is not a whole Parquet file" in message
    assert "UTF8" in message


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1])
def test_a_whole_number_that_no_fraction_keeps_is_refused_with_its_row(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path, number: int
) -> None:
    source = folder(a=HEADER + f"2001,Fiji,1\n2001,Fiji,{number}\n", b=HEADER + "2001,Fiji,1.5\n")
    message = refusal(source, dataset, tmp_path)
    assert f"a.csv, row 2: the column 'tonnes' cannot keep {number} exactly" in message
    assert "from -9007199254740992 to 9007199254740992" in message


@pytest.mark.parametrize("value", [str(2**53 + 1), "1e400"])
def test_a_number_that_no_fraction_of_its_own_file_keeps_is_refused(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path, value: str
) -> None:
    source = folder(a=HEADER + f"2001,Fiji,1.5\n2001,Fiji,\n2001,Fiji,{value}\n")
    message = refusal(source, dataset, tmp_path)
    assert f"a.csv, row 3: the column 'tonnes' cannot keep {value} exactly" in message


def test_an_unsigned_number_that_no_signed_column_keeps_is_refused_with_its_row(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder()
    largest = pa.array([1, 2**64 - 1], pa.uint64())
    others = {"year": [1, 1], "fishing_entity": ["Fiji", "Fiji"], "tonnes": [1, 1]}
    pq.write_table(pa.table({"code": largest, **others}), source / "a.parquet")
    pq.write_table(pa.table({"code": [1, 1], **others}), source / "b.parquet")
    message = refusal(source, dataset, tmp_path)
    assert "a.parquet, row 2: the column 'code' cannot keep 18446744073709551615" in message
    assert "allowed is what int64 holds" in message


@pytest.mark.parametrize("code", ["007", "-01", "00.5", "12345678901234567890"])
def test_a_column_of_codes_stays_text_in_every_csv_file(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path, code: str
) -> None:
    header = HEADER.replace("\n", ",Code\n")
    source = folder(
        a=header + f"2001,Fiji,1,{code}\n2001,Fiji,1,\n", b=header + "2001,Fiji,1.5,8\n"
    )
    prepare(source, dataset=dataset, into=tmp_path / "out")
    kept = [
        pq.read_table(tmp_path / "out" / f"{name}.parquet")["code"].to_pylist() for name in "ab"
    ]
    assert kept == [[code, None], ["8"]]


def test_a_code_in_a_column_of_numbers_is_named_with_its_row(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\n2002,Fiji,007\n")
    message = refusal(source, dataset, tmp_path)
    assert "the column 'tonnes' must hold finite numbers, but row 2 has '007'" in message
    assert "no zeros before a number" in message


def test_utf16_is_refused_as_what_it_is(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes((HEADER + "2001,Fiji,1\n").encode("utf-16"))
    assert "a.csv: is UTF-16 text" in refusal(tmp_path / "data", dataset, tmp_path)


@pytest.mark.parametrize("divider", [";", "\t", "|"])
def test_another_divider_than_the_comma_is_named(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path, divider: str
) -> None:
    source = folder(a=(HEADER + "2001,Fiji,1\n").replace(",", divider))
    assert f"divided by {divider!r}" in refusal(source, dataset, tmp_path)


def test_a_file_in_a_folder_further_down_is_refused_rather_than_left_out(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\n")
    (source / "more").mkdir()
    (source / "more" / "b.csv").write_text(HEADER)
    message = refusal(source, dataset, tmp_path)
    assert str(source / "more" / "b.csv") in message
    assert f"DATA={source / 'more'}" in message


def test_a_file_two_folders_down_is_refused_as_well(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\n")
    (source / "x" / "y").mkdir(parents=True)
    (source / "x" / "y" / "b.CSV").write_text(HEADER)
    (source / "x" / "circle").symlink_to(source)
    assert f"DATA={source / 'x' / 'y'}" in refusal(source, dataset, tmp_path)


def test_files_of_other_kinds_are_left_out_by_name(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\n")
    (source / "x" / ".hidden").mkdir(parents=True)
    for name in ("b.tsv.gz", "c.tsv", "d.xml", "x/e.txt", ".hidden.csv", "x/.hidden/f.csv"):
        (source / name).write_text("data")
    prepared = prepare(source, dataset=dataset, into=tmp_path / "out")
    assert [str(file) for file in prepared.left_out] == ["b.tsv.gz", "c.tsv", "d.xml", "x/e.txt"]


def test_a_link_to_no_file_is_refused_by_name(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\n")
    (source / "b.csv").symlink_to(source / "nowhere.csv")
    assert "b.csv: is no file, or a link to none" in refusal(source, dataset, tmp_path)


def test_a_missing_required_column_is_named_with_those_that_are_there(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    message = refusal(folder(a="year,country,tonnes\n2001,Fiji,1\n"), dataset, tmp_path)
    assert "a.csv: lacks fishing_entity" in message
    assert "it has year, country, tonnes" in message
    assert "[[renames]] in datasets/catch.toml" in message
    assert "make new NAME=" in message


def test_a_column_that_comes_twice_after_the_rename_is_refused(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(EEZ="year,country,fishing_entity,tonnes\n2001,Fiji,Fiji,1\n")
    message = refusal(source, dataset, tmp_path)
    assert "has the column 'fishing_entity' 2 times after renaming" in message
    assert "(country, fishing_entity)" in message


def test_a_type_conflict_names_both_files_and_types(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    header = HEADER.replace("\n", ",score\n")
    source = folder(a=header + "2001,Fiji,1.5,good\n", b=header + "2001,Fiji,1.5,7.5\n")
    message = refusal(source, dataset, tmp_path)
    assert "column 'score' is string in a.csv but double in b.csv" in message
    assert "declare it in datasets/catch.toml" in message


def test_text_among_the_numbers_is_named_with_its_row(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\nn/a,Fiji,1\n")
    message = refusal(source, dataset, tmp_path)
    assert "a.csv: the column 'year' must hold whole numbers, but row 2 has 'n/a'" in message


def test_two_files_that_would_become_one_are_refused(
    folder: Callable[..., Path], dataset: Dataset, tmp_path: Path
) -> None:
    source = folder(a=HEADER + "2001,Fiji,1\n")
    pq.write_table(pa.table({"year": [2001]}), source / "a.parquet")
    assert "a.csv and a.parquet would both become a.parquet" in refusal(source, dataset, tmp_path)


def test_the_real_files_keep_every_value(real_data: Path, tmp_path: Path, dataset: Dataset) -> None:
    prepare(real_data, dataset=dataset, into=tmp_path)
    files = list(real_data.glob("*.parquet"))
    assert files
    for file in files:
        real = pq.read_table(file)
        renames = dataset.renames_for(file.name)
        real = real.rename_columns([renames.get(name, name) for name in real.column_names])
        assert pq.read_table(tmp_path / file.name).cast(real.schema).equals(real)
