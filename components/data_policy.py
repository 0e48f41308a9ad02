"""What happens to data when its stack goes: the two keys of teardown."""

from __future__ import annotations

from dataclasses import dataclass

import aws_cdk as cdk


@dataclass(frozen=True)
class DataPolicy:
    """A stateful resource's removal policy, and whether a bucket is emptied first."""

    removal: cdk.RemovalPolicy
    empty_first: bool


KEEP = DataPolicy(removal=cdk.RemovalPolicy.RETAIN, empty_first=False)
DESTROY = DataPolicy(removal=cdk.RemovalPolicy.DESTROY, empty_first=True)


def data_policy(*, kept: bool) -> DataPolicy:
    """The policy for data that is kept, or goes with its stack."""
    return KEEP if kept else DESTROY
