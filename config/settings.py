"""One configuration: its tables put together, what contradicts itself, what follows from it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from config.dataset import Dataset
from config.learning import Learning, learning_of
from config.sections.access import Delivery
from config.sections.catalog import Catalog
from config.sections.ml import LOCAL_STORAGE, Pipeline
from config.sections.monitoring import Operations
from config.sections.network import Network
from config.sections.query import Dashboard, Query
from config.sections.section import Section
from config.sections.storage import Storage
from config.sections.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Mapping


class Settings(Section):
    """One configuration: everything that tells a platform from another."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,23}[a-z0-9]$")
    """Prefix of stack names and of the few physical names, such as ``capstone-dev``."""
    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    """Where all of it is deployed, such as ``us-east-1``."""
    data: Literal["disposable", "keep"]
    """``keep`` retains every stateful resource and protects the stacks from termination."""
    destroy_source_data: bool = False
    """The second key: without it ``cdk destroy`` leaves the data-source bucket."""
    tags: dict[str, str] = Field(min_length=1)
    """Of every resource; the platform's name is added as ``environment``."""
    declared_datasets: tuple[Dataset, ...] = Field(alias="datasets")
    """Files of ``datasets/`` by their names, or paths of others; ``[]`` for none."""
    pipelines: dict[str, Pipeline]
    """A table ``[pipelines.NAME]`` each; ``{}`` for a platform without models."""
    network: Network = Network()
    storage: Storage = Storage()
    catalog: Catalog = Catalog()
    query: Query = Query()
    dashboard: Dashboard = Dashboard()
    workbench: Workbench = Workbench()
    operations: Operations = Operations()
    delivery: Delivery = Delivery()

    @field_validator("pipelines", mode="before")
    @classmethod
    def _name_pipelines(cls, tables: Any) -> Any:
        if not isinstance(tables, dict):
            return tables
        return {
            name: {**table, "name": name} if isinstance(table, dict) else table
            for name, table in tables.items()
        }

    @model_validator(mode="after")
    def _refuse_contradictions(self) -> Self:
        if self.data == "keep" and self.destroy_source_data:
            message = (
                'destroy_source_data = true contradicts data = "keep"; '
                'set data = "disposable" if the source data may really be deleted'
            )
            raise ValueError(message)
        self._refuse_clashes_of_datasets()
        self._refuse_keys_for_local_disks()
        self._refuse_half_a_platform()
        for pipeline in self.pipelines.values():
            self.learning(pipeline)
        return self

    def _refuse_clashes_of_datasets(self) -> None:
        names = [dataset.name for dataset in self.declared_datasets]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise ValueError(f"datasets: {', '.join(repeated)} is listed twice; list it once")
        unknown = sorted(self.storage.prefixes.keys() - set(names))
        if unknown:
            raise ValueError(
                f"storage.prefixes: {', '.join(unknown)} is none of the data sets: "
                f"{', '.join(names) or 'there are none'}"
            )
        for dataset in self.datasets:
            if not dataset.folder and self.storage.source_bucket_name is None:
                raise ValueError(
                    f"the empty prefix of the data set {dataset.name!r} lets the crawler name "
                    "its table after the bucket, so storage.source_bucket_name must be given; "
                    f"or set a prefix such as raw/{dataset.name}/"
                )
        for first, second in combinations(self.datasets, 2):
            self._refuse_clash(first, second)

    def _refuse_clash(self, first: Dataset, second: Dataset) -> None:
        outer, inner = sorted((first, second), key=lambda dataset: len(dataset.folder))
        if inner.folder.startswith(outer.folder):
            raise ValueError(
                f"the prefix {outer.folder!r} of the data set {outer.name!r} contains "
                f"{inner.folder!r} of {inner.name!r}, and the crawler would mix their files; "
                "give them prefixes side by side, in their files or in storage.prefixes"
            )
        table = self.table_name(first)
        if table == self.table_name(second):
            raise ValueError(
                f"the data sets {first.name!r} and {second.name!r} would both become the table "
                f"{table!r}, which is named after the last folder of a prefix; rename one folder"
            )

    def _refuse_keys_for_local_disks(self) -> None:
        for pipeline in self.pipelines.values():
            if self.storage.encryption == "kms" and LOCAL_STORAGE.match(pipeline.instance_type):
                raise ValueError(
                    f"pipelines.{pipeline.name}.instance_type: {pipeline.instance_type!r} has "
                    'disks of its own, and with storage.encryption = "kms" SageMaker refuses a '
                    "key for their volume; choose a type without, such as ml.m5.large, or "
                    'encryption = "s3"'
                )

    def _refuse_half_a_platform(self) -> None:
        if not self.datasets and self.query.kind != "off":
            raise ValueError(
                "datasets: is empty, so there is nothing to query; list a data set, or set "
                'query.kind = "off" if that is on purpose'
            )
        if self.query.kind == "off" and (
            self.dashboard.principal is not None or self.dashboard.service_role != "skip"
        ):
            raise ValueError(
                'query.kind = "off" contradicts [dashboard], which asks Athena; remove one'
            )

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """The data sets, each with the prefix that holds in this configuration."""
        prefixes = self.storage.prefixes
        return tuple(
            dataset.model_copy(update={"prefix": prefixes[dataset.name]})
            if dataset.name in prefixes
            else dataset
            for dataset in self.declared_datasets
        )

    def dataset(self, name: str) -> Dataset:
        """A data set by its name.

        Raises:
            ValueError: the configuration lists none of that name.
        """
        for dataset in self.datasets:
            if dataset.name == name:
                return dataset
        names = ", ".join(dataset.name for dataset in self.datasets) or "none"
        raise ValueError(f"{name!r} is none of the data sets: datasets lists {names}")

    def learning(self, pipeline: Pipeline) -> Learning:
        """What a pipeline learns of its data set.

        Raises:
            ValueError: its settings do not fit its data set, or there is no such data set.
        """
        try:
            dataset = self.dataset(pipeline.dataset)
        except ValueError as error:
            raise ValueError(f"pipelines.{pipeline.name}.dataset: {error}") from None
        return learning_of(pipeline, dataset)

    @property
    def learnings(self) -> tuple[Learning, ...]:
        """What every pipeline learns, in the order of the file."""
        return tuple(self.learning(pipeline) for pipeline in self.pipelines.values())

    @property
    def has_sql(self) -> bool:
        """Whether there is a catalog and a workgroup."""
        return self.query.kind != "off"

    @property
    def keeps_data(self) -> bool:
        """Whether stateful resources outlive their stack."""
        return self.data == "keep"

    @property
    def destroys_source(self) -> bool:
        """Whether both keys to the source data are turned."""
        return self.data == "disposable" and self.destroy_source_data

    def table_name(self, dataset: Dataset) -> str:
        """The table that the crawler makes of a data set."""
        return dataset.table_name(self.storage.source_bucket_name)

    def tables_for(self, dataset: Dataset) -> dict[str, str]:
        """The tables that the SQL of a data set may name: its own, and every one's by its name."""
        every = {other.name: self.table_name(other) for other in self.datasets}
        return {"table": self.table_name(dataset), **every}

    @property
    def database_name(self) -> str:
        """The Glue database: given, or the platform's own."""
        return self.catalog.database_name or self.name.replace("-", "_")

    @property
    def workgroup_name(self) -> str:
        """The Athena workgroup's name: given, or the platform's own."""
        return self.query.workgroup_name or self.name

    @property
    def all_tags(self) -> Mapping[str, str]:
        """The tags of every resource: those of the file, and the platform's name."""
        return {**self.tags, "environment": self.name}
