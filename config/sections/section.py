"""What every table of a settings file is."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

RoleName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=,.@-]{1,64}$")]


def pascal_case(name: str) -> str:
    """A name with underscores as part of a construct's id: ``catch_value`` is ``CatchValue``."""
    return name.title().replace("_", "")


class Section(BaseModel):
    """A table of a settings file: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
