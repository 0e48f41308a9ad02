"""Workbench: Cloud9 is closed to new customers, and its roles are one pair an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doctor.finding import good, stop, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from doctor.finding import Finding
    from preflight.account import Account

SUBJECT: Final = "Cloud9"
ACCESS_ROLE: Final = "AWSCloud9SSMAccessRole"
PROFILE: Final = "AWSCloud9SSMInstanceProfile"
SERVICE_LINKED_ROLE: Final = "AWSServiceRoleForAWSCloud9"
CLOSED: Final = (
    "AWS closed Cloud9 to new customers on 2024-07-25 "
    "(https://aws.amazon.com/blogs/devops/how-to-migrate-from-aws-cloud9-to-aws-ide-toolkits-or-"
    'aws-cloudshell/): if you never used it, set workbench.kind = "studio"'
)


def cloud9(account: Account, settings: Settings) -> Iterator[Finding]:
    """What can be known: environments, and the role that Cloud9 makes with its first one."""
    if settings.workbench.kind != "cloud9":
        return
    environments = account.ask("cloud9", "list_environments")["environmentIds"]
    used = account.find("iam", "get_role", RoleName=SERVICE_LINKED_ROLE) is not None
    if environments:
        yield good(SUBJECT, f"{len(environments)} environments in {settings.region}")
    elif used:
        yield good(SUBJECT, f"no environment now, but {SERVICE_LINKED_ROLE} says there was one")
    else:
        yield warning(SUBJECT, "no sign that this account has ever used it", CLOSED)


def cloud9_roles(account: Account, settings: Settings) -> Iterator[Finding]:
    """Whether the two roles for Systems Manager are there, or made, and never both."""
    if settings.workbench.kind != "cloud9":
        return
    key = "workbench.create_cloud9_roles"
    deployed = account.deployed(settings.name)
    there = {
        ACCESS_ROLE: account.find("iam", "get_role", RoleName=ACCESS_ROLE),
        PROFILE: account.find("iam", "get_instance_profile", InstanceProfileName=PROFILE),
    }
    present = [name for name, answer in there.items() if answer is not None]
    if settings.workbench.create_cloud9_roles:
        foreign = [name for name in present if name not in {id_ for _, id_ in deployed.resources}]
        if foreign:
            seen = f"{' and '.join(foreign)} exist, and {key} = true would make them"
            yield stop(SUBJECT, seen, f"set {key} = false")
            return
    elif len(present) < len(there):
        absent = [name for name in there if name not in present]
        seen = f"{' and '.join(absent)} do not exist, and the environment needs them"
        yield stop(SUBJECT, seen, f"set {key} = true")
        return
    yield good(SUBJECT, f"its roles for Systems Manager are as {key} needs them")
