"""The fixture ``understudy``: one for all tests of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_understudy.understudy import Understudy


@pytest.fixture(scope="session")
def understudy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Understudy]:
    """AWS on loopback, started when the first test asks for it."""
    from aws_understudy.understudy import Understudy  # noqa: PLC0415 - boto3 costs who has no use

    with Understudy(tmp_path_factory.mktemp("understudy")) as running:
        yield running
