"""Sorts a target's files into tables and partitions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from aws_understudy.lake.s3_objects import split_uri
from aws_understudy.services.glue.errors import CrawlRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aws_understudy.lake.s3_objects import S3Object


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The grouping that the crawler's Configuration asks for."""

    combine: bool = False
    level: int | None = None
    """Number of path parts, bucket included, that make the table's location."""

    @classmethod
    def of(cls, configuration: str) -> Policy:
        """Read it from the Configuration's JSON.

        Raises:
            CrawlRefused: not JSON, or an unknown grouping policy.
        """
        try:
            grouping = (json.loads(configuration) if configuration else {}).get("Grouping", {})
        except ValueError as error:
            raise CrawlRefused(f"The crawler's Configuration is not JSON: {error}.") from error
        policy = grouping.get("TableGroupingPolicy")
        if policy not in {None, "CombineCompatibleSchemas"}:
            raise CrawlRefused(
                f'TableGroupingPolicy "{policy}": it may be CombineCompatibleSchemas.'
            )
        return cls(combine=policy is not None, level=grouping.get("TableLevelConfiguration"))


@dataclass(kw_only=True)
class Group:
    """The files of one table."""

    location: str
    """``s3://bucket/folder/`` (or one file's address)."""
    keys: tuple[str, ...] = ()
    """Names of the partition keys."""
    partitions: dict[tuple[str, ...], list[S3Object]] = field(default_factory=dict)
    """Files by partition values; without keys, all under the empty tuple."""
    folders: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Each partition's own location."""

    @property
    def files(self) -> list[S3Object]:
        """All files, by key."""
        return sorted((f for files in self.partitions.values() for f in files), key=lambda f: f.key)


def group_files(*, target: str, files: Sequence[S3Object], policy: Policy) -> list[Group]:
    """Sort the files of one target into tables.

    With CombineCompatibleSchemas all files under the include path are one table; without, each
    folder that holds data (``key=value`` parts aside) is a table of its own. Folders below a
    table are partitions: ``key=value`` gives the key, others are called ``partition_0`` and so on.

    Raises:
        CrawlRefused: files of one table differ in their partition keys.
    """
    bucket, prefix = split_uri(target)
    if [f.key for f in files] == [prefix]:
        return [Group(location=f"s3://{bucket}/{prefix}", partitions={(): list(files)})]
    groups: dict[str, Group] = {}
    for item in files:
        base = _table_folder(item=item, prefix=_as_folder(prefix), policy=policy)
        location = f"s3://{bucket}/{base}"
        _add(groups.setdefault(location, Group(location=location)), item=item, base=base)
    return list(groups.values())


def _as_folder(prefix: str) -> str:
    return prefix if not prefix or prefix.endswith("/") else f"{prefix}/"


def _table_folder(*, item: S3Object, prefix: str, policy: Policy) -> str:
    if policy.level is not None:
        parts = item.key.split("/")[:-1][: policy.level - 1]
        return "".join(f"{part}/" for part in parts)
    if policy.combine:
        return prefix
    kept: list[str] = []
    for part in item.key[len(prefix) :].split("/")[:-1]:
        if "=" in part:
            break
        kept.append(f"{part}/")
    return prefix + "".join(kept)


def _add(group: Group, *, item: S3Object, base: str) -> None:
    folders = item.key[len(base) :].split("/")[:-1]
    pairs = [part.partition("=") for part in folders]
    keys = tuple(k.lower() if sep else f"partition_{i}" for i, (k, sep, _) in enumerate(pairs))
    values = tuple(unquote(v) if sep else k for k, sep, v in pairs)
    if group.partitions and keys != group.keys:
        raise CrawlRefused(
            f"{item.uri} lies under the partition keys {list(keys)}, but "
            f"{group.files[0].uri} under {list(group.keys)}: one table has one set of keys. "
            "Move the file, exclude it by a pattern, or crawl its folder as a target of its own."
        )
    group.keys = keys
    group.partitions.setdefault(values, []).append(item)
    group.folders[values] = f"{group.location}{''.join(f'{f}/' for f in folders)}"


def typed_keys(keys: Iterable[str]) -> list[dict[str, str]]:
    """Describe partition keys for the catalog; like Glue, as strings."""
    return [{"Name": key, "Type": "string"} for key in keys]
