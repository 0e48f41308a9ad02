"""The checks, each a function of the account and the settings; ``CHECKS`` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from config import Settings
from doctor.finding import Finding
from preflight.account import Account
from preflight.checks.bootstrap import bootstrap
from preflight.checks.delivery import identity_provider
from preflight.checks.identity import identity
from preflight.checks.lake_formation import lake_formation
from preflight.checks.names import bucket_names, fixed_names
from preflight.checks.quicksight import quicksight_role, quicksight_subscription
from preflight.checks.quotas import instance_quotas, vpc_quota
from preflight.checks.stacks import stacks
from preflight.checks.workbench import cloud9, cloud9_roles

Check = Callable[[Account, Settings], Iterable[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    identity,
    bootstrap,
    stacks,
    bucket_names,
    fixed_names,
    vpc_quota,
    instance_quotas,
    lake_formation,
    quicksight_subscription,
    quicksight_role,
    cloud9,
    cloud9_roles,
    identity_provider,
)
