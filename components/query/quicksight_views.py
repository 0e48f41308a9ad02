"""A QuickSight data source over Athena and data sets over views, shared with a principal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
from aws_cdk import aws_quicksight as quicksight
from constructs import Construct

from config.sections.section import pascal_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_iam as iam

    from config.dashboard_file import View
    from config.dataset import Type

SOURCE_OWNER = (
    "quicksight:DescribeDataSource",
    "quicksight:DescribeDataSourcePermissions",
    "quicksight:PassDataSource",
    "quicksight:UpdateDataSource",
    "quicksight:DeleteDataSource",
    "quicksight:UpdateDataSourcePermissions",
)
DATASET_OWNER = (
    "quicksight:DescribeDataSet",
    "quicksight:DescribeDataSetPermissions",
    "quicksight:PassDataSet",
    "quicksight:DescribeIngestion",
    "quicksight:ListIngestions",
    "quicksight:UpdateDataSet",
    "quicksight:DeleteDataSet",
    "quicksight:CreateIngestion",
    "quicksight:CancelIngestion",
    "quicksight:UpdateDataSetPermissions",
)
"""The owner's actions that QuickSight accepts, as a whole set or not at all
(https://docs.aws.amazon.com/quicksight/latest/developerguide/share-dashboard.html)."""

TYPES: Final[Mapping[Type, str]] = {
    "whole": "INTEGER",
    "fraction": "DECIMAL",
    "text": "STRING",
    "boolean": "BOOLEAN",
    "date": "DATETIME",
    "timestamp": "DATETIME",
}
"""QuickSight's names of types (InputColumn in its API)."""


class QuickSightViews(Construct):
    """The data source with a role of its own, and a data set for each view, queried directly."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        role: iam.IRole,
        workgroup_name: str,
        database_name: str,
        views: Mapping[str, View],
        data_source_name: str,
        principal_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        self.data_source = self._data_source(
            data_source_name, workgroup_name=workgroup_name, role=role, owner=principal_arn
        )
        # Creating a data source tests its connection, so the role must be complete by then.
        self.data_source.node.add_dependency(role)
        for name, view in views.items():
            quicksight.CfnDataSet(
                self,
                pascal_case(name),
                aws_account_id=cdk.Aws.ACCOUNT_ID,
                data_set_id=f"{workgroup_name}-{name}",
                name=f"{database_name}.{name}",
                import_mode="DIRECT_QUERY",
                physical_table_map={"view": self._table(database_name, name, view)},
                permissions=[
                    quicksight.CfnDataSet.ResourcePermissionProperty(
                        principal=principal_arn, actions=list(DATASET_OWNER)
                    )
                ],
            )

    def _data_source(
        self, name: str, *, workgroup_name: str, role: iam.IRole, owner: str
    ) -> quicksight.CfnDataSource:
        return quicksight.CfnDataSource(
            self,
            "DataSource",
            aws_account_id=cdk.Aws.ACCOUNT_ID,
            data_source_id=f"{workgroup_name}-athena",
            name=name,
            type="ATHENA",
            data_source_parameters=quicksight.CfnDataSource.DataSourceParametersProperty(
                athena_parameters=quicksight.CfnDataSource.AthenaParametersProperty(
                    work_group=workgroup_name, role_arn=role.role_arn
                )
            ),
            permissions=[
                quicksight.CfnDataSource.ResourcePermissionProperty(
                    principal=owner, actions=list(SOURCE_OWNER)
                )
            ],
        )

    def _table(
        self, database_name: str, name: str, view: View
    ) -> quicksight.CfnDataSet.PhysicalTableProperty:
        return quicksight.CfnDataSet.PhysicalTableProperty(
            relational_table=quicksight.CfnDataSet.RelationalTableProperty(
                data_source_arn=self.data_source.attr_arn,
                catalog="AwsDataCatalog",
                schema=database_name,
                name=name,
                input_columns=[
                    quicksight.CfnDataSet.InputColumnProperty(name=column, type=TYPES[kind])
                    for column, kind in view.columns.items()
                ],
            )
        )
