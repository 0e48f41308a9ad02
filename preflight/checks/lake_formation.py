"""Lake Formation: where its defaults are gone, crawler and Athena need grants of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from doctor.finding import good, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from doctor.finding import Finding
    from preflight.account import Account

SUBJECT: Final = "Lake Formation"
EVERYBODY: Final = "IAM_ALLOWED_PRINCIPALS"
"""The group that stands for whoever IAM lets in
(https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html)."""
DEFAULTS: Final = {
    "CreateDatabaseDefaultPermissions": "databases",
    "CreateTableDefaultPermissions": "tables",
}


def lake_formation(account: Account, settings: Settings) -> Iterator[Finding]:
    """Whether IAM alone decides on new databases and tables."""
    if not settings.has_sql:
        return
    lake: dict[str, Any] = account.ask("lakeformation", "get_data_lake_settings")[
        "DataLakeSettings"
    ]
    lacking = [what for key, what in DEFAULTS.items() if not _lets_iam_decide(lake.get(key, []))]
    if not lacking:
        yield good(SUBJECT, "IAM alone decides on new databases and tables")
        return
    database = settings.database_name
    yield warning(
        SUBJECT,
        f"IAMAllowedPrincipals has no default permission on new {' and '.join(lacking)}",
        f"after the deployment grant the crawler's role CREATE_TABLE, ALTER and DESCRIBE on the "
        f"database {database}, and readers SELECT and DESCRIBE on its tables; or let an "
        "administrator of the lake restore the default",
    )


def _lets_iam_decide(permissions: list[dict[str, Any]]) -> bool:
    return any(
        permission["Principal"]["DataLakePrincipalIdentifier"] == EVERYBODY
        for permission in permissions
    )
