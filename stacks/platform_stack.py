"""What every stack of the platform is: its name, region and protection come from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings


class PlatformStack(cdk.Stack):
    """A stack that is protected from termination where the settings keep data."""

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
