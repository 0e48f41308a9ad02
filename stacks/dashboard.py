"""Dashboard: QuickSight's roles, and for one principal a data source and data sets.

Receives the settings, the storage stack and the query stack. Hands on nothing. QuickSight's
subscription has no CloudFormation type: an account without one can hold the roles only.

``aws-quicksight-service-role-v0`` is the console's own. Settings say what to do with it:
``create`` it (an account without a subscription), ``import`` it (the buckets' policies admit it,
for QuickSight rejects policies on it that it did not write), or ``skip`` it. The data source
does not use it: it passes a role of its own in ``AthenaParameters.RoleArn``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from components.access.service_role import service_role
from config.dashboard_file import read_dashboard
from stacks.platform_stack import PlatformStack

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings
    from stacks.query import QueryStack
    from stacks.storage import StorageStack

SERVICE_ROLE = "aws-quicksight-service-role-v0"
SERVICE_ROLE_PATH = "/service-role/"


class DashboardStack(PlatformStack):
    """The service role by mode, the data source's role, the data source, a data set a view."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        storage: StorageStack,
        query: QueryStack,
    ) -> None:
        super().__init__(
            scope,
            id_,
            settings=settings,
            name="dashboard",
            description="QuickSight roles, data source and data set",
        )
        if settings.dashboard.service_role == "create":
            self._create_service_role(query)
        elif settings.dashboard.service_role == "import":
            self._admit_service_role(storage)
        source_role = self._source_role(query)
        if settings.dashboard.principal is not None:
            self._share_views(settings, settings.dashboard.principal, source_role, query)

    def _create_service_role(self, query: QueryStack) -> None:
        role = service_role(
            self,
            "ServiceRole",
            service="quicksight.amazonaws.com",
            role_name=SERVICE_ROLE,
            path=SERVICE_ROLE_PATH,
            description="QuickSight's default access: this platform's workgroup and buckets",
            access=query.access,
        )
        cdk.CfnOutput(self, "ServiceRoleArn", value=role.role_arn)

    def _admit_service_role(self, storage: StorageStack) -> None:
        role = iam.Role.from_role_arn(
            self,
            "ServiceRole",
            self.format_arn(
                service="iam",
                region="",
                resource="role",
                resource_name=f"{SERVICE_ROLE_PATH.strip('/')}/{SERVICE_ROLE}",
            ),
            mutable=False,
            add_grants_to_resources=True,
        )
        storage.source_bucket.grant_read(role)
        storage.results_bucket.grant_read_write(role)
        cdk.CfnOutput(self, "ServiceRoleArn", value=role.role_arn)

    def _source_role(self, query: QueryStack) -> iam.Role:
        role = service_role(
            self,
            "SourceRole",
            service="quicksight.amazonaws.com",
            description="What this platform's QuickSight data source may read",
            access=query.access,
        )
        cdk.CfnOutput(self, "SourceRoleArn", value=role.role_arn)
        return role

    def _share_views(
        self, settings: Settings, principal: str, role: iam.IRole, query: QueryStack
    ) -> None:
        # Imported here because aws_quicksight is large: a tenth of the whole synthesis.
        from components.query.quicksight_views import QuickSightViews  # noqa: PLC0415

        dashboards = [read_dashboard(dataset) for dataset in settings.datasets]
        QuickSightViews(
            self,
            "Athena",
            role=role,
            workgroup_name=query.workgroup.ref,
            database_name=settings.database_name,
            views={
                name: view
                for dashboard in dashboards
                if dashboard is not None
                for name, view in dashboard.views.items()
            },
            data_source_name=settings.dashboard.data_source_name or settings.name,
            principal_arn=self._principal_arn(settings, principal),
        )

    def _principal_arn(self, settings: Settings, principal: str) -> str:
        kind, namespace, name = principal.split("/", maxsplit=2)
        return self.format_arn(
            service="quicksight",
            region=settings.dashboard.identity_region or settings.region,
            resource=kind,
            resource_name=f"{namespace}/{name}",
        )
