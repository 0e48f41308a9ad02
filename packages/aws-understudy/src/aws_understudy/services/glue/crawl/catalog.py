"""Writes crawled tables and partitions into the Data Catalog under the SchemaChangePolicy."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

from aws_understudy.services.glue.crawl.crawled_table import Changes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_understudy.services.glue.crawl.crawled_table import CrawledTable

_BATCH = 100  # the API's limit for partitions a call


class CatalogWriter:
    """Writes for one crawler."""

    def __init__(
        self, *, glue: Any, crawler: Mapping[str, Any], merge: bool, log: Callable[[str], None]
    ) -> None:
        policy = crawler.get("SchemaChangePolicy") or {}
        self._glue = glue
        self._name = crawler["Name"]
        self._database = crawler["DatabaseName"]
        self._updates = policy.get("UpdateBehavior", "UPDATE_IN_DATABASE") == "UPDATE_IN_DATABASE"
        self._deletes = policy.get("DeleteBehavior", "DEPRECATE_IN_DATABASE")
        self._merge = merge
        self._log = log
        self.changes = Changes()

    def ensure_database(self) -> None:
        """Create the database if it is not there, as Glue does."""
        try:
            self._glue.get_database(Name=self._database)
        except self._glue.exceptions.EntityNotFoundException:
            self._glue.create_database(DatabaseInput={"Name": self._database})
            self._log(f"Created database {self._database}")

    def write(self, table: CrawledTable) -> str:
        """Create or update one table and its partitions; return the table's name."""
        wanted = table.table_input
        held = self._find(wanted["Name"])
        if held and not _same_place(held, table.group.location):
            # As Glue: a table of that name over other data is left alone.
            suffix = hashlib.md5(table.group.location.encode(), usedforsecurity=False).hexdigest()
            wanted = {**wanted, "Name": f"{wanted['Name']}_{suffix}"}
            held = self._find(wanted["Name"])
        if held is None:
            self._glue.create_table(DatabaseName=self._database, TableInput=wanted)
            self.changes.tables_added.append(wanted["Name"])
        else:
            self._update(held=held, wanted=wanted)
        self._partitions(name=wanted["Name"], table=table)
        return str(wanted["Name"])

    def retire(self, written: set[str]) -> None:
        """Treat this crawler's tables whose data are gone as DeleteBehavior says."""
        for page in self._glue.get_paginator("get_tables").paginate(DatabaseName=self._database):
            for table in page["TableList"]:
                ours = table.get("Parameters", {}).get("UPDATED_BY_CRAWLER") == self._name
                if ours and table["Name"] not in written:
                    self._retire(table)

    def _find(self, name: str) -> dict[str, Any] | None:
        try:
            table: dict[str, Any] = self._glue.get_table(DatabaseName=self._database, Name=name)[
                "Table"
            ]
        except self._glue.exceptions.EntityNotFoundException:
            return None
        return table

    def _update(self, *, held: Mapping[str, Any], wanted: dict[str, Any]) -> None:
        if not self._updates:
            self._log(f"UpdateBehavior is LOG: table {wanted['Name']} is left as it is")
            return
        if self._merge:
            columns = wanted["StorageDescriptor"]["Columns"]
            names = {c["Name"] for c in held["StorageDescriptor"]["Columns"]}
            merged = [*held["StorageDescriptor"]["Columns"]]
            merged += [c for c in columns if c["Name"] not in names]
            wanted["StorageDescriptor"]["Columns"] = merged
        parameters = {**held.get("Parameters", {}), **wanted["Parameters"]}
        parameters.pop("DEPRECATED_BY_CRAWLER", None)
        wanted = {**wanted, "Parameters": parameters}
        if held.get("Description"):
            wanted["Description"] = held["Description"]
        compared = ("StorageDescriptor", "PartitionKeys", "Parameters")
        if any(wanted[k] != held.get(k) for k in compared):
            self._glue.update_table(DatabaseName=self._database, TableInput=wanted)
            self.changes.tables_updated.append(wanted["Name"])

    def _partitions(self, *, name: str, table: CrawledTable) -> None:
        if not table.group.keys:
            return
        where = {"DatabaseName": self._database, "TableName": name}
        pages = self._glue.get_paginator("get_partitions").paginate(**where)
        held = {tuple(p["Values"]): p for page in pages for p in page["Partitions"]}
        wanted = table.partition_inputs
        new = [p for values, p in wanted.items() if values not in held]
        for start in range(0, len(new), _BATCH):
            answer = self._glue.batch_create_partition(
                **where, PartitionInputList=new[start : start + _BATCH]
            )
            if answer.get("Errors"):
                raise RuntimeError(f"BatchCreatePartition: {answer['Errors']}")
        self.changes.partitions_added += [f"{name}/{'/'.join(p['Values'])}" for p in new]
        for values, entry in wanted.items():
            old = held.get(values)
            changed = old and old["StorageDescriptor"] != entry["StorageDescriptor"]
            if changed and self._updates:
                self._glue.batch_update_partition(
                    **where,
                    Entries=[{"PartitionValueList": list(values), "PartitionInput": entry}],
                )
                self.changes.partitions_updated.append(f"{name}/{'/'.join(values)}")
        for values in held.keys() - wanted.keys():
            self._retire_partition(where=where, values=values)

    def _retire_partition(self, *, where: dict[str, str], values: tuple[str, ...]) -> None:
        label = f"{where['TableName']}/{'/'.join(values)}"
        if self._deletes == "LOG":
            self._log(f"DeleteBehavior is LOG: partition {label} has no data any more and is kept")
            return
        # Glue can only delete a partition: there is no deprecated state for one.
        self._glue.delete_partition(**where, PartitionValues=list(values))
        self.changes.partitions_deleted.append(label)

    def _retire(self, table: Mapping[str, Any]) -> None:
        name = table["Name"]
        if self._deletes == "DELETE_FROM_DATABASE":
            self._glue.delete_table(DatabaseName=self._database, Name=name)
            self.changes.tables_deleted.append(name)
        elif self._deletes == "DEPRECATE_IN_DATABASE":
            stamp = {"DEPRECATED_BY_CRAWLER": str(int(time.time() * 1000))}
            kept = ("Name", "Owner", "TableType", "PartitionKeys", "StorageDescriptor")
            entry = {k: table[k] for k in kept if k in table}
            entry["Parameters"] = {**table.get("Parameters", {}), **stamp}
            self._glue.update_table(DatabaseName=self._database, TableInput=entry)
            self.changes.tables_updated.append(name)
        else:
            self._log(f"DeleteBehavior is LOG: table {name} has no data any more and is kept")


def _same_place(table: Mapping[str, Any], location: str) -> bool:
    held = str(table.get("StorageDescriptor", {}).get("Location") or "")
    return held.rstrip("/") == location.rstrip("/")
