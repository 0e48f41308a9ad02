"""Who may deploy from GitHub."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from config.sections.section import Section


class Delivery(Section):
    """Deployment from GitHub Actions by OpenID Connect: no key is stored anywhere."""

    github_repository: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$")
    """The one repository that may deploy, such as ``ada/engine``; none by default."""
    github_owner_id: int | None = Field(default=None, ge=1)
    github_repository_id: int | None = Field(default=None, ge=1)
    """GitHub's numbers of the owner and of the repository, where its tokens bear them: for
    repositories made, renamed or transferred since 2026-07-15, and those that have opted in."""
    default_branch: str = Field(default="main", pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$")
    """The branch that is deployed; a plan is made from no other."""
    create_provider: bool = True
    """GitHub's identity provider is one per account: false where it is there already."""

    @model_validator(mode="after")
    def _refuse_half_a_number(self) -> Self:
        if (self.github_owner_id is None) != (self.github_repository_id is None):
            message = (
                "github_owner_id and github_repository_id belong together; give both, as "
                "`gh api repos/OWNER/NAME --jq '.owner.id, .id'` prints them, or neither"
            )
            raise ValueError(message)
        return self
