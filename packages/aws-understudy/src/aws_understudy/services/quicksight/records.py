"""QuickSight as records: nothing is imported into SPICE and nothing is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_understudy.records.kind import RecordKind
from aws_understudy.records.service import RecordService

if TYPE_CHECKING:
    from aws_understudy.core.service import AwsRequest
    from aws_understudy.records.kind import Values

_ARN = "arn:aws:quicksight:{region}:{account}:"
_DONE = "CREATION_SUCCESSFUL"


def _created(_values: Values, _request: AwsRequest) -> Values:
    return {"Status": _DONE, "CreationStatus": _DONE, "UpdateStatus": "UPDATE_SUCCESSFUL"}


def _dashboard_created(values: Values, request: AwsRequest) -> Values:
    version = {"VersionNumber": 1, "Status": _DONE, "ThemeArn": values.get("ThemeArn")}
    return {**_created(values, request), "Version": version, "PublishedVersionNumber": 1}


def _kind(noun: str, *, path: str, list_operation: str, list_member: str) -> RecordKind:
    identity = f"{noun}Id"
    definition = (f"Describe{noun}Definition",) if noun in {"Analysis", "Dashboard"} else ()
    return RecordKind(
        noun=noun,
        identity=("AwsAccountId", identity),
        arn=f"{_ARN}{path}/{{{identity}}}",
        list_operation=list_operation,
        list_member=list_member,
        filters={"AwsAccountId": "AwsAccountId"},
        on_create=_dashboard_created if noun == "Dashboard" else _created,
        # Credentials are never shown again by the service either.
        unchanged=frozenset({"Credentials", "Tags"}),
        views=(f"Describe{noun}Permissions", *definition),
    )


def quicksight_records() -> RecordService:
    """Data sources, data sets, analyses and dashboards; users and groups are moto's."""
    return RecordService(
        name="quicksight",
        kinds=(
            _kind(
                "DataSource",
                path="datasource",
                list_operation="ListDataSources",
                list_member="DataSources",
            ),
            _kind(
                "DataSet",
                path="dataset",
                list_operation="ListDataSets",
                list_member="DataSetSummaries",
            ),
            _kind(
                "Analysis",
                path="analysis",
                list_operation="ListAnalyses",
                list_member="AnalysisSummaryList",
            ),
            _kind(
                "Dashboard",
                path="dashboard",
                list_operation="ListDashboards",
                list_member="DashboardSummaryList",
            ),
        ),
    )
