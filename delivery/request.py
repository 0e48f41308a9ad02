"""What is asked for: a configuration of the fixed list, from the default branch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config import load
from config.loader import shipped
from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Settings


@dataclass(frozen=True, kw_only=True)
class Request:
    """A configuration to deploy, by its name; a path is no name."""

    config: str
    settings: Settings
    commit: str


def read_request(variables: Mapping[str, str]) -> Request:
    """Read the request from the variables of a workflow run.

    Args:
        variables: ``CONFIG``, ``DEFAULT_BRANCH``, and GitHub's own ``GITHUB_REF``, ``GITHUB_SHA``.

    Raises:
        DeliveryError: the configuration is not in the list, or the branch is not the default one.
        ConfigError: its file is refused.
    """
    ref = _given(variables, "GITHUB_REF")
    branch = _given(variables, "DEFAULT_BRANCH")
    if ref != f"refs/heads/{branch}":
        raise DeliveryError(
            f"this run is of {ref!r}, and only the default branch {branch!r} is deployed; merge "
            "the change, then run the workflow on the default branch"
        )
    config = _given(variables, "CONFIG")
    if config not in shipped():
        raise DeliveryError(
            f"CONFIG={config!r} is no configuration that can be deployed from here; allowed are "
            f"{', '.join(shipped())}; a new one is a file in config/ and a choice in "
            ".github/workflows/deploy.yml"
        )
    return Request(config=config, settings=load(config), commit=_given(variables, "GITHUB_SHA"))


def _given(variables: Mapping[str, str], name: str) -> str:
    value = variables.get(name)
    if not value:
        raise DeliveryError(f"{name} is not set; the workflow .github/workflows/deploy.yml sets it")
    return value
