"""The tables of a settings file, in the order of the stacks that ask them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
RoleName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=,.@-]{1,64}$")]
LogRetentionDays = Literal[1, 3, 7, 14, 30, 90, 180, 365, 1827]
"""A choice of the retentions that CloudWatch Logs accepts (PutRetentionPolicy)."""
RETIRED_FAMILIES: Final = {
    "p2": "use g6",
    "p3": "closed on 2025-12-20; use g6 for small jobs, p5 for large ones",
    "p3dn": "closed on 2025-12-20; use p5",
    "g3": "use g6",
    "g3s": "use g6",
    "g4ad": "no longer offered; use g6",
    "eia1": "Elastic Inference ended; use inf2, g6 or a serverless endpoint",
    "eia2": "Elastic Inference ended; use inf2, g6 or a serverless endpoint",
}
"""Families of instances that AWS has closed or ended, and what to use instead."""


def _not_retired(instance_type: str) -> str:
    family = instance_type.removeprefix("ml.").partition(".")[0]
    advice = RETIRED_FAMILIES.get(family)
    if advice is not None:
        raise ValueError(f"instance family '{family}' is retired: {advice}")
    return instance_type


MlInstanceType = Annotated[
    str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$"), AfterValidator(_not_retired)
]


class Section(BaseModel):
    """A table of a settings file: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rename(Section):
    """Columns to rename in the files that a pattern matches, before they are uploaded."""

    files: str = Field(min_length=1)
    """A shell pattern over the file's name, such as ``*EEZ*``."""
    columns: dict[str, str] = Field(min_length=1)
    """Old name to new name."""


class Dataset(Section):
    """One table's worth of files."""

    prefix: str = Field(pattern=r"^$|^([a-z0-9_-]+/)+$")
    """The folder in the data-source bucket, ending in a slash; empty for the bucket's root."""
    required_columns: tuple[str, ...] = Field(min_length=1)
    """Columns that at least one file must bring, after renaming."""
    number_columns: tuple[str, ...] = ("year", "tonnes", "landed_value")
    """Columns that queries and model calculate with; a file that holds text there is refused."""
    renames: tuple[Rename, ...] = ()

    def renames_for(self, file_name: str) -> dict[str, str]:
        """Old to new column names for one file; empty when no pattern matches."""
        return {
            old: new
            for rename in self.renames
            if fnmatchcase(file_name, rename.files)
            for old, new in rename.columns.items()
        }


class Network(Section):
    """The VPC: one public subnet, an internet gateway, an S3 gateway endpoint, no NAT."""

    cidr: str = Field(default="10.20.0.0/20", pattern=r"^\d{1,3}(\.\d{1,3}){3}/(1[6-9]|2[0-8])$")
    flow_logs: bool = False


class Storage(Section):
    """The buckets: names are generated unless they are given."""

    source_bucket_name: BucketName | None = None
    results_bucket_name: BucketName | None = None
    results_expire_days: int = Field(default=14, ge=1, le=365)
    encryption: Literal["s3", "kms"] = "s3"
    """``kms`` adds a customer managed key (about 1 dollar a month) with rotation."""
    access_logs: bool = False


class Catalog(Section):
    """The Glue database and the crawler that fills it."""

    database_name: str = Field(default="fish", pattern=r"^[a-z0-9_]{1,64}$")
    crawler_name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,64}$")
    glue_role_name: RoleName | None = None


class Query(Section):
    """The Athena workgroup."""

    workgroup_name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,128}$")
    bytes_scanned_cutoff_mb: int = Field(default=1024, ge=10, le=7_000_000)
    """A query that scans more is cancelled; Athena's smallest limit is 10 MB."""


class Dashboard(Section):
    """QuickSight: the account's service role, and a data source for one principal."""

    service_role: Literal["create", "import", "skip"] = "skip"
    """``aws-quicksight-service-role-v0``: the QuickSight console owns it once somebody has
    subscribed, so ``create`` is for an account without a subscription only."""
    principal: str | None = Field(default=None, pattern=r"^(user|group)/[\w-]+/[\w+=,.@/-]+$")
    """Who sees the data source and data set, such as ``user/default/ada``."""
    data_source_name: str = "Catch"
    identity_region: str | None = Field(default=None, pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    """Where QuickSight keeps its users, if not the platform's region."""


class Workbench(Section):
    """Where a person works: nothing, Cloud9 (existing customers only) or SageMaker Studio."""

    kind: Literal["off", "cloud9", "studio"] = "off"
    name: str = Field(default="capstone-ide", pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,59}$")
    instance_type: str = Field(default="t3.small", pattern=r"^[a-z0-9-]+\.[a-z0-9]+$")
    idle_stop_minutes: int = Field(default=60, ge=60, le=20160)
    """Studio's shortest idle time is 60 minutes (AWS::SageMaker::Space IdleSettings)."""
    cloud9_owner: str | None = Field(
        default=None, pattern=r"^(user/[\w+=,.@/-]+|assumed-role/[\w+=,.@-]+/[\w+=,.@-]+|root)$"
    )
    """Who may open the Cloud9 environment, such as ``user/ada`` or ``assumed-role/lab/ada``; by
    default CloudFormation's own role owns it, and an owner must invite everybody else."""
    create_cloud9_roles: bool = False
    """Cloud9's SSM role and instance profile: true only in an account that has neither yet."""


class MlPipeline(Section):
    """Preprocess, train, evaluate, register, deploy."""

    deploy: Literal["realtime", "batch"] = "realtime"
    """``realtime`` serves an approved model behind a serverless endpoint; ``batch`` transforms
    the test records and writes the answers where Athena can query them."""
    instance_type: MlInstanceType = "ml.m5.large"
    max_error_ratio: float = Field(default=0.9, gt=0, le=1)
    """A model is registered only if its error is at most this share of the baseline's."""
    serverless_memory_mb: Literal[1024, 2048, 3072, 4096, 5120, 6144] = 2048
    serverless_max_concurrency: int = Field(default=2, ge=1, le=200)


class Operations(Section):
    """Log retention, alerts, and the budget."""

    log_retention_days: LogRetentionDays = 14
    alert_email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    monthly_budget_usd: int = Field(default=20, ge=1)


class Delivery(Section):
    """Deployment from GitHub Actions by OpenID Connect: no key is stored anywhere."""

    github_repository: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$")
    """The one repository that may deploy, such as ``ada/engine``; none by default."""
    github_owner_id: int | None = Field(default=None, ge=1)
    github_repository_id: int | None = Field(default=None, ge=1)
    """GitHub's numbers of the owner and of the repository, where its tokens bear them: for
    repositories made, renamed or transferred since 2026-07-15, and those that have opted in."""
    default_branch: str = Field(default="main", pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$")
    """The branch that is deployed; a plan is made from no other."""
    create_provider: bool = True
    """GitHub's identity provider is one per account: false where it is there already."""

    @model_validator(mode="after")
    def _refuse_half_a_number(self) -> Self:
        if (self.github_owner_id is None) != (self.github_repository_id is None):
            message = (
                "github_owner_id and github_repository_id belong together; give both, as "
                "`gh api repos/OWNER/NAME --jq '.owner.id, .id'` prints them, or neither"
            )
            raise ValueError(message)
        return self
