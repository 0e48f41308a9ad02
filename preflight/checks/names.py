"""Names: what the settings call by a fixed name is free, or the platform's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from doctor.finding import good, stop, unasked
from preflight.account import DeniedError, is_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Settings
    from doctor.finding import Finding
    from preflight.account import Account

SUBJECT: Final = "names"
BUCKET: Final = "AWS::S3::Bucket"
KEPT: Final = '; if an earlier deployment with data = "keep" left it, delete it once it is needless'


def bucket_names(account: Account, settings: Settings) -> Iterator[Finding]:
    """Whether the buckets' names, which are unique in the whole of AWS, are to be had."""
    for key in ("source_bucket_name", "results_bucket_name"):
        name = getattr(settings.storage, key)
        if name is not None:
            yield _bucket(account, settings, name, key=f"storage.{key}")


def _bucket(account: Account, settings: Settings, name: str, *, key: str) -> Finding:
    if account.deployed(settings.name).has(BUCKET, name):
        return good(SUBJECT, f"bucket {name} is the platform's own")
    try:
        account.ask("s3", "head_bucket", Bucket=name)
    except DeniedError:
        whose = "somebody else's, or closed to you"
    except ClientError as error:
        if is_absent(error):
            return good(SUBJECT, f"bucket {name} is free")
        whose = f"taken, in another region perhaps ({error.response['Error']['Code']})"
    else:
        whose = "yours, and of no stack of this platform"
    return stop(SUBJECT, f"bucket {name} is {whose}", f"choose another {key}{KEPT}")


def fixed_names(account: Account, settings: Settings) -> Iterator[Finding]:
    """Whether roles, database, workgroup, crawler and model groups are free or the platform's."""
    for named in _named(settings):
        try:
            yield _fixed_name(account, settings, named)
        except DeniedError as error:
            yield unasked(SUBJECT, error.action)


@dataclass(frozen=True, kw_only=True)
class Named:
    """A thing of a fixed name, and the operation that says whether it is there."""

    type_: str
    what: str
    name: str
    ask: tuple[str, str, str]
    """Service, operation, and the parameter that takes the name."""
    advice: str


def _fixed_name(account: Account, settings: Settings, named: Named) -> Finding:
    thing = f"{named.what} {named.name}"
    if account.deployed(settings.name).has(named.type_, named.name):
        return good(SUBJECT, f"{thing} is the platform's own")
    service, operation, parameter = named.ask
    if account.find(service, operation, **{parameter: named.name}) is None:
        return good(SUBJECT, f"{thing} is free")
    seen = f"{thing} exists, and no stack of {settings.name} in {settings.region} has it"
    return stop(SUBJECT, seen, f"{named.advice}{KEPT}")


def _named(settings: Settings) -> Iterator[Named]:
    if settings.has_sql:
        yield from _of_sql(settings)
    yield from _model_groups(settings)


def _of_sql(settings: Settings) -> Iterator[Named]:
    catalog = settings.catalog
    if catalog.glue_role_name:
        yield Named(
            type_="AWS::IAM::Role",
            what="role",
            name=catalog.glue_role_name,
            ask=("iam", "get_role", "RoleName"),
            advice="choose another catalog.glue_role_name, or leave it out; roles are of the "
            "account, not of a region",
        )
    yield Named(
        type_="AWS::Glue::Database",
        what="database",
        name=settings.database_name,
        ask=("glue", "get_database", "Name"),
        advice="choose another catalog.database_name",
    )
    if catalog.crawler_name:
        yield Named(
            type_="AWS::Glue::Crawler",
            what="crawler",
            name=catalog.crawler_name,
            ask=("glue", "get_crawler", "Name"),
            advice="choose another catalog.crawler_name",
        )
    yield Named(
        type_="AWS::Athena::WorkGroup",
        what="workgroup",
        name=settings.workgroup_name,
        ask=("athena", "get_work_group", "WorkGroup"),
        advice="choose another query.workgroup_name",
    )


def _model_groups(settings: Settings) -> Iterator[Named]:
    for pipeline in settings.pipelines.values():
        yield Named(
            type_="AWS::SageMaker::ModelPackageGroup",
            what="model package group",
            name=f"{settings.name}-{pipeline.slug}",
            ask=("sagemaker", "describe_model_package_group", "ModelPackageGroupName"),
            advice="choose another name for the platform",
        )
