"""Every request is signed by a key of this very run, in every form that AWS clients use."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import stat
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from understudy_support.raw_requests import Raw, Reply, send

from aws_understudy.core.credentials import Credentials
from aws_understudy.gateway.chunked_body import ChunkChain

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy_support.running import RunningEmulator

READS = [
    ("s3", "list_buckets"), ("sts", "get_caller_identity"), ("athena", "list_work_groups"),
    ("glue", "get_databases"), ("sagemaker", "list_models"), ("lambda", "list_functions"),
    ("quicksight", "list_users"), ("dynamodb", "list_tables"), ("cloudformation", "list_stacks"),
    ("ec2", "describe_vpcs"), ("iam", "list_users"), ("events", "list_rules"),
]  # fmt: skip
ARGUMENTS: dict[str, dict[str, str]] = {
    "quicksight": {"AwsAccountId": "000000000000", "Namespace": "default"}
}
REFUSED = {"SignatureDoesNotMatch", "InvalidAccessKeyId", "InvalidClientTokenId"}


def stranger(emulator: RunningEmulator, service: str, key: str, secret: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=emulator.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 1}),
    )


@pytest.fixture(scope="module")
def bucket(client: Callable[[str], Any]) -> str:
    name = "signatures"
    client("s3").create_bucket(Bucket=name)
    client("s3").put_object(Bucket=name, Key="object", Body=b"content")
    return name


def code(reply: Reply) -> str:
    assert reply.status == 403, (reply.status, reply.text)
    for known in (
        *REFUSED, "AccessDenied", "MissingAuthenticationToken", "MissingAuthorizationParameter",
        "RequestTimeTooSkewed", "IncompleteSignature", "InvalidRequest",
        "AuthorizationQueryParametersError",
    ):  # fmt: skip
        if known in reply.text or known == reply.headers.get("x-amzn-errortype"):
            return known
    raise AssertionError(reply.text)


@pytest.mark.parametrize(("service", "read"), READS)
@pytest.mark.parametrize("key", ["test", "own", "000000000000", "123456789012", "AKIAUNKNOWN"])
def test_a_wrong_key_opens_no_service(
    emulator: RunningEmulator, service: str, read: str, key: str
) -> None:
    name = emulator.access_key_id if key == "own" else key
    with pytest.raises(ClientError) as caught:
        getattr(stranger(emulator, service, name, "test"), read)(**ARGUMENTS.get(service, {}))
    assert caught.value.response["Error"]["Code"] in REFUSED
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize("service", ["s3", "athena", "cloudformation", "lambda"])
def test_an_unsigned_request_is_refused(emulator: RunningEmulator, service: str) -> None:
    assert code(send(emulator, Raw(method="GET"))) == "MissingAuthenticationToken"
    scope = f"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request"
    claimed = Raw(headers={"Authorization": scope})
    assert code(send(emulator, claimed)) == "MissingAuthorizationParameter"


def test_two_runs_have_two_keys() -> None:
    first, other = Credentials.generate(), Credentials.generate()
    assert first.access_key_id != other.access_key_id
    assert first.secret_access_key != other.secret_access_key
    assert first.secret_access_key not in repr(first)


def test_the_ready_file_and_the_work_folder_are_private(emulator: RunningEmulator) -> None:
    ready = emulator.ready_file
    assert stat.S_IMODE(ready.stat().st_mode) == 0o600
    assert stat.S_IMODE((ready.parent / "work").stat().st_mode) == 0o700


def test_a_body_that_was_changed_under_its_signature_is_refused(emulator: RunningEmulator) -> None:
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSGlue.GetDatabases",
        "X-Amz-Content-Sha256": hashlib.sha256(b"{}").hexdigest(),
    }
    good = Raw(headers=headers, body=b"{}").signed(emulator, "glue")
    assert send(emulator, good).status == 200
    bad = Raw(headers=good.headers, body=b'{"CatalogId": "1"}')
    assert code(send(emulator, bad)) == "SignatureDoesNotMatch"
    target = {**good.headers, "X-Amz-Target": "AWSGlue.DeleteDatabase"}
    assert code(send(emulator, Raw(headers=target, body=b"{}"))) == "SignatureDoesNotMatch"


def test_only_s3_takes_a_body_that_is_not_signed(emulator: RunningEmulator, bucket: str) -> None:
    headers = {"X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD"}
    upload = Raw(method="PUT", path=f"/{bucket}/unsigned", headers=headers, body=b"any")
    assert send(emulator, upload.signed(emulator, "s3")).status == 200
    headers = {**headers, "X-Amz-Target": "AWSGlue.GetDatabases"}
    other = Raw(headers=headers, body=b"{}").signed(emulator, "glue")
    assert code(send(emulator, other)) == "SignatureDoesNotMatch"


def test_a_header_that_was_added_later_is_refused(emulator: RunningEmulator, bucket: str) -> None:
    good = Raw(method="PUT", path=f"/{bucket}/copy").signed(emulator, "s3")
    added = {**good.headers, "X-Amz-Copy-Source": f"/{bucket}/object"}
    assert code(send(emulator, Raw(method="PUT", path=good.path, headers=added))) == "AccessDenied"


def test_the_path_and_the_query_are_signed(emulator: RunningEmulator, bucket: str) -> None:
    good = Raw(method="GET", path=f"/{bucket}/object").signed(emulator, "s3")
    assert send(emulator, good).text == "content"
    for path in (f"/{bucket}/other", f"/{bucket}/object?acl"):
        asked = Raw(method="GET", path=path, headers=good.headers)
        assert code(send(emulator, asked)) == "SignatureDoesNotMatch"


@pytest.mark.parametrize("minutes", [-16, 16])
def test_an_old_or_a_future_signature_is_refused(
    emulator: RunningEmulator, bucket: str, minutes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: moment)
    asked = Raw(method="GET", path=f"/{bucket}/object").signed(emulator, "s3")
    assert code(send(emulator, asked)) == "RequestTimeTooSkewed"


def test_a_presigned_address_opens_one_object_for_its_time(
    emulator: RunningEmulator, client: Callable[[str], Any], bucket: str
) -> None:
    s3 = boto3.client(
        "s3",
        endpoint_url=emulator.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=emulator.access_key_id,
        aws_secret_access_key=emulator.secret_access_key,
        config=Config(signature_version="s3v4"),
    )
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "object"})
    path = url.removeprefix(emulator.endpoint_url)
    assert send(emulator, Raw(method="GET", path=path)).text == "content"
    other = path.replace("/object?", "/other?")
    assert code(send(emulator, Raw(method="GET", path=other))) == "SignatureDoesNotMatch"
    longer = path.replace("X-Amz-Expires=3600", "X-Amz-Expires=3601")
    assert code(send(emulator, Raw(method="GET", path=longer))) == "SignatureDoesNotMatch"
    forever = Raw(method="GET", path=f"/{bucket}/object").presigned(emulator, "s3", 604801)
    assert code(send(emulator, forever)) == "AuthorizationQueryParametersError"
    old = client("s3").generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "object"}
    )
    asked = Raw(method="GET", path=old.removeprefix(emulator.endpoint_url))
    assert code(send(emulator, asked)) == "InvalidRequest"


def test_a_presigned_address_ends_with_its_time(
    emulator: RunningEmulator, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=61)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: moment)
    asked = Raw(method="GET", path=f"/{bucket}/object").presigned(emulator, "s3", 60)
    assert code(send(emulator, asked)) == "AccessDenied"


@pytest.mark.parametrize("endpoint", ["s3.amazonaws.com", "s3.us-east-1.amazonaws.com"])
def test_virtual_host_style_is_served_and_checked(
    emulator: RunningEmulator, bucket: str, endpoint: str
) -> None:
    asked = Raw(method="GET", path="/object", headers={"Host": f"{bucket}.{endpoint}"})
    good = asked.signed(emulator, "s3")
    assert send(emulator, good).text == "content"
    assert code(send(emulator, asked)) == "MissingAuthenticationToken"
    moved = {**good.headers, "Host": "another.s3.amazonaws.com"}
    reply = send(emulator, Raw(method="GET", path="/object", headers=moved))
    assert code(reply) == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    "key", ["a b", "a+b", "a%2Bb", "ä/ö", "a//b", "a=1/b=2", "x~y", "a&b?c#d", "../up", "."]
)
def test_odd_keys_are_signed_as_clients_sign_them(
    client: Callable[[str], Any], bucket: str, key: str
) -> None:
    client("s3").put_object(Bucket=bucket, Key=key, Body=key.encode(), Metadata={"k": "v  w"})
    assert client("s3").get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode()


def chunked(emulator: RunningEmulator, bucket: str, *, trailer: bool) -> Raw:
    """An upload in two signed chunks, with a signed trailer where one is asked for."""
    content = [b"a" * 65536, b"tail"]
    kind = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" + ("-TRAILER" if trailer else "")
    headers = {
        "X-Amz-Content-Sha256": kind,
        "X-Amz-Decoded-Content-Length": str(sum(map(len, content))),
        "Content-Encoding": "aws-chunked",
        **({"X-Amz-Trailer": "x-amz-meta-end"} if trailer else {}),
    }
    head = Raw(method="PUT", path=f"/{bucket}/chunked", headers=headers).signed(emulator, "s3")
    date = head.headers["X-Amz-Date"]
    scope = f"{date[:8]}/us-east-1/s3/aws4_request"
    key = ("AWS4" + emulator.secret_access_key).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    previous = head.headers["Authorization"].rpartition("Signature=")[2]
    empty = hashlib.sha256(b"").hexdigest()
    body = b""
    for chunk in (*content, b""):
        digest = hashlib.sha256(chunk).hexdigest()
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{date}\n{scope}\n{previous}\n{empty}\n{digest}"
        previous = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        body += f"{len(chunk):x};chunk-signature={previous}\r\n".encode() + chunk
        body += b"\r\n" if chunk or not trailer else b""
    if trailer:
        line = b"x-amz-meta-end:1"
        digest = hashlib.sha256(line + b"\n").hexdigest()
        text = f"AWS4-HMAC-SHA256-TRAILER\n{date}\n{scope}\n{previous}\n{digest}"
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        body += line + b"\r\nx-amz-trailer-signature:" + signature.encode() + b"\r\n\r\n"
    return Raw(method="PUT", path=head.path, headers=head.headers, body=body)


@pytest.mark.parametrize("trailer", [False, True])
def test_a_body_in_signed_chunks_is_checked_chunk_by_chunk(
    emulator: RunningEmulator, client: Callable[[str], Any], bucket: str, *, trailer: bool
) -> None:
    good = chunked(emulator, bucket, trailer=trailer)
    reply = send(emulator, good)
    assert reply.status == 200, reply.text
    stored = client("s3").get_object(Bucket=bucket, Key="chunked")["Body"].read()
    assert stored == b"a" * 65536 + b"tail"
    faults = [
        good.body.replace(b"tail", b"evil"),
        good.body.replace(b"a" * 10, b"b" * 10, 1),
        good.body.replace(b";chunk-signature=", b";chunk-signature=0", 1),
        good.body[: good.body.index(b"4;chunk")],
        good.body + b"1;chunk-signature=0\r\nx\r\n",
        b"",
    ]
    if trailer:
        faults.append(good.body.replace(b"x-amz-meta-end:1", b"x-amz-meta-end:2"))
    for body in faults:
        bad = Raw(method="PUT", path=good.path, headers=good.headers, body=body)
        assert code(send(emulator, bad)) == "SignatureDoesNotMatch"


@pytest.mark.parametrize("line", ["", "zz;chunk-signature=1", "5", "-5;chunk-signature=1", "+5;x"])
def test_a_malformed_chunk_is_no_fault_of_ours(line: str) -> None:
    chain = ChunkChain(signing_key=b"k", timestamp="t", scope="s", previous="p")
    assert not chain.holds(line.encode() + b"\r\n", trailer=False)


def test_a_role_s_session_needs_its_token(
    emulator: RunningEmulator, client: Callable[[str], Any]
) -> None:
    client("iam").create_role(RoleName="session", AssumeRolePolicyDocument="{}")
    arn = "arn:aws:iam::000000000000:role/session"
    session = client("sts").assume_role(RoleArn=arn, RoleSessionName="tests")["Credentials"]
    key, secret = session["AccessKeyId"], session["SecretAccessKey"]
    good = Raw(method="GET").signed(
        emulator, "s3", access_key=key, secret_key=secret, token=session["SessionToken"]
    )
    assert send(emulator, good).status == 200
    without = Raw(method="GET").signed(emulator, "s3", access_key=key, secret_key=secret)
    assert code(send(emulator, without)) == "InvalidAccessKeyId"


def test_a_user_s_key_works_until_it_is_inactive(
    emulator: RunningEmulator, client: Callable[[str], Any]
) -> None:
    iam = client("iam")
    iam.create_user(UserName="signer")
    made = iam.create_access_key(UserName="signer")["AccessKey"]
    user = stranger(emulator, "sts", made["AccessKeyId"], made["SecretAccessKey"])
    assert user.get_caller_identity()["Arn"].endswith(":user/signer")
    iam.update_access_key(UserName="signer", AccessKeyId=made["AccessKeyId"], Status="Inactive")
    with pytest.raises(ClientError, match="opens nothing here"):
        user.get_caller_identity()


@pytest.mark.parametrize(
    "authorization",
    [
        "", "Bearer x", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=", "AWS test:sig",
        "AWS4-ECDSA-P256-SHA256 Credential=a/1/s3/aws4_request,SignedHeaders=host,Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e/f,SignedHeaders=host,Signature=1",
        "AWS4-HMAC-SHA256 Credential=a/20260101/r/s/aws4_request,SignedHeaders=,Signature=ä",
    ],
)  # fmt: skip
def test_a_malformed_signature_is_refused_as_the_client_s_fault(
    emulator: RunningEmulator, authorization: str
) -> None:
    headers = {"Authorization": authorization, "X-Amz-Date": "not a date"}
    assert send(emulator, Raw(headers=headers)).status == 403


@pytest.mark.parametrize("query", ["X-Amz-Credential=", "X-Amz-Signature=", "X-Amz-Expires=x"])
def test_a_malformed_address_is_refused_as_the_client_s_fault(
    emulator: RunningEmulator, query: str
) -> None:
    assert send(emulator, Raw(method="GET", path=f"/?{query}")).status == 403


@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"7", b"{", b"\xff\xfe"])
@pytest.mark.parametrize(
    ("service", "target"),
    [
        ("glue", "AWSGlue.GetDatabases"), ("dynamodb", "DynamoDB_20120810.ListTables"),
        ("events", "AWSEvents.ListRules"), ("ssm", "AmazonSSM.DescribeParameters"),
        ("athena", "AmazonAthena.ListWorkGroups"), ("sagemaker", "SageMaker.ListModels"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_the_client_s_fault(
    emulator: RunningEmulator, service: str, target: str, body: bytes
) -> None:
    headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
    reply = send(emulator, Raw(headers=headers, body=body).signed(emulator, service))
    assert reply.status == 400
    assert json.loads(reply.text)["__type"] == "SerializationException"
