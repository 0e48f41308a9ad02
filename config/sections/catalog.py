"""The Glue catalog."""

from __future__ import annotations

from pydantic import Field

from config.sections.section import RoleName, Section


class Catalog(Section):
    """The Glue database and the crawler that fills it."""

    database_name: str | None = Field(default=None, pattern=r"^[a-z0-9_]{1,64}$")
    """By default the platform's name, with underscores for hyphens."""
    crawler_name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,64}$")
    """By default generated."""
    glue_role_name: RoleName | None = None
    """By default generated; a fixed name exists once in an account, in all regions."""
