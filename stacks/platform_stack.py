"""What every stack of the platform is: its name, region and protection come from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from components.data_policy import data_policy
from components.monitoring.log_groups import LogPolicy

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings


class PlatformStack(cdk.Stack):
    """A stack that is protected from termination where the settings keep data.

    Hands on ``derived_data``, the policy for what can be made again (results, models, catalog,
    logs), and ``log_policy``.
    """

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, name: str, description: str
    ) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=f"{settings.name}-{name}",
            description=description,
            env=cdk.Environment(region=settings.region),
            termination_protection=settings.keeps_data,
        )
        self.derived_data = data_policy(kept=settings.keeps_data)
        self.log_policy = LogPolicy(
            days=settings.operations.log_retention_days, removal=self.derived_data.removal
        )
