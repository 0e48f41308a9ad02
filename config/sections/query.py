"""Athena and QuickSight."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from config.sections.section import Section


class Query(Section):
    """The Athena workgroup."""

    kind: Literal["athena", "off"] = "athena"
    """``off`` leaves out catalog, crawler, workgroup and QuickSight: a platform for models only."""
    workgroup_name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,128}$")
    """By default the platform's name."""
    bytes_scanned_cutoff_mb: int = Field(default=1024, ge=10, le=7_000_000)
    """A query that scans more is cancelled; Athena's smallest limit is 10 MB."""


class Dashboard(Section):
    """QuickSight: the account's service role, and a data source for one principal."""

    service_role: Literal["create", "import", "skip"] = "skip"
    """``aws-quicksight-service-role-v0``: the QuickSight console owns it once somebody has
    subscribed, so ``create`` is for an account without a subscription only."""
    principal: str | None = Field(default=None, pattern=r"^(user|group)/[\w-]+/[\w+=,.@/-]+$")
    """Who sees the data source and data set, such as ``user/default/ada``."""
    data_source_name: str | None = None
    """By default the platform's name."""
    identity_region: str | None = Field(default=None, pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    """Where QuickSight keeps its users, if not the platform's region."""
