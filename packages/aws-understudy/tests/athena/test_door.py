"""What only the engine has stays behind the door, whatever a query calls its tables."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest
from sqlglot import exp

from aws_understudy.services.athena.engine import open_engine
from aws_understudy.services.athena.errors import QueryError
from aws_understudy.services.athena.sql.bind.calls import RUN
from aws_understudy.services.athena.sql.parse import parse_query

if TYPE_CHECKING:
    from understudy_support.emulated import Session

WAYS = (
    "select {name}()",
    "select {name}('a')",
    "select \"{name}\"('a')",
    "select * from {name}()",
    "select * from {name}('a')",
    "select * from \"{name}\"('a')",
    "select * from main.{name}('a')",
    "select main.{name}('a')",
    "select 'a'.{name}()",
    "select x.{name}() from (values 1) as x (a)",
    "with {name} as (select 1 as a) select * from {name}()",
    "with {name} as (select 1 as a) select {name}('a') from {name}",
    "with {name} (a) as (select 1) select {name}(a) from {name}",
    "select {name}(1) from (values 1) as {name} (a)",
    "select {name}(a) as {name} from (values 1) as t (a)",
    "select * from (select 1 as a) as {name} where {name}(a) = 1",
    "select transform(array[1], {name} -> {name}({name}))",
    "select 1 from (values 1) as t (a) order by {name}(a)",
    "select * from table({name}('a'))",
    "select * from (values 1) as t (a) cross join lateral {name}(a)",
    "select count(*) over (partition by {name}(a)) from (values 1) as t (a)",
)
FOREIGN = (
    "select 1::varchar", "from range(5)", "select * from 'file.csv'", "select * from read_csv('f')",
    "pragma version", "attach 'x' as y", "copy (select 1) to 'f'", "set threads = 1",
    "call pragma_version()", "summarize select 1", "select * from t pivot (sum(a) for b in (1))",
    "select {'a': 1}", "select [1, 2]", "select x'zz'", "select * exclude (a) from t",
    "select columns('a')", "select $1", "install httpfs", "load httpfs", "describe select 1",
)  # fmt: skip


def engine_functions() -> list[str]:
    """Every name that the engine can call, but those in the table and UNNEST, which Trino has."""
    with open_engine() as engine:
        rows = engine.execute("select distinct lower(function_name) from duckdb_functions()")
        names = {str(name) for (name,) in rows.fetchall()}
    return sorted(
        name for name in names - RUN - {"unnest"} if re.fullmatch(r"[a-z_][a-z0-9_]*", name)
    )


def is_refused(sql: str) -> bool:
    try:
        parse_query(sql)
    except QueryError:
        return True
    return False


@pytest.mark.parametrize("way", WAYS)
def test_no_function_of_the_engine_is_reached(way: str) -> None:
    names = engine_functions()
    assert len(names) > 300
    assert [name for name in names if not is_refused(way.format(name=name))] == []


@pytest.mark.parametrize("sql", FOREIGN)
def test_what_only_the_engine_s_grammar_has_is_refused(sql: str) -> None:
    assert is_refused(sql)


@pytest.mark.parametrize("name", ["max", "query", "duckdb_settings"])
@pytest.mark.parametrize(
    "sql",
    [
        "with {name} (a) as (select 1) select a from {name}",
        "with {name} as (select 1 as a) select {name}.a from {name}",
        "select a from (values 1, 2) as {name} (a)",
        "select 1 as {name}",
    ],
)
def test_a_table_or_a_column_may_bear_any_name(name: str, sql: str) -> None:
    tree = parse_query(sql.format(name=name))

    assert name in {identifier.name for identifier in tree.find_all(exp.Identifier)}


@pytest.mark.parametrize(
    "sql",
    [
        "with duckdb_settings as (select 1 as a) select * from duckdb_settings()",
        "with query as (select 1 as a) select * from query('select 42')",
        "select version() from (values 1) as version (a)",
    ],
)
def test_a_running_query_is_refused_by_its_function(session: Session, sql: str) -> None:
    ended = session.query(sql)
    assert ended.state == "FAILED"
    assert any(
        word in ended.reason
        for word in ("not registered", "mismatched", "NOT_SUPPORTED", "not support")
    ), ended.reason


@pytest.mark.parametrize(
    "location",
    ["file:///etc/", "http://127.0.0.1/", "/etc/passwd", "data", "s3://", "S3://b/", "s3:/b"],
)
@pytest.mark.parametrize(
    "statement",
    [
        "create external table outside (a int) location '{location}'",
        "create table outside with (external_location = '{location}') as select 1 as a",
        "unload (select 1 as a) to '{location}' with (format = 'PARQUET')",
        "create database outside location '{location}'",
    ],
)
def test_a_location_outside_s3_is_refused(session: Session, statement: str, location: str) -> None:
    ended = session.query(statement.format(location=location))
    assert ended.state == "FAILED"
    assert ended.reason.startswith(f"INVALID_TABLE_PROPERTY: The location {location!r}")


def test_a_partition_outside_s3_is_refused(session: Session) -> None:
    table = f"create external table parted (a int) partitioned by (p int) location 's3://{session.results}/p/'"
    assert session.query(table).state == "SUCCEEDED"
    ended = session.query("alter table parted add partition (p = 1) location 'file:///etc/'")
    assert ended.reason.startswith("INVALID_TABLE_PROPERTY: The location 'file:///etc/'")


@pytest.mark.parametrize("serde", ["LazySimpleSerDe", "OpenCSVSerde", "JsonSerDe"])
def test_a_file_that_is_not_utf_8_is_named(session: Session, serde: str) -> None:
    class_name = {
        "LazySimpleSerDe": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "OpenCSVSerde": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
        "JsonSerDe": "org.openx.data.jsonserde.JsonSerDe",
    }[serde]
    folder = f"latin/{serde}/"
    session.emulated.client("s3").put_object(
        Bucket=session.results, Key=f"{folder}file", Body='{"a": "é"}\n'.encode("latin-1")
    )
    name = f"latin_{serde.lower()}"
    made = session.query(
        f"create external table {name} (a string) row format serde '{class_name}' "
        f"location 's3://{session.results}/{folder}'"
    )
    assert made.state == "SUCCEEDED", made.reason
    ended = session.query(f"select a from {name}")  # noqa: S608 - a name of this test
    assert ended.reason.startswith(
        f"HIVE_BAD_DATA: s3://{session.results}/{folder}file is not UTF-8"
    )


@pytest.mark.parametrize(
    ("name", "column", "body", "reason"),
    [
        (
            "cut.csv.gz",
            "string",
            gzip.compress(bytes(range(48, 123)) * 900, mtime=0)[:-20],
            "HIVE_BAD_DATA",
        ),
        ("crc.csv.gz", "string", gzip.compress(b"a\n", mtime=0)[:-8] + b"\0" * 8, "HIVE_BAD_DATA"),
        (
            "bad.csv.gz",
            "string",
            gzip.compress(b"a\n", mtime=0)[:10] + b"\xff" * 99,
            "HIVE_BAD_DATA",
        ),
        ("long.csv", "string", b"x" * 17_000_000, "HIVE_BAD_DATA"),
        ("big.json", "bigint", b'{"a": 9223372036854775808}', "HIVE_BAD_DATA"),
        ("huge.json", "double", b'{"a": 1' + b"0" * 400 + b"}", "HIVE_BAD_DATA"),
        ("deep.json", "string", b'{"a": ' + b"[" * 100_000, "HIVE_CURSOR_ERROR"),
    ],
)
def test_a_damaged_file_is_named(
    session: Session, *, name: str, column: str, body: bytes, reason: str
) -> None:
    table = name.replace(".", "_")
    session.emulated.client("s3").put_object(
        Bucket=session.results, Key=f"damaged/{table}/{name}", Body=body
    )
    serde = (
        "row format serde 'org.openx.data.jsonserde.JsonSerDe'"
        if name.endswith("json")
        else "row format delimited fields terminated by ','"
    )
    made = session.query(
        f"create external table {table} (a {column}) {serde} "
        f"location 's3://{session.results}/damaged/{table}/'"
    )
    assert made.state == "SUCCEEDED", made.reason
    ended = session.query(f"select a from {table}")  # noqa: S608 - a name of this test
    assert ended.reason.startswith(f"{reason}: s3://{session.results}/damaged/{table}/{name}")
