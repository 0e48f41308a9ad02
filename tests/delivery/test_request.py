"""Requests: what is in the list, from the default branch, and nothing else whatever it says."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from delivery.errors import DeliveryError
from delivery.request import read_request
from tests.conftest import ROOT, SHIPPED
from tests.delivery.conftest import RUN

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    "$(touch PWNED)",
    "`touch PWNED`",
    '"; touch PWNED; "',
    "'; touch PWNED; '",
    "dev\ntouch PWNED",
    "dev\n",
    "dev\n::error::not the workflow's own",
    "--help",
    "-c dev",
    "dev ",
    "DEV",
    "../config/dev",
    "config/dev.toml",
    "tests/configs/variant.toml",
    "lifecycle",
    "staging",
    "*",
)


@pytest.mark.parametrize("config", SHIPPED)
def test_a_shipped_environment_is_taken_from_the_default_branch(config: str) -> None:
    request = read_request({**RUN, "CONFIG": config})

    assert request.config == config
    assert request.settings.name == f"capstone-{config}"


@pytest.mark.parametrize("config", HOSTILE)
def test_what_is_not_in_the_list_is_refused_as_plain_text(config: str, tmp_path: Path) -> None:
    output = tmp_path / "output"
    done = subprocess.run(
        [sys.executable, "-m", "delivery", "check"],
        cwd=tmp_path,
        env={**RUN, "CONFIG": config, "PYTHONPATH": str(ROOT), "GITHUB_OUTPUT": str(output)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"delivery: CONFIG={config!r} is no configuration that can be deployed")
    assert "allowed are academy, dev, prod;" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "ref",
    ["refs/heads/feature", "refs/tags/main", "refs/pull/1/merge", "main", "refs/heads/main/../x"],
)
def test_another_ref_than_the_default_branch_is_refused(ref: str) -> None:
    with pytest.raises(DeliveryError, match=r"only the default branch 'main' is deployed; merge"):
        read_request({**RUN, "GITHUB_REF": ref})


@pytest.mark.parametrize("name", ["CONFIG", "DEFAULT_BRANCH", "GITHUB_REF", "GITHUB_SHA"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_variable_that_is_missing_is_named(name: str, value: str | None) -> None:
    variables = {key: text for key, text in RUN.items() if key != name}
    if value is not None:
        variables[name] = value
    with pytest.raises(DeliveryError, match=f"^{name} is not set"):
        read_request(variables)
