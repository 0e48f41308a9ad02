"""The key pair of one run."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEY_ALPHABET = string.ascii_uppercase + "234567"
_KEY_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An access key and its secret."""

    access_key_id: str
    secret_access_key: str = field(repr=False)

    @classmethod
    def generate(cls) -> Credentials:
        """Make a key pair in the form of IAM's, from the system's random source."""
        key = "".join(secrets.choice(_KEY_ALPHABET) for _ in range(_KEY_LENGTH))
        return cls(access_key_id=f"AKIA{key}", secret_access_key=secrets.token_urlsafe(30))

    def variables(self) -> dict[str, str]:
        """The environment variables by which AWS clients take them."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
        }

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Credentials:
        """Read them back from an environment."""
        return cls(
            access_key_id=variables["AWS_ACCESS_KEY_ID"],
            secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        )
