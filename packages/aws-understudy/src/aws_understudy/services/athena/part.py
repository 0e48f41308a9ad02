"""Athena, as far as it is here: the service, and the types of saved statements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.cloudformation.completed_type import CompletedType
from aws_understudy.core.fidelity import real
from aws_understudy.services.athena.service import AthenaService
from aws_understudy.services.part import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMED_QUERY = ApiType(
    type="AWS::Athena::NamedQuery",
    service="athena",
    create="CreateNamedQuery",
    delete="DeleteNamedQuery",
    identify=lambda _given, answer: answer["NamedQueryId"],
    key=lambda physical_id, _: {"NamedQueryId": physical_id},
    attributes=lambda physical_id, _: {"NamedQueryId": physical_id},
    # The type's schema makes every property create-only; the name may be left out.
    name_property="Name",
)


def _prepared_key(physical_id: str, _loopback: object) -> dict[str, str]:
    name, _, work_group = physical_id.partition("|")
    return {"StatementName": name, "WorkGroup": work_group}


PREPARED_STATEMENT = ApiType(
    type="AWS::Athena::PreparedStatement",
    service="athena",
    create="CreatePreparedStatement",
    delete="DeletePreparedStatement",
    # ministack 1.5.33 has no UpdatePreparedStatement.
    recreated=True,
    identify=lambda parameters, _: f"{parameters['StatementName']}|{parameters['WorkGroup']}",
    key=_prepared_key,
)


def _delete_workgroup(client: Any, name: str, properties: Mapping[str, Any]) -> None:
    """Delete as Athena does; ministack would drop the history with it, whatever the option."""
    recursive = str(properties.get("RecursiveDeleteOption", False)).lower() == "true"
    client.delete_work_group(WorkGroup=name, RecursiveDeleteOption=recursive)


WORKGROUP = CompletedType(
    type="AWS::Athena::WorkGroup",
    service="athena",
    carried=frozenset(
        {
            "Description",
            "Name",
            "RecursiveDeleteOption",
            "State",
            "Tags",
            "WorkGroupConfiguration",
        }
    ),
    completions={},
    delete=_delete_workgroup,
    name_property="Name",
)

ATHENA_TYPES = (NAMED_QUERY, PREPARED_STATEMENT, WORKGROUP)

FIDELITY = (
    real("AWS::Athena::NamedQuery", "stored; the SQL runs when it is started"),
    real("AWS::Athena::PreparedStatement", "stored; the SQL runs when it is executed"),
    real("AWS::Athena::WorkGroup", "result location, enforcement and cutoff are carried out"),
)

PART = Part(
    ledgers=(Path(__file__).with_name("ledger.toml"),),
    fidelity=FIDELITY,
    types=ATHENA_TYPES,
    make=lambda context, _sandboxes: [AthenaService(context)],
)
