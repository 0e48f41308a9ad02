"""The command line: the checks, only the credentials, or the environment to bootstrap."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from config import ConfigError, load
from doctor.report import report
from preflight.account import Account
from preflight.credentials import CredentialsError, require_credentials
from preflight.run import run

if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_REFUSED = 2


def main(arguments: Sequence[str]) -> int:
    """Run a verb; the result is the exit code.

    0: nothing stands in the way; 1: a deployment would fail; 2: there are no credentials, or the
    settings are refused.
    """
    parser = argparse.ArgumentParser(prog="python -m preflight", description=__doc__)
    parser.add_argument(
        "verb", nargs="?", choices=("check", "credentials", "environment"), default="check"
    )
    parser.add_argument("--config", default="dev", help="a shipped configuration or a TOML file")
    given = parser.parse_args(arguments)
    try:
        settings = load(given.config)
        account = Account(region=settings.region)
        number = require_credentials(account)
    except (ConfigError, CredentialsError) as error:
        print(f"preflight: {error}", file=sys.stderr)
        return EXIT_REFUSED
    if given.verb == "environment":
        print(f"aws://{number}/{settings.region}")
    elif given.verb == "check":
        print(f"preflight of {settings.name}: account {number}, {settings.region}")
        return report(run(account, settings), verb="make deploy")
    return 0
