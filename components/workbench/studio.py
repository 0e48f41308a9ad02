"""A SageMaker Studio domain with one user and one Code Editor space that stops when idle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from components.access.service_role import service_of_this_account
from components.access.studio_access import StudioAccess
from components.acknowledgement import acknowledge_wildcards

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_kms as kms

    from components.data_policy import DataPolicy
    from config.sections.workbench import Workbench

USER = "owner"
SMALLEST = "t3.medium"
SPACE_GIGABYTES = 5
"""The smallest volume that a space can have."""


class Studio(Construct):
    """The domain, its user profile, and the space that succeeds a Cloud9 environment."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        workbench: Workbench,
        policy: DataPolicy,
        key: kms.IKey | None,
        vpc: ec2.IVpc,
        rights: iam.IManagedPolicy | None,
    ) -> None:
        super().__init__(scope, id_)
        self.role = iam.Role(
            self,
            "ExecutionRole",
            description="What the Studio user may do: run the space, and query the data",
            assumed_by=service_of_this_account("sagemaker.amazonaws.com"),
            managed_policies=[rights] if rights else None,
        )
        domain = sagemaker.CfnDomain(
            self,
            "Domain",
            domain_name=workbench.name,
            auth_mode="IAM",
            vpc_id=vpc.vpc_id,
            subnet_ids=[vpc.public_subnets[0].subnet_id],
            app_network_access_type="PublicInternetOnly",
            # Of the volumes; it cannot be changed later.
            kms_key_id=key.key_id if key else None,
            default_user_settings=self._user_settings(workbench.idle_stop_minutes),
        )
        domain.apply_removal_policy(policy.removal)
        user = sagemaker.CfnUserProfile(
            self, "User", domain_id=domain.attr_domain_id, user_profile_name=USER
        )
        space = self._space(workbench, domain)
        space.add_resource_dependency(user)
        for kept in (user, space):
            kept.apply_removal_policy(policy.removal)
        self._allow_running(workbench.name, domain, key)

    def _allow_running(
        self, space_name: str, domain: sagemaker.CfnDomain, key: kms.IKey | None
    ) -> None:
        # Apart from the role, because the domain needs the role and the rights name the domain.
        access = StudioAccess(
            stack=cdk.Stack.of(self),
            domain_id=domain.attr_domain_id,
            user_name=USER,
            space_name=space_name,
            key=key,
        )
        policy = iam.Policy(
            self, "RunSpace", roles=[self.role], statements=list(access.statements())
        )
        acknowledge_wildcards(policy, access.wildcards)

    def _space(self, workbench: Workbench, domain: sagemaker.CfnDomain) -> sagemaker.CfnSpace:
        return sagemaker.CfnSpace(
            self,
            "Space",
            domain_id=domain.attr_domain_id,
            space_name=workbench.name,
            ownership_settings=sagemaker.CfnSpace.OwnershipSettingsProperty(
                owner_user_profile_name=USER
            ),
            space_sharing_settings=sagemaker.CfnSpace.SpaceSharingSettingsProperty(
                sharing_type="Private"
            ),
            space_settings=sagemaker.CfnSpace.SpaceSettingsProperty(
                app_type="CodeEditor",
                code_editor_app_settings=sagemaker.CfnSpace.SpaceCodeEditorAppSettingsProperty(
                    default_resource_spec=sagemaker.CfnSpace.ResourceSpecProperty(
                        instance_type=f"ml.{workbench.instance_type or SMALLEST}"
                    )
                ),
                space_storage_settings=sagemaker.CfnSpace.SpaceStorageSettingsProperty(
                    ebs_storage_settings=sagemaker.CfnSpace.EbsStorageSettingsProperty(
                        ebs_volume_size_in_gb=SPACE_GIGABYTES
                    )
                ),
            ),
        )

    def _user_settings(self, idle_minutes: int) -> sagemaker.CfnDomain.UserSettingsProperty:
        idle = sagemaker.CfnDomain.AppLifecycleManagementProperty(
            idle_settings=sagemaker.CfnDomain.IdleSettingsProperty(
                lifecycle_management="ENABLED", idle_timeout_in_minutes=idle_minutes
            )
        )
        return sagemaker.CfnDomain.UserSettingsProperty(
            execution_role=self.role.role_arn,
            code_editor_app_settings=sagemaker.CfnDomain.CodeEditorAppSettingsProperty(
                app_lifecycle_management=idle
            ),
        )
