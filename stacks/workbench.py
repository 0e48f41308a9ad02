"""Workbench: where a person works on the data; Cloud9, SageMaker Studio, or nothing.

Composed only if a kind is set. Hands on nothing. AWS closed Cloud9
to new customers on 2024-07-25: ``studio`` is its successor here, ``cloud9`` is for accounts that
have used it before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.workbench.cloud9_environment import Cloud9Environment
from components.workbench.studio import Studio
from stacks.optional_stack import OptionalStack

if TYPE_CHECKING:
    from constructs import Construct

    from stacks.optional_stack import Foundation


class WorkbenchStack(OptionalStack):
    """One workbench in the public subnet."""

    NAME = "workbench"
    DESCRIPTION = "The place where a person works: Cloud9 or SageMaker Studio"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        foundation: Foundation,
    ) -> None:
        settings, vpc = foundation.settings, foundation.network.vpc
        super().__init__(scope, id_, foundation=foundation)
        if settings.workbench.kind == "cloud9":
            Cloud9Environment(
                self, "Ide", workbench=settings.workbench, policy=self.derived_data, vpc=vpc
            )
        else:
            Studio(
                self,
                "Studio",
                workbench=settings.workbench,
                policy=self.derived_data,
                key=foundation.storage.key,
                vpc=vpc,
                rights=foundation.sql.query.analyst if foundation.sql else None,
            )


STACK = WorkbenchStack
