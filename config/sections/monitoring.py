"""Logs, alerts and the budget."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from config.sections.section import Section

LogRetentionDays = Literal[1, 3, 7, 14, 30, 90, 180, 365, 1827]
"""A choice of the retentions that CloudWatch Logs accepts (PutRetentionPolicy)."""


class Operations(Section):
    """Log retention, alerts, and the budget."""

    log_retention_days: LogRetentionDays = 14
    alert_email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    monthly_budget_usd: int = Field(default=20, ge=1)
