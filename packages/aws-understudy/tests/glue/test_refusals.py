"""A crawl over bad data fails, says which file and why, and leaves the catalog alone."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from aws_understudy.services.glue.formats.csv_dialect import OPEN_CSV

if TYPE_CHECKING:
    from understudy_support.emulated import Emulated


ROWS_GZ = gzip.compress(
    b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(20_000)), mtime=0
)


def failure(emulated: Emulated, bucket: str, database: str) -> str:
    crawler = emulated.crawler(f"s3://{bucket}/t/", database)
    last = emulated.run_crawler(crawler)
    assert last["Status"] == "FAILED", last
    assert emulated.tables(database) == {}
    message: str = last["ErrorMessage"]
    return message


def test_a_type_conflict_names_file_column_and_both_types(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.put_parquet(bucket, "t/1.parquet", year=[2020], n=[1])
    emulated.put_parquet(bucket, "t/2.parquet", year=["2020"], n=[1])
    message = failure(emulated, bucket, database)
    assert message.startswith(
        f'Column "year" is string in s3://{bucket}/t/2.parquet '
        f"but bigint in s3://{bucket}/t/1.parquet"
    )
    assert "Rewrite" in message


def test_a_conflict_leaves_the_table_of_an_earlier_crawl_unchanged_and_a_rerun_succeeds(
    emulated: Emulated, bucket: str, database: str
) -> None:
    crawler = emulated.crawler(f"s3://{bucket}/t/", database)
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    emulated.run_crawler(crawler)
    before = emulated.tables(database)
    emulated.put_parquet(bucket, "t/2.parquet", a=["x"], b=[1])
    assert emulated.run_crawler(crawler)["Status"] == "FAILED"
    assert emulated.tables(database) == before
    emulated.client("s3").delete_object(Bucket=bucket, Key="t/2.parquet")
    assert emulated.run_crawler(crawler)["Status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    ("key", "body", "message"),
    [
        ("empty.parquet", b"", "empty.parquet is empty (0 bytes)"),
        ("empty.csv", b"", "empty.csv is empty (0 bytes)"),
        ("a.csv", b"a,b\n1,2\n1,2,3\n", "a.csv, line 3: 3 values, but the first line has 2"),
        ("a.csv", b'a,b\n1,"x,y"\n', "a.csv, line 2: a quoted value holds the delimiter ','"),
        ("a.csv", b'a,b\n1,"x\ny"\n', "a.csv, line 3: a quoted value spans lines"),
        ("a.csv", b"only\n1\n2\n", "is not recognized as CSV, JSON lines or Parquet"),
        ("a.csv", b"a,b\n1,\xff\xfe\n", "a.csv is not UTF-8 text"),
        ("a.json", b'{"a": 1}\n{"a": \n', "a.json, line 2: not JSON"),
        ("a.json", b'[{"a": 1}]', "a.json, line 1: a JSON list, not an object"),
        ("a.json", b'{"a": 1}\n{"a": "x"}\n', 'a.json, line 2: "a" is string, but bigint'),
        ("a.bin", b"\x00\x01\x02", "a.bin is a binary file"),
        ("a.orc", b"ORC....", "a.orc is ORC"),
        ("a.csv", b"a,b\n1," + b"x" * 17_000_000 + b"\n", "a.csv, line 2: is no CSV (field larger"),
        ("a.csv.gz", ROWS_GZ[:-30_000], "a.csv.gz cannot be unpacked: Compressed file ended"),
        ("a.csv.gz", ROWS_GZ[:-8] + b"\0" * 8, "a.csv.gz cannot be unpacked: CRC check failed"),
        ("a.csv.gz", ROWS_GZ[:12] + b"\xff" * 20_000, "a.csv.gz cannot be unpacked: Error -3"),
        ("a.json", b'{"a": ' + b"[" * 100_000 + b"\n", "a.json, line 1: not JSON (maximum"),
        ("a.csv", b"a,b\n" + b"1,2\n" * 2000 + b"1,\0\n", "a.csv, line 2002: holds a zero byte"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    emulated: Emulated, bucket: str, database: str, *, key: str, body: bytes, message: str
) -> None:
    emulated.put(bucket, f"t/{key}", body)
    assert message in failure(emulated, bucket, database)


def test_a_truncated_parquet_file_is_named(emulated: Emulated, bucket: str, database: str) -> None:
    whole = emulated.put_parquet(bucket, "t/1.parquet", a=list(range(1000)))
    emulated.put(bucket, "t/2.parquet", whole[: len(whole) // 2])
    message = failure(emulated, bucket, database)
    assert f"s3://{bucket}/t/2.parquet ({len(whole) // 2} bytes) is not a whole Parquet" in message
    assert "truncated; upload it again" in message


def test_two_formats_in_one_table_are_refused(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    emulated.put(bucket, "t/2.csv", "a,b\n1,x\n")
    assert "one table has one format" in failure(emulated, bucket, database)


def test_files_under_different_partition_keys_are_refused(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.put_parquet(bucket, "t/year=1/1.parquet", a=[1])
    emulated.put_parquet(bucket, "t/month=1/1.parquet", a=[1])
    assert "one table has one set of keys" in failure(emulated, bucket, database)


def test_a_missing_bucket_is_named(emulated: Emulated, database: str) -> None:
    last = emulated.run_crawler(emulated.crawler("s3://no-such-bucket-here/t/", database))
    assert last["ErrorMessage"] == (
        'Target s3://no-such-bucket-here/t/: The bucket "no-such-bucket-here" does not exist.'
    )


def test_a_csv_classifier_with_opencsvserde_reads_quoted_delimiters(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.client("glue").create_classifier(
        CsvClassifier={
            "Name": f"quoted-{database}",
            "Delimiter": ",",
            "QuoteSymbol": '"',
            "ContainsHeader": "PRESENT",
            "Serde": "OpenCSVSerDe",
        }
    )
    emulated.put(bucket, "t/a.csv", 'area,n\n"Pacific, Western Central",1\n')
    crawler = emulated.crawler(f"s3://{bucket}/t/", database, Classifiers=[f"quoted-{database}"])
    assert emulated.run_crawler(crawler)["Status"] == "SUCCEEDED"
    table = emulated.tables(database)["t"]
    assert table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"] == OPEN_CSV
    assert [c["Name"] for c in table["StorageDescriptor"]["Columns"]] == ["area", "n"]


def test_a_target_that_is_not_s3_is_refused(emulated: Emulated, bucket: str, database: str) -> None:
    crawler = emulated.crawler(f"s3://{bucket}/t/", database)
    emulated.client("glue").update_crawler(
        Name=crawler, Targets={"DynamoDBTargets": [{"Path": "x"}]}
    )
    last = emulated.run_crawler(crawler)
    assert "['DynamoDBTargets']: the emulator crawls S3 targets only" in last["ErrorMessage"]
