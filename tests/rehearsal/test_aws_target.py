"""Promises of the target aws: it never goes elsewhere, and never begins without the stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config import load
from rehearsal.errors import RehearsalError
from rehearsal.targets.aws import AwsTarget

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _nobodys_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (tmp_path / "config").write_text("")


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
def test_an_endpoint_variable_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:4566")
    with pytest.raises(RehearsalError, match=f"{name} is set"):
        AwsTarget(load("dev"))


def test_an_endpoint_in_the_users_profile_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[default]\nendpoint_url = http://127.0.0.1:4566\n")
    with pytest.raises(RehearsalError, match=r"configured to be at 127\.0\.0\.1"):
        AwsTarget(load("dev")).client("s3")


def test_the_region_is_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    client = AwsTarget(load("dev")).client("glue")
    assert client.meta.endpoint_url == "https://glue.us-east-1.amazonaws.com"


def test_without_credentials_the_first_step_says_what_to_do() -> None:
    (step,) = AwsTarget(load("dev")).set_up_steps()
    with pytest.raises(RehearsalError, match=r"no usable AWS credentials .* log in"):
        step.run(lambda _text: None)


def test_nothing_is_answered_before_the_platform_is_found() -> None:
    with pytest.raises(RehearsalError, match="has not been looked for"):
        AwsTarget(load("dev")).output("storage", "SourceBucketName")
