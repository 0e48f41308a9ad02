"""Types of the network that ministack offers by API only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emulator.cloudformation.api_type import ApiType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.cloudformation.loopback import Loopback


def _flow_log(properties: Mapping[str, Any], _loopback: Loopback) -> dict[str, Any]:
    """The API takes several resources at once, and tags by the kind of resource."""
    prepared = dict(properties)
    prepared["ResourceIds"] = [prepared.pop("ResourceId")]
    tags = prepared.pop("Tags", None)
    if tags:
        # AWS says vpc-flow-log; ministack 1.5.33 keeps the tags only under this name.
        prepared["TagSpecifications"] = [{"ResourceType": "flow-log", "Tags": tags}]
    return prepared


def _flow_log_id(_given: dict[str, Any], answer: dict[str, Any]) -> str:
    if answer.get("Unsuccessful"):
        raise ValueError(f"the flow log was not created: {answer['Unsuccessful']}")
    return str(answer["FlowLogIds"][0])


FLOW_LOG = ApiType(
    type="AWS::EC2::FlowLog",
    service="ec2",
    create="CreateFlowLogs",
    delete="DeleteFlowLogs",
    prepare=_flow_log,
    identify=_flow_log_id,
    key=lambda flow_log, _: {"FlowLogIds": [flow_log]},
    attributes=lambda flow_log, _: {"Id": flow_log},
)
