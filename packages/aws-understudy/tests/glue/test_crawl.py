"""What a crawl makes of files: tables, columns, partitions."""

from __future__ import annotations

import datetime as dt
import decimal
import gzip
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from understudy_support.emulated import Emulated


def columns(table: dict[str, Any]) -> list[tuple[str, str]]:
    return [(c["Name"], c["Type"]) for c in table["StorageDescriptor"]["Columns"]]


def crawl(emulated: Emulated, path: str, database: str, **settings: Any) -> dict[str, Any]:
    last = emulated.run_crawler(emulated.crawler(path, database, **settings))
    assert last["Status"] == "SUCCEEDED", last
    return emulated.tables(database)


def test_parquet_columns_get_their_hive_types(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.put_parquet(
        bucket,
        "raw/t/a.parquet",
        Whole=pa.array([1], pa.int64()),
        small=pa.array([1], pa.int32()),
        price=pa.array([decimal.Decimal("1.50")], pa.decimal128(10, 2)),
        at=pa.array([dt.datetime(2020, 1, 1, tzinfo=dt.UTC)], pa.timestamp("us")),
        day=pa.array([dt.date(2020, 1, 1)]),
        tags=pa.array([["a"]]),
        place=pa.array([{"lat": 1.5, "name": "x"}]),
        good=pa.array([True]),
        kind=pa.array(["a"]).dictionary_encode(),
    )
    table = crawl(emulated, f"s3://{bucket}/raw/t/", database)["t"]
    assert columns(table) == [
        ("whole", "bigint"),
        ("small", "int"),
        ("price", "decimal(10,2)"),
        ("at", "timestamp"),
        ("day", "date"),
        ("tags", "array<string>"),
        ("place", "struct<lat:double,name:string>"),
        ("good", "boolean"),
        ("kind", "string"),
    ]
    assert table["Parameters"]["recordCount"] == "1"
    assert table["Parameters"]["classification"] == "parquet"


def test_files_of_one_table_give_the_union_of_their_columns_in_first_seen_order(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.put_parquet(bucket, "t/1.parquet", b=["x"], a=[1])
    emulated.put_parquet(bucket, "t/2.parquet", c=[True], a=[2.5])
    table = crawl(emulated, f"s3://{bucket}/t/", database)["t"]
    assert columns(table) == [("b", "string"), ("a", "double"), ("c", "boolean")]
    assert table["Parameters"]["objectCount"] == "2"


def test_files_at_the_root_make_a_table_named_after_the_bucket(
    emulated: Emulated, database: str
) -> None:
    bucket = emulated.bucket("data-source-777")
    emulated.put_parquet(bucket, "1.parquet", a=[1])
    assert list(crawl(emulated, f"s3://{bucket}", database)) == ["data_source_777"]


def test_a_prefix_stands_before_the_tables_name(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.put_parquet(bucket, "catch/1.parquet", a=[1])
    tables = crawl(emulated, f"s3://{bucket}/catch", database, TablePrefix="raw_")
    assert list(tables) == ["raw_catch"]


def test_key_value_folders_are_partitions(emulated: Emulated, bucket: str, database: str) -> None:
    for year, month in ((2020, 1), (2020, 2), (2021, 1)):
        emulated.put_parquet(bucket, f"t/year={year}/month={month}/x.parquet", a=[1])
    table = crawl(emulated, f"s3://{bucket}/t/", database)["t"]
    assert table["PartitionKeys"] == [
        {"Name": "year", "Type": "string"},
        {"Name": "month", "Type": "string"},
    ]
    listing = emulated.client("glue").get_partitions(DatabaseName=database, TableName="t")
    assert {
        tuple(p["Values"]): p["StorageDescriptor"]["Location"] for p in listing["Partitions"]
    } == {
        ("2020", "1"): f"s3://{bucket}/t/year=2020/month=1/",
        ("2020", "2"): f"s3://{bucket}/t/year=2020/month=2/",
        ("2021", "1"): f"s3://{bucket}/t/year=2021/month=1/",
    }


def test_folders_without_combining_are_tables_of_their_own(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.put_parquet(bucket, "raw/one/1.parquet", a=[1])
    emulated.put_parquet(bucket, "raw/two/1.parquet", b=["x"])
    tables = crawl(emulated, f"s3://{bucket}/raw/", database, Configuration="")
    assert {name: columns(t) for name, t in tables.items()} == {
        "one": [("a", "bigint")],
        "two": [("b", "string")],
    }


def test_hidden_excluded_and_folder_objects_are_left_out(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    for key in ("t/", "t/_SUCCESS", "t/.crc", "t/_temp/x.parquet", "t/old/x.csv", "t/n.txt"):
        emulated.put(bucket, key, b"")
    table = crawl(
        emulated, f"s3://{bucket}/t/", database, target={"Exclusions": ["old/**", "*.{txt,md}"]}
    )["t"]
    assert table["Parameters"]["objectCount"] == "1"


def test_a_csv_with_a_header_gets_names_types_and_the_serde_that_skips_it(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.put(bucket, "t/a.csv", "Id;name;price;day\n1;a;2.5;2020-01-31\n2;;3;2020-02-01\n")
    table = crawl(emulated, f"s3://{bucket}/t/", database)["t"]
    assert columns(table) == [
        ("id", "bigint"),
        ("name", "string"),
        ("price", "double"),
        ("day", "date"),
    ]
    serde = table["StorageDescriptor"]["SerdeInfo"]
    assert serde["SerializationLibrary"].endswith("LazySimpleSerDe")
    assert serde["Parameters"] == {"field.delim": ";"}
    assert table["Parameters"]["skip.header.line.count"] == "1"


def test_a_csv_of_text_alone_has_no_header_that_glue_would_see(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.put(bucket, "t/a.csv", "name,city\nann,rome\n")
    table = crawl(emulated, f"s3://{bucket}/t/", database)["t"]
    assert columns(table) == [("col0", "string"), ("col1", "string")]
    assert "skip.header.line.count" not in table["Parameters"]


def test_json_lines_give_nested_types(emulated: Emulated, bucket: str, database: str) -> None:
    lines = '{"A": 1, "b": {"c": [1.5]}}\n{"A": 2.5, "d": "x", "b": null}\n'
    emulated.put(bucket, "t/a.json", lines)
    table = crawl(emulated, f"s3://{bucket}/t/", database)["t"]
    assert columns(table) == [("a", "double"), ("b", "struct<c:array<double>>"), ("d", "string")]
    assert table["Parameters"]["classification"] == "json"


def test_a_second_crawl_adds_the_new_column(emulated: Emulated, bucket: str, database: str) -> None:
    crawler = emulated.crawler(f"s3://{bucket}/t/", database)
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    emulated.run_crawler(crawler)
    emulated.put_parquet(bucket, "t/2.parquet", b=["x"])
    emulated.run_crawler(crawler)
    assert columns(emulated.tables(database)["t"]) == [("a", "bigint"), ("b", "string")]
    metrics = emulated.client("glue").get_crawler_metrics(CrawlerNameList=[crawler])
    metric = metrics["CrawlerMetricsList"][0]
    assert (metric["TablesCreated"], metric["TablesUpdated"]) == (1, 1)


def test_log_as_update_behaviour_leaves_the_table_as_it_is(
    emulated: Emulated, bucket: str, database: str
) -> None:
    policy = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}
    crawler = emulated.crawler(f"s3://{bucket}/t/", database, SchemaChangePolicy=policy)
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    emulated.run_crawler(crawler)
    emulated.put_parquet(bucket, "t/2.parquet", b=["x"])
    assert emulated.run_crawler(crawler)["Status"] == "SUCCEEDED"
    assert columns(emulated.tables(database)["t"]) == [("a", "bigint")]


def test_delete_behaviour_decides_on_a_table_whose_files_are_gone(
    emulated: Emulated, bucket: str, database: str
) -> None:
    for name, behaviour in (("kept", "LOG"), ("gone", "DELETE_FROM_DATABASE")):
        emulated.put_parquet(bucket, f"{name}/1.parquet", a=[1])
        policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": behaviour}
        crawler = emulated.crawler(f"s3://{bucket}/{name}/", database, SchemaChangePolicy=policy)
        emulated.run_crawler(crawler)
        emulated.client("s3").delete_object(Bucket=bucket, Key=f"{name}/1.parquet")
        emulated.run_crawler(crawler)
    assert list(emulated.tables(database)) == ["kept"]


def test_a_table_that_a_template_made_over_the_same_place_is_updated_and_keeps_its_description(
    emulated: Emulated, bucket: str, database: str
) -> None:
    emulated.client("glue").create_table(
        DatabaseName=database,
        TableInput={
            "Name": "t",
            "Description": "Catches",
            "StorageDescriptor": {"Columns": [], "Location": f"s3://{bucket}/t"},
        },
    )
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    tables = crawl(emulated, f"s3://{bucket}/t/", database)
    assert list(tables) == ["t"]
    assert columns(tables["t"]) == [("a", "bigint")]
    assert tables["t"]["Description"] == "Catches"


def test_a_table_of_the_same_name_over_another_place_is_left_alone(
    emulated: Emulated, bucket: str, database: str
) -> None:
    other = {"Columns": [{"Name": "x", "Type": "int"}], "Location": "s3://elsewhere/t/"}
    emulated.client("glue").create_table(
        DatabaseName=database, TableInput={"Name": "t", "StorageDescriptor": other}
    )
    emulated.put_parquet(bucket, "t/1.parquet", a=[1])
    first, second = crawl(emulated, f"s3://{bucket}/t/", database).values()
    assert columns(first) == [("x", "int")]
    assert second["Name"].startswith("t_")
    assert columns(second) == [("a", "bigint")]


def test_gzipped_text_is_unpacked(emulated: Emulated, bucket: str, database: str) -> None:
    emulated.put(bucket, "t/a.csv.gz", gzip.compress(b"a,b\n1,x\n", mtime=0))
    table = crawl(emulated, f"s3://{bucket}/t/", database)["t"]
    assert columns(table) == [("a", "bigint"), ("b", "string")]
    assert table["Parameters"]["compressionType"] == "gzip"
