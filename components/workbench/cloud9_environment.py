"""A Cloud9 environment that people reach through Systems Manager, so no port is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloud9 as cloud9
from aws_cdk import aws_iam as iam
from constructs import Construct

from components.acknowledgement import acknowledge

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

    from components.data_policy import DataPolicy
    from config.sections.workbench import Workbench

# The names and paths are Cloud9's: it looks them up when a connection is CONNECT_SSM
# (https://docs.aws.amazon.com/cloud9/latest/user-guide/ec2-ssm.html).
ACCESS_ROLE = "AWSCloud9SSMAccessRole"
SMALLEST = "t3.small"
INSTANCE_PROFILE = "AWSCloud9SSMInstanceProfile"


class Cloud9Environment(Construct):
    """The environment, and the two account-wide roles it needs if the account lacks them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        workbench: Workbench,
        policy: DataPolicy,
        vpc: ec2.IVpc,
    ) -> None:
        super().__init__(scope, id_)
        environment = cloud9.CfnEnvironmentEC2(
            self,
            "Environment",
            name=workbench.name,
            description="Upload and look at the data",
            instance_type=workbench.instance_type or SMALLEST,
            image_id="amazonlinux-2023-x86_64",
            connection_type="CONNECT_SSM",
            automatic_stop_time_minutes=workbench.idle_stop_minutes,
            subnet_id=vpc.public_subnets[0].subnet_id,
            owner_arn=_owner_arn(cdk.Stack.of(self), workbench.cloud9_owner),
        )
        environment.apply_removal_policy(policy.removal)
        acknowledge(
            environment,
            dict.fromkeys(
                ("W3697", "retired"),
                "asked for by workbench.kind; works in accounts that already use Cloud9",
            ),
        )
        if workbench.create_cloud9_roles:
            for construct in self._roles():
                environment.node.add_dependency(construct)

    def _roles(self) -> tuple[Construct, Construct]:
        role = iam.Role(
            self,
            "AccessRole",
            role_name=ACCESS_ROLE,
            path="/service-role/",
            description="Lets Cloud9's instances be managed by Systems Manager",
            assumed_by=iam.CompositePrincipal(
                iam.ServicePrincipal("cloud9.amazonaws.com"),
                iam.ServicePrincipal("ec2.amazonaws.com"),
            ),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("AWSCloud9SSMInstanceProfile")
            ],
        )
        acknowledge(
            role,
            {
                "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/"
                "AWSCloud9SSMInstanceProfile]": "Cloud9 checks for exactly this policy",
                "trust-has-source": "Cloud9 documents exactly this trust, and looks the role up",
            },
        )
        profile = iam.InstanceProfile(
            self,
            "InstanceProfile",
            instance_profile_name=INSTANCE_PROFILE,
            path="/cloud9/",
            role=role,
        )
        return role, profile


def _owner_arn(stack: cdk.Stack, owner: str | None) -> str | None:
    """The person who may open it; without one that is CloudFormation's role, hence nobody."""
    if owner is None:
        return None
    kind, _, name = owner.partition("/")
    return stack.format_arn(
        service="sts" if kind == "assumed-role" else "iam",
        region="",
        resource=kind,
        resource_name=name or None,
    )
