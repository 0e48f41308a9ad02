"""EC2, as far as it is here: types of the network that ministack offers by API only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.core.fidelity import control_plane, record_only
from aws_understudy.services.part import Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_understudy.cloudformation.loopback import Loopback


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


NETWORK = "described as on AWS; no packet flows"

FIDELITY = (
    record_only("AWS::EC2::FlowLog", "no packet flows, so nothing is logged; its role is not kept"),
    control_plane("AWS::EC2::InternetGateway", NETWORK),
    control_plane("AWS::EC2::Route", NETWORK),
    control_plane("AWS::EC2::RouteTable", NETWORK),
    control_plane("AWS::EC2::SecurityGroup", NETWORK),
    control_plane("AWS::EC2::Subnet", NETWORK),
    control_plane("AWS::EC2::SubnetRouteTableAssociation", NETWORK),
    control_plane("AWS::EC2::VPC", NETWORK),
    control_plane("AWS::EC2::VPCEndpoint", "no packet flows; its policy is kept but not shown"),
    control_plane("AWS::EC2::VPCGatewayAttachment", NETWORK),
)

PART = Part(
    ledgers=(Path(__file__).with_name("ledger.toml"),),
    fidelity=FIDELITY,
    types=(FLOW_LOG,),
)
