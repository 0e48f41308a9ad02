"""QuickSight: the subscription, the region of its users, and the role that its console owns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from doctor.finding import good, stop
from preflight.account import DeniedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from doctor.finding import Finding
    from preflight.account import Account

SUBJECT: Final = "QuickSight"
SERVICE_ROLE: Final = "aws-quicksight-service-role-v0"
ELSEWHERE: Final = re.compile(r"your identity region is ([a-z0-9-]+)")
"""How QuickSight answers, as a denial, in any region but the one where it keeps its users."""
SUBSCRIBED: Final = "ACCOUNT_CREATED"


def quicksight_subscription(account: Account, settings: Settings) -> Iterator[Finding]:
    """Whether there is a subscription for a principal of the settings, and where its users are."""
    principal = settings.dashboard.principal
    if principal is None:
        yield good(SUBJECT, "the settings name no dashboard.principal: no subscription is needed")
        return
    region = settings.dashboard.identity_region or settings.region
    try:
        subscription = _subscription(account, region)
    except DeniedError as error:
        elsewhere = ELSEWHERE.search(str(error))
        if elsewhere is None:
            raise
        yield stop(
            SUBJECT,
            f"its users are kept in {elsewhere[1]}, and the settings look for them in {region}",
            f'set dashboard.identity_region = "{elsewhere[1]}"',
        )
        return
    if subscription == SUBSCRIBED:
        yield good(SUBJECT, f"subscribed, with its users in {region}")
        return
    yield stop(
        SUBJECT,
        f"no subscription ({subscription or 'none'}), and {principal} is to get a data set",
        "subscribe in the QuickSight console, or leave dashboard.principal out",
    )


def _subscription(account: Account, region: str) -> str:
    number, _ = account.identity()
    answer: Any = account.find(
        "quicksight", "describe_account_subscription", region=region, AwsAccountId=number
    )
    return "" if answer is None else str(answer["AccountInfo"]["AccountSubscriptionStatus"])


def quicksight_role(account: Account, settings: Settings) -> Iterator[Finding]:
    """Whether QuickSight's own role is there where it is imported, and absent where it is made."""
    mode = settings.dashboard.service_role
    if mode == "skip":
        return
    there = account.find("iam", "get_role", RoleName=SERVICE_ROLE) is not None
    ours = account.deployed(settings.name).has("AWS::IAM::Role", SERVICE_ROLE)
    if mode == "create" and there and not ours:
        yield stop(
            SUBJECT,
            f'{SERVICE_ROLE} exists, and dashboard.service_role = "create" would make it',
            'set dashboard.service_role = "import", or "skip"',
        )
    elif mode == "import" and not there:
        yield stop(
            SUBJECT,
            f'{SERVICE_ROLE} does not exist, and dashboard.service_role = "import" needs it',
            "subscribe in the QuickSight console, which makes the role; or "
            'dashboard.service_role = "create" or "skip"',
        )
    else:
        state = "exists" if there else "is free"
        yield good(SUBJECT, f'{SERVICE_ROLE} {state}, as "{mode}" needs it')
