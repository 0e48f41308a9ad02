"""Workbench: where a person works on the data; Cloud9, SageMaker Studio, or nothing.

Receives the settings, the network stack and the query stack. Hands on nothing. AWS closed Cloud9
to new customers on 2024-07-25: ``studio`` is its successor here, ``cloud9`` is for accounts that
have used it before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

from components.cloud9_environment import Cloud9Environment
from components.studio import Studio

if TYPE_CHECKING:
    from constructs import Construct

    from config import Settings
    from stacks.network import NetworkStack
    from stacks.query import QueryStack


class WorkbenchStack(cdk.Stack):
    """One workbench in the public subnet; the app composes this stack only if one is wanted."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        network: NetworkStack,
        query: QueryStack,
    ) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=f"{settings.name}-workbench",
            description="The place where a person works: Cloud9 or SageMaker Studio",
            env=cdk.Environment(region=settings.region),
            termination_protection=settings.keeps_data,
        )
        if settings.workbench.kind == "cloud9":
            Cloud9Environment(self, "Ide", workbench=settings.workbench, vpc=network.vpc)
        else:
            Studio(self, "Studio", settings=settings, vpc=network.vpc, rights=query.analyst)
