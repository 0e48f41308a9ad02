"""What the functions that perform statements work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_understudy.services.athena.catalog import Catalog
    from aws_understudy.services.athena.executions import Execution
    from aws_understudy.services.athena.sql.select import QueryRunner


@dataclass(frozen=True, kw_only=True)
class Work:
    """One statement to perform, and what it may use."""

    execution: Execution
    runner: QueryRunner
    athena: Any
    """Client of the API, which keeps the prepared statements."""

    @property
    def text(self) -> str:
        """The statement's text."""
        return self.execution.statement.text

    @property
    def database(self) -> str:
        """The database of names without one."""
        return self.runner.database

    @property
    def catalog(self) -> Catalog:
        """The Data Catalog."""
        return self.runner.catalog

    @property
    def s3(self) -> Any:
        """Client of S3."""
        return self.runner.s3
