"""A running emulator with the few steps that every test of crawler and Athena takes."""

from __future__ import annotations

import io
import json
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from aws_understudy import Understudy

if TYPE_CHECKING:
    from pathlib import Path

POLLS = 1200
COMBINE = json.dumps(
    {"Version": 1.0, "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"}}
)


def unique(stem: str) -> str:
    return f"{stem}-{uuid.uuid4().hex[:8]}"


class Emulated(Understudy):
    """An understudy with the steps that tests of crawler and Athena take."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._clients: dict[str, Any] = {}

    def client(self, service: str, **_options: Any) -> Any:
        if service not in self._clients:
            self._clients[service] = super().client(service)
        return self._clients[service]

    def bucket(self, name: str | None = None) -> str:
        name = name or unique("data")
        self.client("s3").create_bucket(Bucket=name)
        return name

    def database(self) -> str:
        name = unique("db").replace("-", "_")
        self.client("glue").create_database(DatabaseInput={"Name": name})
        return name

    def put(self, bucket: str, key: str, body: bytes | str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.client("s3").put_object(Bucket=bucket, Key=key, Body=data)

    def put_parquet(self, bucket: str, key: str, **columns: Any) -> bytes:
        buffer = io.BytesIO()
        pq.write_table(pa.table(columns), buffer)
        self.put(bucket, key, buffer.getvalue())
        return buffer.getvalue()

    def read(self, uri: str) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        body: bytes = self.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return body.decode()

    def crawler(self, path: str, database: str, **settings: Any) -> str:
        name = unique("crawler")
        target = {"Path": path, **settings.pop("target", {})}
        settings.setdefault("Configuration", COMBINE)
        self.client("glue").create_crawler(
            Name=name,
            Role=self._role(),
            DatabaseName=database,
            Targets={"S3Targets": [target]},
            **settings,
        )
        return name

    def _role(self) -> str:
        iam = self.client("iam")
        try:
            arn: str = iam.get_role(RoleName="crawler")["Role"]["Arn"]
        except iam.exceptions.NoSuchEntityException:
            made = iam.create_role(RoleName="crawler", AssumeRolePolicyDocument="{}")
            arn = made["Role"]["Arn"]
        return arn

    def run_crawler(self, name: str) -> dict[str, Any]:
        """Start the crawler and wait; the answer is its LastCrawl."""
        self.client("glue").start_crawler(Name=name)
        return self.ready(name)

    def ready(self, name: str) -> dict[str, Any]:
        for _ in range(POLLS):
            crawler = self.client("glue").get_crawler(Name=name)["Crawler"]
            if crawler["State"] == "READY":
                last: dict[str, Any] = crawler["LastCrawl"]
                return last
            time.sleep(0.02)
        raise AssertionError(f"{name} does not end")

    def tables(self, database: str) -> dict[str, Any]:
        tables = self.client("glue").get_tables(DatabaseName=database)["TableList"]
        return {table["Name"]: table for table in tables}


@dataclass
class Query:
    """How a query ended."""

    execution: dict[str, Any]
    athena: Any

    @property
    def state(self) -> str:
        state: str = self.execution["Status"]["State"]
        return state

    @property
    def reason(self) -> str:
        reason: str = self.execution["Status"].get("StateChangeReason", "")
        return reason

    @property
    def scanned(self) -> int:
        scanned: int = self.execution["Statistics"]["DataScannedInBytes"]
        return scanned

    @property
    def location(self) -> str:
        location: str = self.execution["ResultConfiguration"]["OutputLocation"]
        return location

    def result_set(self) -> dict[str, Any]:
        assert self.state == "SUCCEEDED", self.reason
        pages = self.athena.get_paginator("get_query_results").paginate(
            QueryExecutionId=self.execution["QueryExecutionId"]
        )
        results = list(pages)
        rows = [row for page in results for row in page["ResultSet"]["Rows"]]
        return {**results[0]["ResultSet"], "Rows": rows}

    def lines(self) -> list[list[str | None]]:
        return [[v.get("VarCharValue") for v in r["Data"]] for r in self.result_set()["Rows"]]

    def rows(self) -> list[list[str | None]]:
        """All rows but the header."""
        return self.lines()[1:]

    def types(self) -> list[str]:
        return [c["Type"] for c in self.result_set()["ResultSetMetadata"]["ColumnInfo"]]


@dataclass
class Session:
    """A database and a results bucket, and queries in them."""

    emulated: Emulated
    database: str
    results: str

    def start(self, sql: str, **settings: Any) -> str:
        settings.setdefault(
            "ResultConfiguration", {"OutputLocation": f"s3://{self.results}/answers/"}
        )
        settings.setdefault("QueryExecutionContext", {"Database": self.database})
        started = self.emulated.client("athena").start_query_execution(QueryString=sql, **settings)
        execution_id: str = started["QueryExecutionId"]
        return execution_id

    def wait(self, execution_id: str) -> Query:
        athena = self.emulated.client("athena")
        for _ in range(POLLS):
            execution = athena.get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]
            if execution["Status"]["State"] in {"SUCCEEDED", "FAILED", "CANCELLED"}:
                return Query(execution, athena)
            time.sleep(0.02)
        raise AssertionError(f"{execution_id} does not end")

    def query(self, sql: str, **settings: Any) -> Query:
        return self.wait(self.start(sql, **settings))

    def rows(self, sql: str, **settings: Any) -> list[list[str | None]]:
        return self.query(sql, **settings).rows()

    def crawl(self, path: str, **settings: Any) -> None:
        last = self.emulated.run_crawler(self.emulated.crawler(path, self.database, **settings))
        assert last["Status"] == "SUCCEEDED", last
