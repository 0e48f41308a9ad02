"""Reads a TOML file and says what is wrong with it: the file, the key, the value, the remedy."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

ON_PURPOSE = {
    "datasets": "list files of datasets/ by name, or write datasets = [] for none on purpose",
    "pipelines": "add a table [pipelines.NAME], or write pipelines = {} for none on purpose",
}
"""What may be empty, but not by accident."""


class ConfigError(Exception):
    """A file of settings that is missing, unreadable or refused."""


def read_toml(path: Path) -> dict[str, Any]:
    """The table that a file holds.

    Raises:
        ConfigError: the file cannot be read, or is no TOML.
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text, as TOML has to be: {error}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None


def refusal(path: Path, error: ValidationError) -> ConfigError:
    """What a model refused in a file, one problem a line."""
    return ConfigError("\n".join(f"{path}: {_explain(detail)}" for detail in error.errors()))


def _explain(detail: ErrorDetails) -> str:
    key = ".".join(str(part) for part in detail["loc"] if part != "[key]") or "(whole file)"
    if detail["type"] == "extra_forbidden":
        return f"{key}: unknown key; remove it or check its spelling"
    if detail["type"] == "missing":
        remedy = ON_PURPOSE.get(key)
        return f"{key}: missing, and has no default{f'; {remedy}' if remedy else ''}"
    if detail["type"] == "value_error":
        reason = detail["msg"].removeprefix("Value error, ")
        return f"{key}: {reason}"
    return f"{key}: {detail['input']!r} is not allowed: {detail['msg']}"
