"""A running emulator with the few steps that every test of crawler and Athena takes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[3]
POLLS = 1200
COMBINE = json.dumps(
    {"Version": 1.0, "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"}}
)


def unique(stem: str) -> str:
    return f"{stem}-{uuid.uuid4().hex[:8]}"


@dataclass
class Emulated:
    """The process and its clients."""

    process: subprocess.Popen[bytes]
    endpoint: dict[str, Any]
    clients: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def start(cls, folder: Path) -> Emulated:
        ready, log = folder / "ready.json", folder / "emulator.log"
        with log.open("w") as output:
            command = [
                sys.executable,
                "-m",
                "emulator",
                "--port",
                "0",
                "--dir",
                str(folder / "run"),
            ]
            process = subprocess.Popen(
                [*command, "--ready-file", str(ready)], cwd=ROOT, stdout=output, stderr=output
            )
        for _ in range(POLLS):
            if ready.exists():
                return cls(process, json.loads(ready.read_text()))
            if process.poll() is not None:
                break
            time.sleep(0.05)
        process.kill()
        raise AssertionError(log.read_text())

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        finally:
            self.process.kill()

    def client(self, name: str) -> Any:
        if name not in self.clients:
            self.clients[name] = boto3.client(
                name,
                endpoint_url=self.endpoint["endpoint_url"],
                region_name="us-east-1",
                aws_access_key_id=self.endpoint["access_key_id"],
                aws_secret_access_key=self.endpoint["secret_access_key"],
                config=Config(retries={"max_attempts": 1}),
            )
        return self.clients[name]

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
            found: str = iam.get_role(RoleName="crawler")["Role"]["Arn"]
        except iam.exceptions.NoSuchEntityException:
            made = iam.create_role(RoleName="crawler", AssumeRolePolicyDocument="{}")
            found = made["Role"]["Arn"]
        return found

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
        found = self.client("glue").get_tables(DatabaseName=database)["TableList"]
        return {table["Name"]: table for table in found}


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
        found = list(pages)
        rows = [row for page in found for row in page["ResultSet"]["Rows"]]
        return {**found[0]["ResultSet"], "Rows": rows}

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
        found: str = started["QueryExecutionId"]
        return found

    def wait(self, execution_id: str) -> Query:
        athena = self.emulated.client("athena")
        for _ in range(POLLS):
            found = athena.get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]
            if found["Status"]["State"] in {"SUCCEEDED", "FAILED", "CANCELLED"}:
                return Query(found, athena)
            time.sleep(0.02)
        raise AssertionError(f"{execution_id} does not end")

    def query(self, sql: str, **settings: Any) -> Query:
        return self.wait(self.start(sql, **settings))

    def rows(self, sql: str, **settings: Any) -> list[list[str | None]]:
        return self.query(sql, **settings).rows()

    def crawl(self, path: str, **settings: Any) -> None:
        last = self.emulated.run_crawler(self.emulated.crawler(path, self.database, **settings))
        assert last["Status"] == "SUCCEEDED", last
