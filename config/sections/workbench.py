"""Where a person works."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from config.sections.section import Section


class Workbench(Section):
    """Where a person works: nothing, Cloud9 (existing customers only) or SageMaker Studio."""

    kind: Literal["off", "cloud9", "studio"] = "off"
    name: str = Field(default="capstone-ide", pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,59}$")
    instance_type: str | None = Field(default=None, pattern=r"^[a-z0-9-]+\.[a-z0-9]+$")
    """By default ``t3.small`` for Cloud9 and ``t3.medium``, the smallest, for Studio."""
    idle_stop_minutes: int = Field(default=60, ge=60, le=20160)
    """Studio's shortest idle time is 60 minutes (AWS::SageMaker::Space IdleSettings)."""
    cloud9_owner: str | None = Field(
        default=None, pattern=r"^(user/[\w+=,.@/-]+|assumed-role/[\w+=,.@-]+/[\w+=,.@-]+|root)$"
    )
    """Who may open the Cloud9 environment, such as ``user/ada`` or ``assumed-role/lab/ada``; by
    default CloudFormation's own role owns it, and an owner must invite everybody else."""
    create_cloud9_roles: bool = False
    """Cloud9's SSM role and instance profile: true only in an account that has neither yet."""
