"""Network: a VPC with a public subnet, for a workbench that people connect to.

Receives the settings. Hands on ``vpc``. No NAT gateway and no interface endpoint: both cost
money while idle, and nothing here needs them. The S3 gateway endpoint is free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from components.access.service_role import service_of_this_account
from components.acknowledgement import acknowledge
from components.monitoring.log_groups import log_group
from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings


class NetworkStack(PlatformStack):
    """The VPC, one public subnet in one zone, an internet gateway, an S3 gateway endpoint."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(
            scope,
            id_,
            settings=settings,
            name="network",
            description="VPC with a public subnet and an S3 gateway endpoint",
        )
        self.vpc = ec2.Vpc(
            self,
            "CapstoneVpc",
            ip_addresses=ec2.IpAddresses.cidr(settings.network.cidr),
            max_azs=1,
            nat_gateways=0,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=28
                )
            ],
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)
            },
            # Would add a Lambda with rights on security groups; no resource here uses the default.
            restrict_default_security_group=False,
        )
        # Exported whether or not a workbench reads them: an export that goes while its reader is
        # still deployed stops the update.
        self.export_value(self.vpc.vpc_id)
        self.export_value(self.vpc.public_subnets[0].subnet_id)
        if settings.network.flow_logs:
            self._log_flows()
        else:
            acknowledge(
                self.vpc,
                {"AwsSolutions-VPC7": "network.flow_logs is off: they cost money per gigabyte"},
            )

    def _log_flows(self) -> None:
        # A role of our own: the one the CDK would make lets any account's flow logs take it.
        role = iam.Role(
            self,
            "FlowLogsRole",
            description="Lets VPC flow logs write their log group",
            assumed_by=service_of_this_account("vpc-flow-logs.amazonaws.com"),
        )
        destination = ec2.FlowLogDestination.to_cloud_watch_logs(
            log_group(self, "FlowLogs", policy=self.log_policy), role
        )
        self.vpc.add_flow_log("Flows", destination=destination)
