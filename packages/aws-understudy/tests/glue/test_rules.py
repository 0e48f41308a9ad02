"""The crawler's rules that need no emulator."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from aws_understudy.lake.delimited import MAX_FIELD, row_reader
from aws_understudy.lake.errors import LakeError
from aws_understudy.lake.exclusions import excluded
from aws_understudy.lake.hive_types import UNKNOWN, common
from aws_understudy.lake.s3_objects import S3Object, hidden, split_uri
from aws_understudy.services.glue.crawl.grouping import Policy, group_files
from aws_understudy.services.glue.crawl.table_input import table_name
from aws_understudy.services.glue.errors import CrawlRefused
from aws_understudy.services.glue.formats.csv_dialect import column_type, value_type
from aws_understudy.services.glue.formats.json_format import hive_type

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def short_values() -> Iterator[None]:
    """The limit of the process is lower than that of a reader."""
    limit = csv.field_size_limit(10)
    yield
    csv.field_size_limit(limit)


@pytest.mark.usefixtures("short_values")
def test_a_value_may_be_as_long_as_the_limit_and_no_longer() -> None:
    longest = "a" * MAX_FIELD

    assert list(row_reader([f"{longest};b"], delimiter=";")) == [[longest, "b"]]
    with pytest.raises(csv.Error, match=f"field limit \\({MAX_FIELD}\\)"):
        list(row_reader([f"{longest}a;b"], delimiter=";"))


@pytest.mark.parametrize(
    ("pattern", "key", "matches"),
    [
        ("*.csv", "a.csv", True),
        ("*.csv", "x/a.csv", False),
        ("**.csv", "x/a.csv", True),
        ("old/**", "old/x/y.csv", True),
        ("a?.csv", "ab.csv", True),
        ("[ab].csv", "b.csv", True),
        ("[!ab].csv", "b.csv", False),
        ("*.{csv,txt}", "a.txt", True),
        ("*.{csv,txt}", "a.json", False),
    ],
)
def test_exclude_patterns_are_globs(*, pattern: str, key: str, matches: bool) -> None:
    assert excluded(key, [pattern]) is matches


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("bigint", "double", "double"),
        ("int", "bigint", "bigint"),
        ("float", "double", "double"),
        ("float", "int", "double"),
        (UNKNOWN, "date", "date"),
        ("date", UNKNOWN, "date"),
        ("string", "double", None),
        ("date", "timestamp", None),
        ("array<int>", "array<string>", None),
    ],
)
def test_numbers_widen_and_nothing_else_does(
    *, first: str, second: str, expected: str | None
) -> None:
    assert common(first, second) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "bigint"),
        ("-1.5", "double"),
        ("1e5", "double"),
        ("2020-02-31", "date"),
        ("2020-13-01", "string"),
        ("TRUE", "boolean"),
        ("9223372036854775808", "string"),
        ("", UNKNOWN),
        ("12a", "string"),
    ],
)
def test_csv_values_have_the_narrowest_type_that_loses_nothing(*, text: str, expected: str) -> None:
    assert value_type(text) == expected


def test_a_csv_column_of_mixed_values_is_string() -> None:
    assert column_type("bigint", "x") == "string"
    assert column_type("string", "1") == "string"


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("s3://bucket/raw/Catch-2020/", "catch_2020"),
        ("s3://data-source-12345/", "data_source_12345"),
        ("s3://bucket/raw/file.csv", "file_csv"),
    ],
)
def test_tables_are_named_after_the_last_part_of_their_location(location: str, name: str) -> None:
    assert table_name(location=location) == name


def test_a_part_of_the_path_that_begins_with_underscore_or_dot_hides_a_file() -> None:
    assert hidden("_tmp/a.csv")
    assert hidden("x/.a.csv")
    assert hidden("x_$folder$")
    assert not hidden("x/a_b.csv")


def test_folders_that_are_not_key_value_become_numbered_partitions() -> None:
    files = [S3Object(bucket="b", key=f"t/{y}/f.csv", size=1) for y in ("2020", "2021")]
    (group,) = group_files(target="s3://b/t/", files=files, policy=Policy(combine=True))
    assert group.keys == ("partition_0",)
    assert list(group.partitions) == [("2020",), ("2021",)]


def test_the_table_level_decides_the_location() -> None:
    files = [S3Object(bucket="b", key=f"raw/{t}/x/f.csv", size=1) for t in ("one", "two")]
    groups = group_files(target="s3://b/raw/", files=files, policy=Policy(level=3))
    assert [g.location for g in groups] == ["s3://b/raw/one/", "s3://b/raw/two/"]


def test_a_configuration_with_an_unknown_policy_is_refused() -> None:
    with pytest.raises(CrawlRefused, match="it may be CombineCompatibleSchemas"):
        Policy.of('{"Grouping": {"TableGroupingPolicy": "Guess"}}')


def test_a_path_that_is_not_s3_is_refused() -> None:
    with pytest.raises(LakeError, match='"/etc" is not an S3 path'):
        split_uri("/etc")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2**63 - 1, "bigint"), (2**63, "string"), (-(2**63), "bigint"), (True, "boolean")],
)
def test_a_json_number_that_no_bigint_holds_stays_text(*, value: object, expected: str) -> None:
    assert hive_type(value) == expected
