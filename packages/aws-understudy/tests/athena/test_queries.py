# ruff: noqa: S608 - SQL made of this test's own names
"""Queries over tables: what is read, what it costs, what the result looks like."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from botocore.exceptions import ClientError
from understudy_support.emulated import POLLS, Session, unique

if TYPE_CHECKING:
    from understudy_support.emulated import Emulated


def chunk_bytes(body: bytes, *columns: str) -> int:
    metadata = pq.ParquetFile(io.BytesIO(body)).metadata
    group = metadata.row_group(0)
    chunks = [group.column(i) for i in range(group.num_columns)]
    return sum(c.total_compressed_size for c in chunks if c.path_in_schema in columns)


def test_only_the_column_chunks_that_a_query_needs_are_scanned(
    emulated: Emulated, session: Session
) -> None:
    bucket = emulated.bucket()
    body = emulated.put_parquet(
        bucket, "t/1.parquet", a=list(range(500)), b=["x"] * 500, c=[1.5] * 500
    )
    session.crawl(f"s3://{bucket}/t/")
    assert session.query("SELECT sum(a) FROM t").scanned == chunk_bytes(body, "a")
    assert session.query("SELECT a FROM t WHERE b = 'x'").scanned == chunk_bytes(body, "a", "b")
    assert session.query("SELECT * FROM t").scanned == chunk_bytes(body, "a", "b", "c")
    through = "WITH v AS (SELECT * FROM t) SELECT max(c) FROM v"
    assert session.query(through).scanned == chunk_bytes(body, "c")
    assert session.query("SELECT count(*) FROM t").scanned == 0


def test_partitions_that_the_where_excludes_are_not_scanned(
    emulated: Emulated, session: Session
) -> None:
    bucket = emulated.bucket()
    sizes = {
        year: chunk_bytes(
            emulated.put_parquet(bucket, f"t/year={year}/1.parquet", a=list(range(year))), "a"
        )
        for year in (10, 100, 1000)
    }
    session.crawl(f"s3://{bucket}/t/")
    hundred = session.query("SELECT count(a), max(year) FROM t WHERE year = '100'")
    assert (hundred.rows(), hundred.scanned) == ([["100", "100"]], sizes[100])
    two = session.query("SELECT sum(a) FROM t x WHERE x.year IN ('10', '100') AND a > 3")
    assert two.scanned == sizes[10] + sizes[100]
    either = session.query("SELECT count(*) FROM t WHERE year = '10' OR a = 999")
    assert (either.rows(), either.scanned) == ([["11"]], sum(sizes.values()))
    joined = "SELECT count(*) FROM t x JOIN t y ON x.a = y.a WHERE x.year = '10' AND y.year = '100'"
    assert session.query(joined).rows() == [["10"]]


def test_a_column_that_a_file_lacks_is_null(emulated: Emulated, session: Session) -> None:
    bucket = emulated.bucket()
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    emulated.put_parquet(bucket, "t/2.parquet", a=[2.5], b=["x"])
    session.crawl(f"s3://{bucket}/t/")
    assert session.rows("SELECT a, b FROM t ORDER BY a") == [["1.0", None], ["2.5", "x"]]


def test_the_path_of_a_rows_file_can_be_asked_for_and_is_not_in_the_star(
    emulated: Emulated, session: Session
) -> None:
    bucket = emulated.bucket()
    for name, value in (("1", 5), ("2", 6)):
        emulated.put_parquet(bucket, f"t/{name}.parquet", a=[value])
    session.crawl(f"s3://{bucket}/t/")
    query = session.query('SELECT "$path", a FROM t ORDER BY a')
    assert query.rows() == [
        [f"s3://{bucket}/t/1.parquet", "5"],
        [f"s3://{bucket}/t/2.parquet", "6"],
    ]
    assert session.rows("SELECT * FROM t WHERE \"$path\" LIKE '%1.parquet'") == [["5"]]


def test_csv_and_json_are_read_as_their_serdes_do(emulated: Emulated, session: Session) -> None:
    bucket = emulated.bucket()
    csv = 'id,name,price\n1,"ann",2.5\n2,,\n'
    emulated.put(bucket, "text/a.csv", csv)
    lines = '{"id": 1, "tags": ["a", "b"], "at": {"x": 1.5}}\n{"id": 2}\n'
    emulated.put(bucket, "lines/a.json", lines)
    session.crawl(f"s3://{bucket}/text/")
    session.crawl(f"s3://{bucket}/lines/")
    text = session.query("SELECT id, name, price FROM text ORDER BY id")
    # LazySimpleSerDe keeps quotes, and takes an empty field of text as empty text.
    assert text.rows() == [["1", '"ann"', "2.5"], ["2", "", None]]
    assert text.scanned == len(csv)
    rows = session.rows("SELECT id, cardinality(tags), tags, at.x FROM lines ORDER BY id")
    assert rows == [["1", "2", "[a, b]", "1.5"], ["2", None, None, None]]


def test_the_result_object_is_where_it_says_with_every_value_quoted(
    emulated: Emulated, session: Session
) -> None:
    sql = """SELECT * FROM (VALUES (1, 'say "hi"', NULL), (2, '', 1.5e0)) AS t (N, word, Price)"""
    query = session.query(sql)
    folder = f"s3://{session.results}/answers/"
    assert query.location == f"{folder}{query.execution['QueryExecutionId']}.csv"
    assert emulated.read(query.location) == (
        '"n","word","price"\n"1","say ""hi""",\n"2","","1.5"\n'
    )
    assert query.lines()[0] == ["n", "word", "price"]
    assert query.types() == ["integer", "varchar", "double"]


def test_results_come_in_pages_and_the_header_is_the_first_row(
    emulated: Emulated, session: Session
) -> None:
    query = session.query("SELECT x FROM UNNEST(sequence(1, 2500)) AS t (x) ORDER BY x")
    first = emulated.client("athena").get_query_results(
        QueryExecutionId=query.execution["QueryExecutionId"]
    )
    assert len(first["ResultSet"]["Rows"]) == 1000
    assert [row[0] for row in query.lines()] == ["x", *map(str, range(1, 2501))]


def test_names_are_lower_case_and_what_has_none_is_called_by_its_place(session: Session) -> None:
    query = session.query("SELECT 1 AS Country, count(*), 'x' AS \"Big Name\"")
    assert query.lines()[0] == ["country", "_col1", "big name"]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT a\nFROM nope", "TABLE_NOT_FOUND: line 2:6: Table 'awsdatacatalog.{db}.nope' does"),
        ("SELECT a FROM nodb.t", "SCHEMA_NOT_FOUND: line 1:15: Schema 'nodb' does not exist"),
        ("SELECT a FROM x.y.z", "CATALOG_NOT_FOUND: line 1:15: Catalog 'x' does not exist"),
        ("SELECT b FROM (SELECT 1 AS a)", "COLUMN_NOT_FOUND: line 1:8: Column 'b' cannot be"),
        ("SELECT 1 +", "SYNTAX_ERROR: line 1:"),
        ("SELEKT 1", "SYNTAX_ERROR: line 1:1: mismatched input 'SELEKT'"),
        ("SELECT 1; SELECT 2", "SYNTAX_ERROR: line 1:1: Only one sql statement is allowed"),
        ("SELECT no_such(1)", "FUNCTION_NOT_FOUND: line 1:8: Function 'no_such' not registered"),
        ("SELECT list_sum(ARRAY[1])", "FUNCTION_NOT_FOUND: line 1:8: Function 'list_sum'"),
        ("SELECT 1 / 0", "DIVISION_BY_ZERO: Division by zero"),
        ("SELECT 1 % 0", "DIVISION_BY_ZERO: Division by zero"),
        ("SELECT 1.0 / 0", "DIVISION_BY_ZERO: Division by zero"),
        ("SELECT CAST('x' AS INTEGER)", "INVALID_CAST_ARGUMENT: "),
        ("SELECT a, sum(b) FROM (VALUES (1, 2)) AS t (a, b)", "EXPRESSION_NOT_AGGREGATE: line 1:8"),
        ("SELECT ?", "INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters"),
        ("VACUUM t", "NOT_SUPPORTED: The statement VACUUM T"),
        ("EXPLAIN ANALYZE SELECT 1", "NOT_SUPPORTED: "),
    ],
)
def test_a_wrong_query_fails_by_athenas_error_names(
    session: Session, *, sql: str, reason: str
) -> None:
    query = session.query(sql)
    assert query.state == "FAILED"
    assert query.reason.startswith(reason.format(db=session.database))
    assert query.execution["Status"]["AthenaError"]["ErrorMessage"] == query.reason
    with pytest.raises(ClientError, match="Final query state: FAILED"):
        query.athena.get_query_results(QueryExecutionId=query.execution["QueryExecutionId"])


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM \"read_csv\"('/etc/hostname')",
        "SELECT * FROM read_text('/etc/hostname') AS read_text",
        "SELECT * FROM glob('/etc/*') AS glob",
        "SELECT * FROM '/etc/hostname'",
        'SELECT * FROM "/etc/hostname"',
        "COPY (SELECT 1) TO '/tmp/understudy-copied'",
        "ATTACH '/tmp/understudy-attached.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "SELECT getenv('HOME')",
        "CREATE TABLE understudy_t AS SELECT * FROM read_csv('/etc/hostname') AS read_csv",
        "SELECT * FROM read_parquet('http://127.0.0.1:1/x') AS read_parquet",
        "EXPORT DATABASE '/tmp/understudy-exported'",
    ],
)
def test_nothing_of_the_host_is_within_reach_of_sql(session: Session, sql: str) -> None:
    query = session.query(sql)
    assert query.state == "FAILED"
    name = query.reason.partition(":")[0]
    assert name in {
        "FUNCTION_NOT_FOUND",
        "NOT_SUPPORTED",
        "PERMISSION_DENIED",
        "SYNTAX_ERROR",
        "TABLE_NOT_FOUND",
    }


def test_a_file_whose_type_is_not_the_tables_is_bad_data(
    emulated: Emulated, session: Session
) -> None:
    bucket = emulated.bucket()
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    session.crawl(f"s3://{bucket}/t/")
    emulated.put_parquet(bucket, "t/2.parquet", a=["x"])
    query = session.query("SELECT a FROM t")
    assert query.reason.startswith("HIVE_BAD_DATA: Field a's type string in parquet file s3://")


def test_a_running_query_can_be_stopped(session: Session) -> None:
    numbers = "UNNEST(sequence(1, 200000))"
    sql = (
        f"SELECT count(*) FROM {numbers} AS a (x) CROSS JOIN {numbers} AS b (y) WHERE x % 7 = y % 5"
    )
    execution_id = session.start(sql)
    session.emulated.client("athena").stop_query_execution(QueryExecutionId=execution_id)
    assert session.wait(execution_id).state == "CANCELLED"


def test_the_same_client_token_gives_the_same_execution(session: Session) -> None:
    token = unique("token").ljust(40, "0")
    first = session.start("SELECT 1", ClientRequestToken=token)
    assert session.start("SELECT 1", ClientRequestToken=token) == first
    with pytest.raises(ClientError, match="Idempotent parameters do not match"):
        session.start("SELECT 2", ClientRequestToken=token)


def test_executions_are_found_by_id_and_unknown_ones_are_said_to_be(session: Session) -> None:
    query = session.query("SELECT 1")
    known = query.execution["QueryExecutionId"]
    answer = query.athena.batch_get_query_execution(QueryExecutionIds=[known, "x"])
    assert [e["QueryExecutionId"] for e in answer["QueryExecutions"]] == [known]
    assert [u["QueryExecutionId"] for u in answer["UnprocessedQueryExecutionIds"]] == ["x"]
    with pytest.raises(ClientError, match="QueryExecution x was not found"):
        query.athena.get_query_execution(QueryExecutionId="x")
    statistics = query.athena.get_query_runtime_statistics(QueryExecutionId=known)
    assert statistics["QueryRuntimeStatistics"]["Rows"]["OutputRows"] == 1


def test_decimals_sums_and_times_have_athenas_types(session: Session) -> None:
    query = session.query(
        "SELECT sum(x), count(*), CAST(1.5 AS DECIMAL(10, 2)), DATE '2020-01-01', now(), "
        "ARRAY[1], MAP(ARRAY['a'], ARRAY[1]), CAST(ROW(1) AS ROW(x BIGINT)), true, "
        "TIMESTAMP '2020-01-01 00:00:00', CAST(1 AS REAL) FROM (VALUES 1, 2) AS t (x)"
    )
    assert query.types() == [
        *("bigint", "bigint", "decimal", "date", "timestamp with time zone"),
        *("array", "map", "row", "boolean", "timestamp", "float"),
    ]
    assert query.rows()[0][2] == "1.50"
    metadata = query.result_set()["ResultSetMetadata"]["ColumnInfo"][2]
    assert (metadata["Precision"], metadata["Scale"]) == (10, 2)


def test_large_integers_keep_their_digits(emulated: Emulated, session: Session) -> None:
    bucket = emulated.bucket()
    emulated.put_parquet(bucket, "t/1.parquet", a=pa.array([2**62, 2**61, None], pa.int64()))
    session.crawl(f"s3://{bucket}/t/")
    rows = session.rows("SELECT a, a / 2 FROM t ORDER BY a DESC")
    assert rows == [
        [str(2**62), str(2**61)],
        [str(2**61), str(2**60)],
        [None, None],
    ]


def test_gzipped_csv_is_read(emulated: Emulated, session: Session) -> None:
    bucket = emulated.bucket()
    emulated.put(bucket, "t/a.csv.gz", gzip.compress(b"a,b\n1,x\n2,y\n", mtime=0))
    session.crawl(f"s3://{bucket}/t/")
    assert session.rows("SELECT sum(a), max(b) FROM t") == [["3", "y"]]


def test_a_cte_hides_a_table_of_its_name_and_may_read_it(
    emulated: Emulated, session: Session
) -> None:
    bucket = emulated.bucket()
    emulated.put_parquet(bucket, "t/1.parquet", a=[1, 2, 3])
    session.crawl(f"s3://{bucket}/t/")
    sql = "WITH t AS (SELECT a * 10 AS a FROM t WHERE a > 1) SELECT sum(a) FROM t"
    assert session.rows(sql) == [["50"]]
    nested = "SELECT (SELECT max(a) FROM t), a FROM t WHERE a IN (SELECT min(a) FROM t)"
    assert session.rows(nested) == [["3", "1"]]
    recursive = (
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 4) "
        "SELECT sum(x) FROM n"
    )
    assert session.rows(recursive) == [["10"]]


def test_joins_over_tables_and_partitions_of_dates_and_null_keys(
    emulated: Emulated, session: Session
) -> None:
    bucket = emulated.bucket()
    emulated.put_parquet(bucket, "p/d=2020-01-01/1.parquet", a=[1])
    emulated.put_parquet(bucket, "p/d=__HIVE_DEFAULT_PARTITION__/1.parquet", a=[2])
    session.crawl(f"s3://{bucket}/p/")
    assert session.rows("SELECT a FROM p WHERE d IS NULL") == [["2"]]
    assert session.rows("SELECT a FROM p WHERE CAST(d AS DATE) < DATE '2021-01-01'") == [["1"]]
    outer = "SELECT x.a, y.a FROM p x LEFT JOIN p y ON x.a = y.a AND y.d IS NULL ORDER BY 1"
    assert session.rows(outer) == [["1", None], ["2", "2"]]


def test_each_change_of_state_is_an_event(emulated: Emulated, session: Session) -> None:
    events, sqs = emulated.client("events"), emulated.client("sqs")
    queue = sqs.create_queue(QueueName=unique("q"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    rule = unique("rule")
    pattern = {"source": ["aws.athena"], "detail": {"currentState": ["FAILED"]}}
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    target = {"Id": "q", "Arn": arn["Attributes"]["QueueArn"]}
    events.put_targets(Rule=rule, Targets=[target])
    failed = session.query("SELECT 1 / 0")
    messages = None
    for _ in range(POLLS):
        messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages")
        if messages:
            break
    events.remove_targets(Rule=rule, Ids=["q"])
    assert messages
    detail = json.loads(messages[0]["Body"])["detail"]
    assert detail["queryExecutionId"] == failed.execution["QueryExecutionId"]
    assert detail["athenaError"]["errorMessage"] == "DIVISION_BY_ZERO: Division by zero"


def test_a_table_that_no_crawler_has_filled_is_said_to_have_no_columns(
    emulated: Emulated, session: Session
) -> None:
    emulated.client("glue").create_table(
        DatabaseName=session.database,
        TableInput={"Name": "t", "StorageDescriptor": {"Columns": [], "Location": "s3://x/"}},
    )
    reason = session.query("SELECT * FROM t").reason
    assert reason.startswith(f"HIVE_INVALID_METADATA: Table {session.database}.t has no columns")


def test_a_table_over_a_missing_bucket_names_the_bucket(
    emulated: Emulated, session: Session
) -> None:
    storage = {
        "Columns": [{"Name": "a", "Type": "bigint"}],
        "Location": "s3://no-such-bucket-here/t/",
        "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
    }
    emulated.client("glue").create_table(
        DatabaseName=session.database, TableInput={"Name": "t", "StorageDescriptor": storage}
    )
    assert session.query("SELECT * FROM t").reason == (
        'HIVE_INVALID_METADATA: The bucket "no-such-bucket-here" does not exist.'
    )
