"""Statements that change tables, keep statements, and read text by an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from understudy_support.emulated import Emulated, Session


def _table(session: Session, emulated: Emulated) -> str:
    bucket = emulated.bucket()
    emulated.put(bucket, "t/a.csv", "1,x\n2,y\n")
    made = session.query(
        "CREATE EXTERNAL TABLE t (a int, b string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' "
        f"LOCATION 's3://{bucket}/t/'"
    )
    assert made.state == "SUCCEEDED", made.reason
    return bucket


def test_a_column_is_added_and_is_null_in_old_files(session: Session, emulated: Emulated) -> None:
    _table(session, emulated)
    assert session.query("ALTER TABLE t ADD COLUMNS (c double COMMENT 'new')").state == "SUCCEEDED"
    assert session.rows("SELECT a, c FROM t ORDER BY a") == [["1", None], ["2", None]]


def test_columns_are_replaced(session: Session, emulated: Emulated) -> None:
    _table(session, emulated)
    assert session.query("ALTER TABLE t REPLACE COLUMNS (z bigint)").state == "SUCCEEDED"
    assert session.rows("SELECT * FROM t ORDER BY z") == [["1"], ["2"]]


def test_a_column_is_changed(session: Session, emulated: Emulated) -> None:
    _table(session, emulated)
    assert session.query("ALTER TABLE t CHANGE COLUMN a n string").state == "SUCCEEDED"
    assert session.rows("SELECT n || b FROM t ORDER BY n") == [["1x"], ["2y"]]


def test_a_column_that_is_there_is_not_added(session: Session, emulated: Emulated) -> None:
    _table(session, emulated)
    assert session.query("ALTER TABLE t ADD COLUMNS (b int)").reason.startswith("ALREADY_EXISTS")


def test_a_table_moves_to_another_location(session: Session, emulated: Emulated) -> None:
    bucket = _table(session, emulated)
    emulated.put(bucket, "u/a.csv", "7,z\n")
    moved = session.query(f"ALTER TABLE t SET LOCATION 's3://{bucket}/u/'")
    assert moved.state == "SUCCEEDED", moved.reason
    assert session.rows("SELECT a FROM t") == [["7"]]


def test_properties_are_set(session: Session, emulated: Emulated) -> None:
    _table(session, emulated)
    changed = session.query("ALTER TABLE t SET TBLPROPERTIES ('skip.header.line.count'='1')")
    assert changed.state == "SUCCEEDED"
    assert session.rows("SELECT a FROM t") == [["2"]]


def test_a_statement_is_prepared_executed_and_forgotten(session: Session) -> None:
    assert session.query("PREPARE p1 FROM SELECT ? + 1").state == "SUCCEEDED"
    assert session.rows("EXECUTE p1 USING 41") == [["42"]]
    assert session.query("DEALLOCATE PREPARE p1").state == "SUCCEEDED"
    assert session.query("EXECUTE p1 USING 41").reason.startswith("NOT_FOUND")


def test_what_is_no_sql_is_not_prepared(session: Session) -> None:
    assert session.query("PREPARE p2 FROM SELECT 1 +").reason.startswith("SYNTAX_ERROR")


def test_what_is_not_prepared_is_not_forgotten(session: Session) -> None:
    assert session.query("DEALLOCATE PREPARE nope").reason.startswith("NOT_FOUND")


def test_text_is_read_by_a_regular_expression(session: Session, emulated: Emulated) -> None:
    bucket = emulated.bucket()
    emulated.put(bucket, "l/a.log", "GET /a 200\nbroken\nPUT /b 503\n")
    made = session.query(
        "CREATE EXTERNAL TABLE l (verb string, path string, code int) "
        "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' "
        "WITH SERDEPROPERTIES ('input.regex'='^(\\\\w+) (\\\\S+) ([0-9]+)$') "
        f"LOCATION 's3://{bucket}/l/'"
    )
    assert made.state == "SUCCEEDED", made.reason
    rows = session.rows("SELECT verb, path, code + 1 FROM l ORDER BY 1")
    assert rows == [["GET", "/a", "201"], ["PUT", "/b", "504"], [None, None, None]]


def test_a_table_is_made_of_a_timestamp(session: Session) -> None:
    sql = "CREATE TABLE s WITH (is_external = true, table_type = 'HIVE') AS "
    made = session.query(f"{sql} SELECT timestamp '2020-01-02 03:04:05' AS t, 1.5 AS d")
    assert made.state == "SUCCEEDED", made.reason
    assert session.rows("SELECT t, d FROM s") == [["2020-01-02 03:04:05.000", "1.5"]]


def test_malformed_json_is_a_row_of_nulls_where_the_table_says_so(
    session: Session, emulated: Emulated
) -> None:
    bucket = emulated.bucket()
    emulated.put(bucket, "j/a.json", '{"a": 1}\nbroken\n')
    made = session.query(
        "CREATE EXTERNAL TABLE j (a int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' "
        f"WITH SERDEPROPERTIES ('ignore.malformed.json'='true') LOCATION 's3://{bucket}/j/'"
    )
    assert made.state == "SUCCEEDED", made.reason
    assert session.rows("SELECT a FROM j ORDER BY a") == [["1"], [None]]
