"""A QuickSight data source over Athena and a data set over one view, shared with a principal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_quicksight as quicksight
from constructs import Construct

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

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

VIEW_COLUMNS = {
    "year": "INTEGER",
    "wherecaught": "STRING",
    "country": "STRING",
    "totalweight": "DECIMAL",
}
"""The columns of the mackerel views, by QuickSight's names of types."""


class QuickSightDataset(Construct):
    """The data source with a role of its own, and a data set that queries it directly."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        role: iam.IRole,
        workgroup_name: str,
        database_name: str,
        view_name: str,
        data_source_name: str,
        principal_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        self.data_source = self._data_source(
            data_source_name, workgroup_name=workgroup_name, role=role, owner=principal_arn
        )
        # Creating a data source tests its connection, so the role must be complete by then.
        self.data_source.node.add_dependency(role)
        self.data_set = quicksight.CfnDataSet(
            self,
            "DataSet",
            aws_account_id=cdk.Aws.ACCOUNT_ID,
            data_set_id=f"{workgroup_name}-{view_name}",
            name=f"{database_name}.{view_name}",
            import_mode="DIRECT_QUERY",
            physical_table_map={"view": self._view(database_name, view_name)},
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

    def _view(
        self, database_name: str, view_name: str
    ) -> quicksight.CfnDataSet.PhysicalTableProperty:
        return quicksight.CfnDataSet.PhysicalTableProperty(
            relational_table=quicksight.CfnDataSet.RelationalTableProperty(
                data_source_arn=self.data_source.attr_arn,
                catalog="AwsDataCatalog",
                schema=database_name,
                name=view_name,
                input_columns=[
                    quicksight.CfnDataSet.InputColumnProperty(name=name, type=type_)
                    for name, type_ in VIEW_COLUMNS.items()
                ],
            )
        )
