"""The command line: the checks, only the credentials, or the environment to bootstrap."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING

from config import ConfigError, load
from preflight.account import Account
from preflight.credentials import CredentialsError, require_credentials
from preflight.run import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from preflight.finding import Finding

EXIT_STOP = 1
EXIT_REFUSED = 2
MARKS = {"good": "good   ", "warning": "WARNING", "stop": "STOP   "}


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
        return _report([_shown(finding) for finding in run(account, settings)])
    return 0


def _shown(finding: Finding) -> Finding:
    """Print a finding as soon as it is there."""
    print(f"  {MARKS[finding.level]}  {finding.subject}: {finding.seen}", flush=True)
    if finding.remedy:
        print(f"           -> {finding.remedy}", flush=True)
    return finding


def _report(findings: Sequence[Finding]) -> int:
    counts = Counter(finding.level for finding in findings)
    numbers = f"stops: {counts['stop']}, warnings: {counts['warning']}, good: {counts['good']}"
    if counts["stop"]:
        print(f"{numbers}; `make deploy` would fail; put the stops right first")
        return EXIT_STOP
    print(f"{numbers}; nothing that preflight knows of would stop `make deploy`")
    return 0
