"""QuickSight, as far as it is here: data sources, data sets, analyses and dashboards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.cloudformation.tagging import Tagging
from aws_understudy.core.fidelity import record_only
from aws_understudy.services.part import Part
from aws_understudy.services.quicksight.records import quicksight_records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_understudy.cloudformation.loopback import Loopback

_WAITING = frozenset({"IngestionWaitPolicy"})
"""Says how long a deployment waits for a first import; without an import there is no wait."""


def _without_waiting(properties: Mapping[str, Any], _loopback: Loopback) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name not in _WAITING}


def _arn(path: str) -> Callable[[str, Loopback], str]:
    def arn(physical_id: str, loopback: Loopback) -> str:
        account, _, identifier = physical_id.partition("|")
        return f"arn:aws:quicksight:{loopback.region}:{account}:{path}/{identifier}"

    return arn


def _quicksight_type(noun: str, *, path: str) -> ApiType:
    """One of QuickSight's types; all have the same shape and the ``Ref`` account|id."""
    identity = f"{noun}Id"
    arn = _arn(path)

    def key(physical_id: str, _loopback: Loopback) -> dict[str, str]:
        account, _, identifier = physical_id.partition("|")
        return {"AwsAccountId": account, identity: identifier}

    return ApiType(
        type=f"AWS::QuickSight::{noun}",
        service="quicksight",
        create=f"Create{noun}",
        update=f"Update{noun}",
        delete=f"Delete{noun}",
        prepare=_without_waiting,
        identify=lambda parameters, _: f"{parameters['AwsAccountId']}|{parameters[identity]}",
        key=key,
        attributes=lambda physical_id, loopback: {"Arn": arn(physical_id, loopback)},
        name_property=identity,
        tags=Tagging(service="quicksight", arn=arn),
    )


QUICKSIGHT_TYPES = (
    _quicksight_type("DataSource", path="datasource"),
    _quicksight_type("DataSet", path="dataset"),
    _quicksight_type("Analysis", path="analysis"),
    _quicksight_type("Dashboard", path="dashboard"),
)

FIDELITY = (
    record_only("AWS::QuickSight::Analysis", "nothing is drawn"),
    record_only("AWS::QuickSight::Dashboard", "nothing is drawn"),
    record_only("AWS::QuickSight::DataSet", "nothing is imported"),
    record_only("AWS::QuickSight::DataSource", "no connection is tried"),
)

PART = Part(
    ledgers=(Path(__file__).with_name("ledger.toml"),),
    fidelity=FIDELITY,
    types=QUICKSIGHT_TYPES,
    make=lambda _context, _sandboxes: [quicksight_records()],
)
