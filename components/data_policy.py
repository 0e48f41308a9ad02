"""What happens to data when its stack goes: the two keys of teardown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from config import Settings


@dataclass(frozen=True)
class DataPolicy:
    """A stateful resource's removal policy, and whether a bucket is emptied first."""

    removal: cdk.RemovalPolicy
    empty_first: bool


KEEP = DataPolicy(removal=cdk.RemovalPolicy.RETAIN, empty_first=False)
DESTROY = DataPolicy(removal=cdk.RemovalPolicy.DESTROY, empty_first=True)


def derived_data(settings: Settings) -> DataPolicy:
    """The policy for what can be made again: results, models, catalog, logs."""
    return KEEP if settings.keeps_data else DESTROY


def source_data(settings: Settings) -> DataPolicy:
    """The policy for what came from outside; deleted only if both keys are turned."""
    return DESTROY if settings.destroys_source else KEEP
