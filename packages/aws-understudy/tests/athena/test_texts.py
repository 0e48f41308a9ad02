"""Rules that need no emulator: how values are written, which words begin which statement."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from aws_understudy.lake.errors import LakeError, PartitionValueError, UnsupportedError
from aws_understudy.lake.hive_schema import arrow_type
from aws_understudy.services.athena import trino_types as types
from aws_understudy.services.athena.athena_types import stored_type
from aws_understudy.services.athena.errors import QueryError, of_lake
from aws_understudy.services.athena.sql.bind.runtime.dates import format_datetime
from aws_understudy.services.athena.sql.parse import parse_query
from aws_understudy.services.athena.statement import classify
from aws_understudy.services.athena.statements.ddl_text import pairs, table_name
from aws_understudy.services.athena.value_text import column_texts, double_text, real_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0"),
        (-0.5, "-0.5"),
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (0.001, "0.001"),
        (0.00099, "9.9E-4"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (12345678.9, "1.23456789E7"),
        (1e-5, "1.0E-5"),
        (1e22, "1.0E22"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
    ],
)
def test_doubles_are_written_as_java_does(*, value: float, text: str) -> None:
    assert double_text(value) == text


def test_a_real_is_written_by_its_own_digits() -> None:
    column = pa.chunked_array([pa.array([0.1, 16777216.0], pa.float32())])
    assert column_texts(column, types.REAL) == ["0.1", "1.6777216E7"]
    assert real_text(0.5) == "0.5"


def test_nested_values_are_written_with_null_as_a_word() -> None:
    rows = pa.array(
        [{"a": [1, None], "b": None}], pa.struct([("a", pa.list_(pa.int64())), ("b", pa.string())])
    )
    kind = types.row(types.array(types.BIGINT), types.VARCHAR, fields=("a", "b"))
    assert column_texts(pa.chunked_array([rows]), kind) == ["{a=[1, null], b=null}"]


@pytest.mark.parametrize(
    ("sql", "kind", "substatement"),
    [
        ("-- a comment\n/* more */ select 1;", "DML", "SELECT"),
        ("(select 1)", "DML", "SELECT"),
        ("with a as (select 1) select * from a", "DML", "SELECT"),
        ("create or replace view v as select 1", "DDL", "CREATE_VIEW"),
        ("create table t with (format='PARQUET') as select 1", "DDL", "CREATE_TABLE_AS_SELECT"),
        ("create table t as\nselect 1", "DDL", "CREATE_TABLE_AS_SELECT"),
        ("insert into t values (1)", "DML", "INSERT"),
        ("show tables", "UTILITY", "SHOW_TABLES"),
        ("describe t", "UTILITY", "DESCRIBE_TABLE"),
        ("selection", "UTILITY", "OTHER"),
    ],
)
def test_the_first_words_say_the_kind_of_a_statement(
    *, sql: str, kind: str, substatement: str
) -> None:
    statement = classify(sql)
    assert (statement.kind, statement.substatement) == (kind, substatement)


@pytest.mark.parametrize(
    "hive",
    ["bigint", "array<struct<a:int,b:map<string,double>>>", "decimal(38,2)", "timestamp", "date"],
)
def test_hive_types_become_arrow_types(hive: str) -> None:
    assert arrow_type(hive) is not None


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(LakeError, match='"money" is not a type that Athena knows'):
        arrow_type("money")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (LakeError("no bucket"), "HIVE_INVALID_METADATA: no bucket"),
        (PartitionValueError("['x']"), "HIVE_INVALID_PARTITION_VALUE: ['x']"),
        (
            UnsupportedError("The format ORC"),
            "NOT_SUPPORTED: The format ORC is not run by the emulator (Athena may run it).",
        ),
    ],
)
def test_an_error_of_the_lake_has_the_name_that_athena_gives(
    *, error: LakeError, message: str
) -> None:
    assert str(of_lake(error)) == message


@pytest.mark.parametrize(
    ("kind", "hive"),
    [
        (types.BIGINT, "bigint"),
        (types.array(types.VARCHAR), "array<string>"),
        (types.map_of(types.VARCHAR, types.INTEGER), "map<string,int>"),
        (types.row(types.INTEGER, types.VARCHAR, fields=("a", "b")), "struct<a:int,b:string>"),
        (types.decimal(10, 2), "decimal(10,2)"),
        (types.timestamp(0), "timestamp"),
    ],
)
def test_a_result_s_type_has_a_hive_type(*, kind: types.Type, hive: str) -> None:
    assert stored_type("a", kind) == hive
    assert str(types.of_hive(hive)) == str(kind) or kind.name == "timestamp"


def test_names_of_one_to_three_parts_are_read() -> None:
    assert str(table_name("T", database="d")) == "awsdatacatalog.d.t"
    assert str(table_name('"AwsDataCatalog"."Db" . `x-y`', database="d")) == "awsdatacatalog.db.x-y"
    with pytest.raises(QueryError, match="Catalog 'other' does not exist"):
        table_name("other.d.t", database="d")


def test_properties_are_read_with_and_without_quotes() -> None:
    assert pairs("'a.b'='it''s', format = 'X', n=5") == {"a.b": "it's", "format": "X", "n": "5"}


def test_a_joda_pattern_keeps_its_quoted_text() -> None:
    pattern = "yyyy-MM-dd'T'HH:mm 'o''clock'"
    moment = dt.datetime(2020, 1, 2, 3, 4)  # noqa: DTZ001 - a wall clock
    assert format_datetime(moment, "UTC", pattern) == "2020-01-02T03:04 o'clock"


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("SELECT a::int FROM t", "line 1:9: mismatched input '::'"),
        ("SELECT a FROM t\nWHERE b ILIKE 'x'", "line 2:9: mismatched input 'ILIKE'"),
        ("SELECT * EXCLUDE (a) FROM t", "line 1:10: "),
        ("SELECT DISTINCT ON (a) b FROM t", "line 1:17: "),
        ("SELECT a FROM t GROUP BY ALL", "line 1:26: "),
        ("SELECT [1, 2]", "line 1:8: "),
        ("SELECT {'a': 1}", "line 1:8: "),
        ("FROM t SELECT a", "line 1:1: "),
        ("SELECT a, FROM t", "line 1:11: "),
        ("SELECT 'a' 'b'", "line 1:12: "),
        ("SELECT a FROM t WHERE a == 1", "line 1:25: "),
        ("SELECT 1 AS", "line 1:10: "),
        ("SELECT CAST(a AS STRING) FROM t", "line 1:18: "),
        ("SELECT DATE '2020-01-01' + INTERVAL 1 DAY", "line 1:37: "),
        ("SELECT a FROM t LEFT SEMI JOIN u ON a = b", "line 1:22: "),
        ("SELECT a & b FROM t", "line 1:10: "),
        ("SELECT `a` FROM t", "line 1:"),
        ("SELECT a b c FROM t", "line 1:12: mismatched input 'c'"),
        ("SELECT a FROM t WHERE", "line 1:17: "),
    ],
)
def test_what_trinos_grammar_does_not_have_is_a_syntax_error(*, sql: str, place: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse_query(sql)
    assert str(raised.value).startswith(f"SYNTAX_ERROR: {place}")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a[1], ARRAY[1, 2][1], f.x[2] FROM t f",
        "SELECT 'a' || 'b' AS string, x AS text FROM t GROUP BY ALL x, 1",
        "SELECT INTERVAL '1' DAY, DISTINCT_X FROM t",
        "SELECT replace(a, 'x', 'y'), * FROM t",
    ],
)
def test_what_trinos_grammar_has_is_taken(sql: str) -> None:
    assert parse_query(sql) is not None
