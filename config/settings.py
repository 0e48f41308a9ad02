"""What a person may choose about a platform, and what is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.dataset import Dataset
from config.machine_learning import MlPipeline

if TYPE_CHECKING:
    from collections.abc import Mapping

BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
RoleName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=,.@-]{1,64}$")]
LogRetentionDays = Literal[1, 3, 7, 14, 30, 90, 180, 365, 1827]
"""A choice of the retentions that CloudWatch Logs accepts (PutRetentionPolicy)."""


class Section(BaseModel):
    """A table of a settings file: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class Settings(Section):
    """One environment: everything that tells it from another."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,23}[a-z0-9]$")
    """Prefix of stack names and of the few physical names, such as ``capstone-dev``."""
    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    data: Literal["disposable", "keep"]
    """``keep`` retains every stateful resource and protects the stacks from termination."""
    destroy_source_data: bool = False
    """The second key: without it ``cdk destroy`` leaves the data-source bucket."""
    tags: dict[str, str] = Field(min_length=1)
    dataset: Dataset
    network: Network = Network()
    storage: Storage = Storage()
    catalog: Catalog = Catalog()
    query: Query = Query()
    dashboard: Dashboard = Dashboard()
    workbench: Workbench = Workbench()
    ml_pipeline: MlPipeline = MlPipeline()
    operations: Operations = Operations()
    delivery: Delivery = Delivery()

    @model_validator(mode="after")
    def _refuse_contradictions(self) -> Self:
        if self.data == "keep" and self.destroy_source_data:
            message = (
                'destroy_source_data = true contradicts data = "keep"; '
                'set data = "disposable" if the source data may really be deleted'
            )
            raise ValueError(message)
        if not self.dataset.prefix and self.storage.source_bucket_name is None:
            message = (
                'dataset.prefix = "" lets the crawler name the table after the bucket, so '
                "storage.source_bucket_name must be given; or set a prefix such as raw/catch/"
            )
            raise ValueError(message)
        return self

    @property
    def keeps_data(self) -> bool:
        """Whether stateful resources outlive their stack."""
        return self.data == "keep"

    @property
    def destroys_source(self) -> bool:
        """Whether both keys to the source data are turned."""
        return self.data == "disposable" and self.destroy_source_data

    @property
    def table_name(self) -> str:
        """The table as Glue's crawler names it: the last folder crawled, else the bucket."""
        folder = self.dataset.prefix.rstrip("/").rpartition("/")[2]
        return re.sub(r"[^a-z0-9]", "_", (folder or self.storage.source_bucket_name or "").lower())

    @property
    def workgroup_name(self) -> str:
        """The Athena workgroup's name: given, or the environment's own."""
        return self.query.workgroup_name or self.name

    @property
    def all_tags(self) -> Mapping[str, str]:
        """The tags of every resource: those of the file, and the environment's name."""
        return {**self.tags, "environment": self.name}
