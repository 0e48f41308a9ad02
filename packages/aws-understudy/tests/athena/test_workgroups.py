# ruff: noqa: S608 - SQL made of this test's own names
"""What a workgroup decides holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from botocore.exceptions import ClientError
from understudy_support.emulated import POLLS, Emulated, Session, unique

if TYPE_CHECKING:
    from pathlib import Path


MEGABYTE = 1_000_000


def workgroup(emulated: Emulated, **configuration: Any) -> str:
    name = unique("group")
    emulated.client("athena").create_work_group(Name=name, Configuration=configuration)
    return name


def test_an_enforced_configuration_overrides_the_clients(
    emulated: Emulated, session: Session
) -> None:
    bucket = emulated.bucket()
    name = workgroup(
        emulated,
        EnforceWorkGroupConfiguration=True,
        ResultConfiguration={
            "OutputLocation": f"s3://{bucket}/own",
            "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
        },
    )
    query = session.query("SELECT 1", WorkGroup=name)
    assert query.location == f"s3://{bucket}/own/{query.execution['QueryExecutionId']}.csv"
    key = query.location.removeprefix(f"s3://{bucket}/")
    head = emulated.client("s3").head_object(Bucket=bucket, Key=key)
    assert head["ServerSideEncryption"] == "AES256"
    listed = query.athena.list_query_executions(WorkGroup=name)["QueryExecutionIds"]
    assert listed == [query.execution["QueryExecutionId"]]


def test_without_enforcement_the_clients_location_holds(
    emulated: Emulated, session: Session
) -> None:
    name = workgroup(
        emulated,
        EnforceWorkGroupConfiguration=False,
        ResultConfiguration={"OutputLocation": f"s3://{emulated.bucket()}/own"},
    )
    query = session.query("SELECT 1", WorkGroup=name)
    assert query.location.startswith(f"s3://{session.results}/answers/")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"WorkGroup": "nobodys"}, "WorkGroup nobodys is not found"),
        ({"ResultConfiguration": {}}, "No output location provided"),
        (
            {"ResultConfiguration": {"OutputLocation": "s3://no-such-bucket-here/"}},
            "Unable to verify/create output bucket no-such-bucket-here",
        ),
        ({"ResultConfiguration": {"OutputLocation": "/tmp/x"}}, "is not an S3 path"),
    ],
)
def test_a_query_without_a_place_for_its_result_is_refused(
    session: Session, *, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message) as raised:
        session.start("SELECT 1", **settings)
    assert raised.value.response["Error"]["Code"] == "InvalidRequestException"


def test_a_disabled_workgroup_runs_nothing(emulated: Emulated, session: Session) -> None:
    name = workgroup(emulated)
    emulated.client("athena").update_work_group(WorkGroup=name, State="DISABLED")
    with pytest.raises(ClientError, match=f"WorkGroup {name} is disabled"):
        session.start("SELECT 1", WorkGroup=name)


def test_a_query_above_the_bytes_limit_is_cancelled_and_says_limit_and_bytes(
    emulated: Emulated, session: Session
) -> None:
    bucket = emulated.bucket()
    noise = np.random.default_rng(1).random(1_600_000)
    emulated.put_parquet(bucket, "t/1.parquet", a=noise, b=np.ones(len(noise), dtype=int))
    session.crawl(f"s3://{bucket}/t/")
    name = workgroup(emulated, BytesScannedCutoffPerQuery=10 * MEGABYTE)
    query = session.query("SELECT sum(a) FROM t", WorkGroup=name)
    assert query.state == "CANCELLED"
    assert query.reason.startswith("Bytes scanned limit was exceeded: the query would scan 1")
    assert f'the workgroup "{name}" allows 10000000 a query' in query.reason
    assert session.query("SELECT sum(b) FROM t", WorkGroup=name).rows() == [["1600000"]]


def test_client_side_encryption_is_refused_as_not_emulated(session: Session) -> None:
    wanted = {
        "OutputLocation": f"s3://{session.results}/",
        "EncryptionConfiguration": {"EncryptionOption": "CSE_KMS", "KmsKey": "k"},
    }
    with pytest.raises(ClientError, match="CSE_KMS"):
        session.start("SELECT 1", ResultConfiguration=wanted)


@pytest.mark.slow
def test_an_emulator_with_a_long_query_still_ends_at_once(tmp_path: Path) -> None:
    own = Emulated(tmp_path)
    own.start()
    session = Session(own, own.database(), own.bucket())
    numbers = "UNNEST(sequence(1, 200000))"
    sql = (
        f"SELECT count(*) FROM {numbers} AS a (x) CROSS JOIN {numbers} AS b (y) WHERE x % 7 = y % 5"
    )
    execution_id = session.start(sql)
    for _ in range(POLLS):
        described = own.client("athena").get_query_execution(QueryExecutionId=execution_id)
        if described["QueryExecution"]["Status"]["State"] == "RUNNING":
            break
    assert own.stop() == 0
