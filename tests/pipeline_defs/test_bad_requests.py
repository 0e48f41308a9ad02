"""Hundreds of bad requests, invented from a seed, against the script behind the model's server."""

from __future__ import annotations

import csv
import http.client
import io
import json
import os
import random
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import flask
import pytest

from aws_understudy.services.sagemaker.serving import server
from tests.pipeline_defs.conftest import STEPS, load_step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOOD: Final = {"year": 2009, "tonnes": 10.5, "common_name": "Skipjack tuna", "gear_type": "trap"}
JSON: Final = "application/json"
LINES: Final = "application/jsonlines"
CSV: Final = "text/csv"
TEXTS: Final = ("common_name", "fishing_entity", "gear_type", "area_name")
BAD_NUMBERS: Final[tuple[Any, ...]] = (
    *(True, False, [], {}, [1], {"a": 1}, "abc", "1,5", "0x10", "nan", "1_000", "\u0661"),
    *(float("nan"), float("inf"), float("-inf"), 10**400, "1e999"),
)
NO_NUMBERS: Final = (None, "")
BAD_TONNES: Final = (0, -1, -0.0, "-5", 1.7e308)
BAD_YEARS: Final = (0, -2009, 10_000, 2010.5, 1e300)
BAD_TEXTS: Final[tuple[Any, ...]] = (
    True,
    [],
    ["a"],
    {},
    {"a": {"b": 1}},
    float("nan"),
    float("inf"),
)
SEEDS: Final = range(8)
START_SECONDS: Final = 60


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A request that must be refused."""

    body: bytes
    words: tuple[str, ...]
    """What the reason must hold."""
    kind: str = JSON
    accept: str = JSON
    status: int = 400


def among_good(bad: Any, rng: random.Random, *words: str) -> Bad:
    """A bad record somewhere among good ones, in one of the forms that a request may have."""
    before, after = rng.randrange(4), rng.randrange(4)
    records = [GOOD] * before + [bad] + [GOOD] * after
    named = f"Record {before + 1}"
    form = rng.choice(("list", "instances", "lines", "alone"))
    if form == "alone" and isinstance(bad, dict):
        return Bad(body=json.dumps(bad).encode(), words=("Record 1", *words))
    if form == "lines":
        lines = "\n".join(json.dumps(record) for record in records)
        return Bad(body=lines.encode(), kind=LINES, words=(named, *words))
    whole: Any = {"instances": records} if form == "instances" else records
    return Bad(body=json.dumps(whole).encode(), words=(named, *words))


def bad_fields(rng: random.Random) -> Iterator[Bad]:
    """One field of a record is wrong, missing or too much."""
    for name in ("year", "tonnes"):
        for value in (*BAD_NUMBERS, *NO_NUMBERS):
            yield among_good({**GOOD, name: value}, rng, name)
        yield among_good({key: GOOD[key] for key in GOOD if key != name}, rng, "lacks", name)
    for value in BAD_TONNES:
        yield among_good({**GOOD, "tonnes": value}, rng, "tonnes")
    for value in BAD_YEARS:
        yield among_good({**GOOD, "year": value}, rng, "year")
    for value in BAD_TEXTS:
        name = rng.choice(TEXTS)
        yield among_good({**GOOD, name: value}, rng, name)
    for name in ("comon_name", "landed_value", "", "x" * 20, "J\u00e4hr"):
        yield among_good({**GOOD, name: rng.random()}, rng, repr(name), "not known")
    for record in (1, None, "a", True, 2.5):
        yield among_good(record, rng, repr(record))


def bad_csv(rng: random.Random) -> Iterator[Bad]:
    """A CSV of which a row or the header is wrong."""

    def rows(*rows: list[Any]) -> bytes:
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return text.getvalue().encode()

    good = list(GOOD.values())
    number = rng.randrange(1, 5)
    bad: dict[str, list[Any]] = {
        "has 5 fields": [*good, "more"],
        "has 1 fields": ["2009"],
        "year='abc'": ["abc", *good[1:]],
        "tonnes='NaN'": [good[0], "NaN", *good[2:]],
        "lacks year": ["", *good[1:]],
    }
    for words, row in bad.items():
        body = rows(list(GOOD), *([good] * (number - 1)), row)
        yield Bad(body=body, kind=CSV, words=(f"Record {number}", words))
    yield Bad(body=rows([*GOOD, "tonnes"], [*good, 1]), kind=CSV, words=("'tonnes' twice",))
    yield Bad(body=rows([*GOOD, "speed"], [*good, 1]), kind=CSV, words=("Record 1", "'speed'"))
    yield Bad(body=rows(list(GOOD)), kind=CSV, words=("empty",))
    yield Bad(body=rows(good), kind=CSV, words=("Row 1 has 4 fields", "year, tonnes"))
    yield Bad(body=b'tonnes,year\n"' + b"a" * 140_000, kind=CSV, words=("not CSV",))


def bad_bodies(rng: random.Random) -> Iterator[Bad]:
    """A body that is no record at all."""
    text = json.dumps([GOOD, GOOD])
    for _ in range(8):
        yield Bad(body=text[: rng.randrange(1, len(text) - 1)].encode(), words=("not JSON",))
    for line in ("{", "<x/>", "year=2009", json.dumps(GOOD) * 2):
        body = f"{json.dumps(GOOD)}\n{line}\n".encode()
        yield Bad(body=body, kind=LINES, words=("Line 2 is not JSON",))
    for empty in ("", "  ", "\n\n", "[]", '{"instances": []}'):
        yield Bad(body=empty.encode(), words=("empty",))
    for scalar in ("1", '"text"', "null", "true", "NaN"):
        yield Bad(body=scalar.encode(), words=("send a record",))
    yield Bad(body=b'{"instances": 5}', words=("instances is 5",))
    yield Bad(body=b'{"instances": [], "name": 1}', words=("'name'",))
    yield Bad(body=b'{"year": 1, "year": 2, "tonnes": 1}', words=("'year' twice",))
    yield Bad(body=b"[" * 100_000 + b"]" * 100_000, words=("nested too deeply",))
    yield Bad(body=b"9" * 5000, words=("The request is",))
    for encoding in ("utf-16", "utf-32", "latin-1", "cp1252"):
        body = json.dumps({**GOOD, "area_name": "C\u00f4te"}, ensure_ascii=False).encode(encoding)
        for kind in (JSON, f"{JSON}; charset=utf-8", LINES):
            yield Bad(body=body, kind=kind, words=("not UTF-8",))


def bad_types(rng: random.Random) -> Iterator[Bad]:
    """A content type that is not read, or an answer that is not written."""
    body = json.dumps(GOOD).encode()
    for kind in ("application/xml", "image/png", "text", "", "json", "a/b;c=d", "x" * 900):
        yield Bad(body=body, kind=kind, words=("Content type", "allowed are"), status=415)
    for charset in ("latin-1", "utf-16", '"cp1252"'):
        kind = f"{JSON}; charset={charset}"
        yield Bad(body=body, kind=kind, words=("charset",), status=415)
    for accept in ("image/png", "text/html", ";", "q=1", rng.choice(("a/b", "audio/*"))):
        yield Bad(body=body, accept=accept, words=("Cannot answer", "allowed are"), status=406)


def bad_requests(seed: int) -> list[Bad]:
    rng = random.Random(seed)  # noqa: S311 - invents tests, no secrets
    kinds = (bad_fields, bad_csv, bad_bodies, bad_types)
    return [bad for kind in kinds for bad in kind(rng)]


@pytest.fixture(scope="module")
def script(model: Path) -> Iterator[server.Script]:
    # As in a new process; other modules of the tests' process read larger fields.
    limit = csv.field_size_limit(131_072)
    yield server.Script(folder=STEPS, program="inference.py", model_folder=str(model))
    csv.field_size_limit(limit)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bad_request_is_answered_with_4xx_and_a_reason(script: server.Script, seed: int) -> None:
    requests = bad_requests(seed)
    assert len(requests) > 100
    for bad in requests:
        reply = script.answer(bad.body, bad.kind, bad.accept)  # an exception would be a 500
        assert reply.status == bad.status, (bad, reply)
        assert reply.content_type == JSON
        reason = json.loads(reply.content)["error"]
        assert all(word in reason for word in bad.words), (bad, reason)
        assert len(reason) < 500


def test_the_record_that_the_bad_ones_are_made_of_is_answered(script: server.Script) -> None:
    reply = script.answer(json.dumps([GOOD, GOOD]).encode(), JSON, JSON)
    assert reply.status == 200
    assert len(json.loads(reply.content)["predictions"]) == 2


def test_flask_takes_the_refusal_as_its_response() -> None:
    inference = load_step("inference")
    app = flask.Flask("image")
    app.add_url_rule(
        "/invocations",
        view_func=lambda: inference.output_fn(inference.input_fn("[]", JSON), JSON),
        methods=["POST"],
    )
    response = app.test_client().post("/invocations")
    assert response.status_code == 400
    assert response.json == {"error": "The request is empty; send at least one record."}


@pytest.fixture(scope="module")
def served(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The socket of a process that serves the trained model by the code that it brings."""
    address = tmp_path_factory.mktemp("served") / "http"
    environment = {**os.environ, "SM_MODEL_DIR": str(model), "UNDERSTUDY_SOCKET": str(address)}
    with subprocess.Popen([sys.executable, server.__file__], env=environment) as process:
        deadline = time.monotonic() + START_SECONDS
        while not address.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        yield address
        process.terminate()


def post(address: Path, bad: Bad) -> tuple[int, str]:
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    folder = os.open(address.parent, os.O_RDONLY)
    connection.sock.connect(f"/proc/self/fd/{folder}/{address.name}")  # a short name
    os.close(folder)
    headers = {"Content-Type": bad.kind, "Accept": bad.accept}
    connection.request("POST", "/invocations", body=bad.body, headers=headers)
    response = connection.getresponse()
    status, text = response.status, response.read().decode()
    connection.close()
    return status, text


@pytest.mark.skipif(sys.platform != "linux", reason="reaches the socket through /proc")
@pytest.mark.parametrize(
    "bad",
    [
        Bad(body=b'{"year": 2009, "tonnes": "heavy"}', words=("Record 1", "tonnes='heavy'")),
        Bad(body=b'[{"tonnes": 1}]', words=("Record 1 lacks year",)),
        Bad(body=b"year,tonnes\n2009,-1\n", kind=CSV, words=("tonnes='-1'", "above 0")),
        Bad(body='{"area_name": "C\u00f4te"}'.encode("latin-1"), words=("not UTF-8",)),
        Bad(body=b"[", words=("not JSON",)),
        Bad(body=b"<x/>", kind="text/xml", words=("'text/xml'",), status=415),
        Bad(body=json.dumps(GOOD).encode(), accept="a/b", words=("'a/b'",), status=406),
    ],
    ids=lambda bad: bad.words[0],
)
def test_the_served_model_answers_a_bad_request_with_4xx(served: Path, bad: Bad) -> None:
    status, text = post(served, bad)
    assert status == bad.status
    assert all(word in json.loads(text)["error"] for word in bad.words)
