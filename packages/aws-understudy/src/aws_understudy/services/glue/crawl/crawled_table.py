"""What passes from reading the files to writing the catalog, and what the writing reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_understudy.services.glue.crawl.grouping import Group


@dataclass(frozen=True, kw_only=True)
class CrawledTable:
    """A table as the files describe it, not yet in the catalog."""

    group: Group
    table_input: dict[str, Any]
    partition_inputs: dict[tuple[str, ...], dict[str, Any]]


@dataclass(kw_only=True)
class Changes:
    """What a crawl did to the catalog, by name."""

    tables_added: list[str] = field(default_factory=list)
    tables_updated: list[str] = field(default_factory=list)
    tables_deleted: list[str] = field(default_factory=list)
    partitions_added: list[str] = field(default_factory=list)
    partitions_updated: list[str] = field(default_factory=list)
    partitions_deleted: list[str] = field(default_factory=list)
