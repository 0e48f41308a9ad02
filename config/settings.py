"""One configuration: its tables put together, what contradicts itself, what follows from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from config.sections import (
    Catalog,
    Dashboard,
    Dataset,
    Delivery,
    MlPipeline,
    Network,
    Operations,
    Query,
    Section,
    Storage,
    Workbench,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class Settings(Section):
    """One configuration: everything that tells a platform from another."""

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
        """The Athena workgroup's name: given, or the platform's own."""
        return self.query.workgroup_name or self.name

    @property
    def all_tags(self) -> Mapping[str, str]:
        """The tags of every resource: those of the file, and the platform's name."""
        return {**self.tags, "environment": self.name}
