"""Quotas: new accounts have none of some instance types, and five VPCs a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from doctor.finding import good, stop, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config import Settings
    from doctor.finding import Finding
    from preflight.account import Account

SUBJECT: Final = "quotas"
VPC_QUOTA: Final = "VPCs per Region"


def instance_quotas(account: Account, settings: Settings) -> Iterator[Finding]:
    """Whether each kind of SageMaker job may have one instance; quotas are known by their names."""
    names = sorted(
        {
            f"{pipeline.instance_type} for {kind} job usage"
            for pipeline in settings.pipelines.values()
            for kind in ("processing", "training", "transform")
            if kind != "transform" or pipeline.deploy == "batch"
        }
    )
    quotas = quotas_by_name(account, "sagemaker", names) if names else {}
    for name in names:
        yield _instance_quota(name, quotas.get(name), settings.region)


def _instance_quota(name: str, quota: Mapping[str, Any] | None, region: str) -> Finding:
    if quota is None:
        return warning(
            SUBJECT,
            f"no quota is called {name!r} in {region}",
            "see whether SageMaker offers this instance type there; another one is "
            "instance_type of the pipeline's settings",
        )
    if quota["Value"] < 1:
        return stop(
            SUBJECT,
            f"{name} is {quota['Value']:g}: no job could start",
            f"Service Quotas, Amazon SageMaker, {name}: request an increase to 1 (code "
            f"{quota['QuotaCode']}); or another instance_type for the pipeline",
        )
    return good(SUBJECT, f"{name}: {quota['Value']:g}")


def vpc_quota(account: Account, settings: Settings) -> Iterator[Finding]:
    """Whether one more VPC fits, unless the platform has its own already."""
    if any(type_ == "AWS::EC2::VPC" for type_, _ in account.deployed(settings.name).resources):
        yield good(SUBJECT, "the platform's VPC is there")
        return
    used = sum(len(page["Vpcs"]) for page in account.pages("ec2", "describe_vpcs"))
    quota = quotas_by_name(account, "vpc", [VPC_QUOTA]).get(VPC_QUOTA)
    if quota is None:
        yield warning(
            SUBJECT, f"no quota is called {VPC_QUOTA!r}", "see Service Quotas, Amazon VPC"
        )
    elif used >= quota["Value"]:
        yield stop(
            SUBJECT,
            f"{used} VPCs in {settings.region}, and {VPC_QUOTA} is {quota['Value']:g}",
            "delete a VPC, or request an increase in Service Quotas, Amazon VPC",
        )
    else:
        yield good(SUBJECT, f"{used} of {quota['Value']:g} VPCs in {settings.region}")


def quotas_by_name(account: Account, service: str, names: list[str]) -> Mapping[str, Any]:
    """The quotas of a service that bear these names; no page is asked for after the last one.

    Codes differ between instance types and are documented nowhere as a list, the names are
    (https://docs.aws.amazon.com/general/latest/gr/sagemaker.html).
    """
    quotas: dict[str, Any] = {}
    for page in account.pages("service-quotas", "list_service_quotas", ServiceCode=service):
        quotas |= {
            quota["QuotaName"]: quota for quota in page["Quotas"] if quota["QuotaName"] in names
        }
        if len(quotas) == len(names):
            break
    return quotas
