# ruff: noqa: S608 - SQL made of this test's own names
"""Statements that change the catalog, and those that show it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from understudy_support.emulated import Emulated, Session


@pytest.fixture
def data(emulated: Emulated, session: Session) -> str:
    """A bucket with the crawled table ``t`` of columns a, b."""
    bucket = emulated.bucket()
    emulated.put_parquet(bucket, "t/1.parquet", a=[1, 2, 3], b=["x", "y", "x"])
    session.crawl(f"s3://{bucket}/t/")
    return bucket


def lines_of(session: Session, sql: str) -> list[str | None]:
    """Run a statement that gives one column, without a header."""
    query = session.query(sql)
    return [row[0] if row else None for row in query.lines()]


@pytest.mark.usefixtures("data")
def test_a_view_is_stored_as_athena_stores_it_and_answers(
    emulated: Emulated, session: Session
) -> None:
    lines_of(session, "CREATE VIEW v AS SELECT b AS Name, sum(a) AS Total FROM t GROUP BY b")
    table = emulated.tables(session.database)["v"]
    assert table["TableType"] == "VIRTUAL_VIEW"
    assert table["Parameters"]["presto_view"] == "true"
    text = table["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
    view = json.loads(base64.b64decode(text))
    assert view["originalSql"] == "SELECT b AS Name, sum(a) AS Total FROM t GROUP BY b"
    assert view["columns"] == [
        {"name": "name", "type": "varchar"},
        {"name": "total", "type": "bigint"},
    ]
    answer = session.query("SELECT Name, total FROM v WHERE total > 2 ORDER BY 1")
    assert answer.rows() == [["x", "4"]]
    assert lines_of(session, "SHOW VIEWS") == ["v"]
    lines_of(session, "CREATE OR REPLACE VIEW v AS SELECT max(a) AS m FROM t")
    assert session.rows(f'SELECT w.m FROM "AwsDataCatalog"."{session.database}"."v" w') == [["3"]]
    assert lines_of(session, "SHOW CREATE VIEW v")[1] == "SELECT max(a) AS m FROM t"
    lines_of(session, "DROP VIEW v")
    assert session.query("SELECT * FROM v").reason.startswith("TABLE_NOT_FOUND")


@pytest.mark.usefixtures("data")
def test_a_view_of_a_view_reads_the_table(session: Session) -> None:
    lines_of(session, "CREATE VIEW one AS SELECT a FROM t WHERE a > 1")
    lines_of(session, "CREATE VIEW two AS SELECT a * 10 AS a FROM one")
    assert session.rows("SELECT sum(x.a) FROM two x JOIN one y ON x.a = y.a * 10") == [["50"]]


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE VIEW v AS SELECT nope FROM t", "COLUMN_NOT_FOUND: line 1:25"),
        ("CREATE VIEW v AS SELECT count(*) FROM t", "COLUMN_NAME_NOT_SPECIFIED: "),
        ("CREATE VIEW v AS SELECT a, a FROM t", "DUPLICATE_COLUMN_NAME: "),
        ("CREATE VIEW t AS SELECT 1 AS a", "ALREADY_EXISTS: "),
        ("CREATE TABLE t AS SELECT 1 AS a", "TABLE_ALREADY_EXISTS: "),
        ("CREATE TABLE u WITH (format = 'ORC') AS SELECT 1 AS a", "NOT_SUPPORTED: "),
        ("INSERT INTO t VALUES (1)", "TYPE_MISMATCH: "),
        ("INSERT INTO t VALUES ('x', 'y')", "TYPE_MISMATCH: "),
        ("INSERT INTO t (c) VALUES (1)", "COLUMN_NOT_FOUND: "),
        ("DROP TABLE nope", "TABLE_NOT_FOUND: "),
        ("DROP VIEW t", "TABLE_NOT_FOUND: "),
        ("MSCK REPAIR TABLE t", "INVALID_TABLE_PROPERTY: "),
        ("ALTER TABLE t RENAME TO u", "NOT_SUPPORTED: "),
        ("CREATE EXTERNAL TABLE u (a INT)", "SYNTAX_ERROR: line 1:1: CREATE EXTERNAL TABLE needs"),
        ("CREATE EXTERNAL TABLE u (a INT) STORED AS ORC LOCATION 's3://x/'", "NOT_SUPPORTED: "),
        ("EXECUTE nobodys", "NOT_FOUND: "),
        ("CREATE DATABASE a b c", "SYNTAX_ERROR: line 1:19"),
    ],
)
def test_a_wrong_statement_fails_and_changes_nothing(
    emulated: Emulated, session: Session, *, sql: str, reason: str
) -> None:
    query = session.query(sql)
    assert query.state == "FAILED"
    assert query.reason.startswith(reason)
    assert list(emulated.tables(session.database)) == ["t"]
    assert session.rows("SELECT count(*) FROM t") == [["3"]]


@pytest.mark.usefixtures("data")
def test_create_table_as_writes_parquet_and_partitions(
    emulated: Emulated, session: Session
) -> None:
    made = session.query(
        "CREATE TABLE c WITH (format = 'PARQUET', partitioned_by = ARRAY['b']) AS "
        "SELECT a, a / 2 AS half, b FROM t"
    )
    assert made.state == "SUCCEEDED", made.reason
    execution = made.execution["QueryExecutionId"]
    location = f"s3://{session.results}/answers/tables/{execution}/"
    assert emulated.tables(session.database)["c"]["StorageDescriptor"]["Location"] == location
    manifest = emulated.read(made.execution["Statistics"]["DataManifestLocation"])
    assert sorted(manifest.split()) == [f"{location}b={b}/{execution}.parquet" for b in "xy"]
    assert lines_of(session, "SHOW PARTITIONS c") == ["b=x", "b=y"]
    answer = session.rows("SELECT a, half, b FROM c ORDER BY a")
    assert answer == [["1", "0", "x"], ["2", "1", "y"], ["3", "1", "x"]]
    assert made.execution["StatementType"] == "DDL"


@pytest.mark.usefixtures("data")
def test_an_enforced_workgroup_does_not_let_a_table_choose_its_location(
    emulated: Emulated, session: Session
) -> None:
    name = f"enforced-{session.results}"
    emulated.client("athena").create_work_group(
        Name=name,
        Configuration={
            "EnforceWorkGroupConfiguration": True,
            "ResultConfiguration": {"OutputLocation": f"s3://{session.results}/own/"},
        },
    )
    sql = f"CREATE TABLE c WITH (external_location = 's3://{session.results}/x/') AS SELECT 1 AS a"
    assert "enforces its output location" in session.query(sql, WorkGroup=name).reason
    assert session.query(sql).state == "SUCCEEDED"
    again = sql.replace("TABLE c", "TABLE d")
    assert session.query(again).reason.startswith("HIVE_PATH_ALREADY_EXISTS: ")


@pytest.mark.usefixtures("data")
def test_insert_adds_rows_and_partitions(session: Session) -> None:
    lines_of(session, "CREATE TABLE c WITH (partitioned_by = ARRAY['b']) AS SELECT a, b FROM t")
    inserted = session.query("INSERT INTO c VALUES (10, 'z'), (11, 'x')")
    assert (inserted.state, inserted.execution["StatementType"]) == ("SUCCEEDED", "DML")
    lines_of(session, "INSERT INTO c (b) SELECT 'w'")
    answer = session.rows("SELECT b, count(*), sum(a) FROM c GROUP BY b ORDER BY b")
    assert answer == [["w", "1", None], ["x", "3", "15"], ["y", "1", "2"], ["z", "1", "10"]]


def test_an_external_table_over_quoted_csv_and_its_partitions(
    emulated: Emulated, session: Session
) -> None:
    bucket = emulated.bucket()
    for year, row in (("2020", '1,"a, b"'), ("2021", '2,"say \\"hi\\""')):
        emulated.put(bucket, f"e/year={year}/x.csv", f"id,name\n{row}\n")
    lines_of(
        session,
        "CREATE EXTERNAL TABLE IF NOT EXISTS e (id INT COMMENT 'key', name STRING) "
        "PARTITIONED BY (year INT) "
        "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' "
        f"LOCATION 's3://{bucket}/e/' TBLPROPERTIES ('skip.header.line.count'='1')",
    )
    assert session.rows("SELECT * FROM e") == []
    assert lines_of(session, "MSCK REPAIR TABLE e")[1:] == [
        "Repair: Added partition to metastore e:year=2020",
        "Repair: Added partition to metastore e:year=2021",
    ]
    assert lines_of(session, "MSCK REPAIR TABLE e") == []
    answer = session.query("SELECT id, name, year FROM e ORDER BY id")
    assert answer.rows() == [["1", "a, b", "2020"], ["2", 'say "hi"', "2021"]]
    assert answer.types() == ["integer", "varchar", "integer"]
    lines_of(session, "ALTER TABLE e DROP PARTITION (year = '2020')")
    assert session.rows("SELECT count(*) FROM e") == [["1"]]
    place = f"s3://{bucket}/e/year=2020/"
    lines_of(session, f"ALTER TABLE e ADD IF NOT EXISTS PARTITION (year = 1999) LOCATION '{place}'")
    assert lines_of(session, "SHOW PARTITIONS e") == ["year=1999", "year=2021"]
    assert session.rows("SELECT name FROM e WHERE year < 2000") == [["a, b"]]
    described = lines_of(session, "DESCRIBE e")
    assert [cell.strip() for cell in str(described[0]).split("\t")] == ["id", "int", "key"]
    assert "# Partition Information" in described
    assert (
        lines_of(session, "SHOW CREATE TABLE e")[0]
        == f"CREATE EXTERNAL TABLE `{session.database}.e`("
    )


@pytest.mark.usefixtures("data")
def test_parameters_take_the_places_of_question_marks(emulated: Emulated, session: Session) -> None:
    sql = "SELECT a FROM t WHERE b = ? AND a > ?"
    assert session.rows(sql, ExecutionParameters=["'x'", "1"]) == [["3"]]
    emulated.client("athena").create_prepared_statement(
        StatementName="p", WorkGroup="primary", QueryStatement=sql
    )
    executed = session.query("EXECUTE p USING 'x', 0")
    assert executed.rows() == [["1"], ["3"]]
    assert executed.location.endswith(".csv")
    injected = session.query(sql, ExecutionParameters=["'x' OR 1 = 1; DROP TABLE t", "1"])
    assert injected.state == "FAILED"
    assert session.rows(sql, ExecutionParameters=["'x'' OR 1 = 1 --'", "1"]) == []


@pytest.mark.usefixtures("data")
def test_show_and_explain(session: Session) -> None:
    assert lines_of(session, "SHOW TABLES") == ["t"]
    assert lines_of(session, f"SHOW TABLES IN {session.database} 'x*'") == []
    assert session.database in lines_of(session, "SHOW DATABASES")
    assert [str(n).strip() for n in lines_of(session, "SHOW COLUMNS IN t")] == ["a", "b"]
    explained = session.query("EXPLAIN SELECT sum(a) FROM t")
    assert "not of Athena's" in str(explained.lines()[0][0])
    assert explained.scanned == 0
    assert explained.execution["StatementType"] == "UTILITY"
    assert explained.location.endswith(".txt")


@pytest.mark.usefixtures("data")
def test_unload_writes_parquet_into_an_empty_folder(session: Session) -> None:
    folder = f"s3://{session.results}/unloaded/"
    sql = f"UNLOAD (SELECT a, b FROM t WHERE a < 3) TO '{folder}' WITH (format = 'PARQUET')"
    assert session.query(sql).state == "SUCCEEDED"
    session.crawl(folder)
    assert session.rows("SELECT sum(a) FROM unloaded") == [["3"]]
    assert session.query(sql).reason.startswith("HIVE_PATH_ALREADY_EXISTS: ")


def test_databases_are_made_and_dropped(session: Session) -> None:
    name = f"{session.database}_x"
    lines_of(session, f"CREATE DATABASE IF NOT EXISTS {name} COMMENT 'c' LOCATION 's3://x/'")
    assert session.query(f"CREATE DATABASE {name}").reason.startswith("SCHEMA_ALREADY_EXISTS: ")
    assert lines_of(session, f"SHOW DATABASES LIKE '{name}'") == [name]
    place = f"s3://{session.results}/y/"
    lines_of(
        session, f"CREATE EXTERNAL TABLE {name}.e (a INT) STORED AS PARQUET LOCATION '{place}'"
    )
    assert session.query(f"DROP DATABASE {name}").reason.startswith("SCHEMA_NOT_EMPTY: ")
    lines_of(session, f"DROP TABLE {name}.e")
    lines_of(session, f"DROP SCHEMA {name}")
    assert lines_of(session, f"SHOW DATABASES LIKE '{name}'") == []
