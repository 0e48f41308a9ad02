"""Log groups of our own, so that retention and removal are decided and not left to a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_logs as logs

from components.data_policy import derived_data

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings

RETENTION_BY_DAYS = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    1827: logs.RetentionDays.FIVE_YEARS,
}


def log_group(scope: Construct, id_: str, *, settings: Settings) -> logs.LogGroup:
    """A log group that keeps its events as long as the settings say."""
    return logs.LogGroup(
        scope,
        id_,
        retention=RETENTION_BY_DAYS[settings.operations.log_retention_days],
        removal_policy=derived_data(settings).removal,
    )
