"""Log groups of our own, so that retention and removal are decided and not left to a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import aws_logs as logs

if TYPE_CHECKING:
    import aws_cdk as cdk
    from constructs import Construct

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


@dataclass(frozen=True, kw_only=True)
class LogPolicy:
    """How long a platform's logs are kept."""

    days: int
    """One of ``RETENTION_BY_DAYS``."""
    removal: cdk.RemovalPolicy
    """What happens to a group when its stack goes."""


def log_group(scope: Construct, id_: str, *, policy: LogPolicy) -> logs.LogGroup:
    """A log group that keeps its events as long as the policy says."""
    return logs.LogGroup(
        scope,
        id_,
        retention=RETENTION_BY_DAYS[policy.days],
        removal_policy=policy.removal,
    )
