"""The ledgers say of each member of each operation what becomes of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aws_understudy.composition import LEDGERS
from aws_understudy.core.operations import passing_model
from aws_understudy.fidelity_page import fidelity_page
from aws_understudy.ledger.entries import NOT_ACTED_ON, LedgerError, read_ledger
from aws_understudy.ledger.members import member_paths, role_of
from aws_understudy.ledger.service import admitting
from aws_understudy.ledger.tree import NoSuchMemberError

if TYPE_CHECKING:
    from aws_understudy.ledger.entries import Entry, ServiceLedger

FILES = [pytest.param(path, id=f"{path.parent.name}-{path.stem}") for path in LEDGERS]
PAGE = Path(__file__).parents[2] / "docs" / "fidelity.md"


@cache
def ledger_of(path: Path) -> ServiceLedger:
    return read_ledger(path)


@cache
def model_of(service: str) -> Any:
    return passing_model(service)


def shapes(path: Path) -> list[tuple[Entry, Any]]:
    ledger = ledger_of(path)
    model = model_of(ledger.service)
    pairs = [(e, model.operation_model(name).input_shape) for name, e in ledger.entries.items()]
    assert pairs
    return pairs


@pytest.mark.parametrize("path", FILES)
def test_a_ledger_lists_what_the_service_has(path: Path) -> None:
    ledger = ledger_of(path)
    ready = admitting(ledger, model_of(ledger.service))
    assert set(ready.operations) == set(ledger.entries)


@pytest.mark.parametrize("path", FILES)
def test_every_member_is_taken_or_refused_with_a_reason(path: Path) -> None:
    for entry, shape in shapes(path):
        for member in set(member_paths(shape)):
            role = role_of(entry, member)
            assert role in {"acts", "kept", "idle"} or entry.reason(member), member


@pytest.mark.parametrize("path", FILES)
def test_what_is_refused_by_name_is_a_member(path: Path) -> None:
    for entry, shape in shapes(path):
        members = set(member_paths(shape))
        unknown = [
            name
            for name in entry.refused
            if not any(m == name or m.startswith(f"{name}.") for m in members)
        ]
        assert unknown == [], entry.operation


@pytest.mark.parametrize("path", FILES)
def test_a_restricted_member_is_one_that_is_taken(path: Path) -> None:
    for entry, _ in shapes(path):
        assert set(entry.only) <= set(entry.taken), entry.operation


@pytest.mark.parametrize("path", FILES)
def test_what_an_operation_cannot_do_without_is_taken(path: Path) -> None:
    for entry, shape in shapes(path):
        required = shape.required_members if shape else []
        taken = {name.partition(".")[0] for name in entry.taken}
        assert set(required) - taken == set(), entry.operation


@pytest.mark.parametrize("path", FILES)
def test_a_token_that_clients_send_unasked_is_taken(path: Path) -> None:
    for entry, shape in shapes(path):
        members = shape.members if shape else {}
        tokens = {name for name, m in members.items() if m.metadata.get("idempotencyToken")}
        assert tokens - set(entry.taken) == set(), entry.operation


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == fidelity_page(), (
        "docs/fidelity.md is out of date; write it with "
        "`python -m aws_understudy.fidelity_page >docs/fidelity.md`"
    )


def written(folder: Path, text: str) -> ServiceLedger:
    path = folder / "ledger.toml"
    path.write_text(f'service = "sqs"\n{text}')
    return read_ledger(path)


def test_a_group_of_names_is_spelt_out(tmp_path: Path) -> None:
    entry = written(tmp_path, '[X]\nacts = ["A.{B,C}.D"]').entries["X"]
    assert entry.acts == ("A.B.D", "A.C.D")


def test_a_member_that_is_listed_twice_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="X lists A more than once"):
        written(tmp_path, '[X]\nacts = ["A"]\nkept = ["A"]')


def test_a_member_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    ledger = written(tmp_path, '[CreateQueue]\nacts = ["QueueNam"]')
    with pytest.raises(NoSuchMemberError, match="CreateQueue: the request has no QueueNam"):
        admitting(ledger, model_of("sqs"))


def test_a_member_below_a_refused_one_has_its_reason(tmp_path: Path) -> None:
    entry = written(tmp_path, '[X]\nrefused = { "A.B" = "of moths" }').entries["X"]
    assert [entry.reason("A.B.C"), entry.reason("A.D")] == ["of moths", NOT_ACTED_ON]
