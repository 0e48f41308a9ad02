"""Bootstrap: the roles and the bucket that ``cdk bootstrap`` makes in an account and region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doctor.finding import good, stop, warning
from preflight.account import DeniedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from doctor.finding import Finding
    from preflight.account import Account

SUBJECT: Final = "bootstrap"
QUALIFIER: Final = "hnb659fds"
"""The CDK's own, which this app does not change."""
PARAMETER: Final = f"/cdk-bootstrap/{QUALIFIER}/version"
LEAST_VERSION: Final = 6
"""What the assembly's manifest asks for (``requiresBootstrapStackVersion``)."""
REMEDY: Final = "make bootstrap with the same CONFIG (step 3 of docs/deploy.md)"


def bootstrap(account: Account, settings: Settings) -> Iterator[Finding]:
    """Whether the region is bootstrapped, and whether the caller may deploy through it."""
    answer = account.find("ssm", "get_parameter", Name=PARAMETER)
    if answer is None:
        yield stop(
            SUBJECT, f"{settings.region} is not bootstrapped: no parameter {PARAMETER}", REMEDY
        )
        return
    version = int(answer["Parameter"]["Value"])
    if version < LEAST_VERSION:
        yield stop(SUBJECT, f"version {version}, needed is {LEAST_VERSION} at least", REMEDY)
        return
    yield good(SUBJECT, f"version {version} in {settings.region}")
    yield _deploy_role(account, settings)


def _deploy_role(account: Account, settings: Settings) -> Finding:
    """Try the role that the CDK CLI deploys with; the session is thrown away."""
    number, _ = account.identity()
    partition = account.client("sts").meta.partition
    role = f"cdk-{QUALIFIER}-deploy-role-{number}-{settings.region}"
    try:
        account.ask(
            "sts", "assume_role",
            RoleArn=f"arn:{partition}:iam::{number}:role/{role}",
            RoleSessionName="preflight", DurationSeconds=900,
        )  # fmt: skip
    except DeniedError:
        return warning(
            SUBJECT,
            f"you may not assume {role}, so the CDK would use your own rights",
            "an administrator needs nothing; anybody else needs docs/deployer-policy.json",
        )
    return good(SUBJECT, f"you may assume {role}")
