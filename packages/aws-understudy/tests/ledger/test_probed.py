"""A listed member makes a difference: it is shown, or changes something; others are refused."""

from __future__ import annotations

import itertools
from functools import cache
from typing import TYPE_CHECKING

import pytest
from ledger.probes import PROBES
from ledger.probing import Plain, made, verdict

from aws_understudy.composition import LEDGERS
from aws_understudy.ledger.entries import read_ledger

if TYPE_CHECKING:
    from ledger.probing import Probe

    from aws_understudy import Understudy
    from aws_understudy.ledger.entries import Entry

NUMBERS = itertools.count(1)
NOTHING = Plain(stable={}, paths=frozenset())


@cache
def entries() -> dict[tuple[str, str], Entry]:
    ledgers = [read_ledger(path) for path in LEDGERS]
    return {(ledger.service, e.operation): e for ledger in ledgers for e in ledger.entries.values()}


@pytest.mark.parametrize(
    "probe", [pytest.param(probe, id=f"{probe.service}-{probe.operation}") for probe in PROBES]
)
def test_a_listed_member_makes_a_difference(understudy: Understudy, probe: Probe) -> None:
    if probe.service == "s3":
        understudy.client("s3").create_bucket(Bucket="probed")
    client = understudy.client(probe.service)
    shape = client.meta.service_model.operation_model(probe.operation).input_shape
    entry = entries()[probe.service, probe.operation]
    listed = {path.partition(".")[0] for path in (*entry.acts, *entry.kept)} - set(probe.base)
    listed -= probe.elsewhere
    # A token makes a difference only when it comes again.
    listed = {name for name in listed if not shape.members[name].metadata.get("idempotencyToken")}
    plain = Plain.of(*(made(client, probe, next(NUMBERS), {}) for _ in range(2)))
    verdicts = {
        name: verdict(client, probe, name, shape.members[name], number=next(NUMBERS), plain=plain)
        for name in sorted(listed)
    }
    kept = {path.partition(".")[0] for path in entry.kept} & listed

    assert [name for name, word in verdicts.items() if word == "nothing"] == []
    assert [name for name in kept if verdicts[name] == "changed"] == []


@pytest.mark.parametrize(
    "probe", [pytest.param(probe, id=f"{probe.service}-{probe.operation}") for probe in PROBES]
)
def test_a_member_that_is_not_listed_is_refused_by_name(
    understudy: Understudy, probe: Probe
) -> None:
    client = understudy.client(probe.service)
    shape = client.meta.service_model.operation_model(probe.operation).input_shape
    taken = {path.partition(".")[0] for path in entries()[probe.service, probe.operation].taken}
    for name in sorted(set(shape.members) - taken):
        word = verdict(
            client, probe, name, shape.members[name], number=next(NUMBERS), plain=NOTHING
        )
        assert word == "refused", name
    assert taken
