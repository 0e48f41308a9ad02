"""The command line: ``check``, ``plan`` and ``apply``, the steps of the workflow ``deploy``."""

from __future__ import annotations

import argparse
import difflib
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from config import ConfigError
from delivery.account import Account
from delivery.change import deploy, difference
from delivery.errors import DeliveryError
from delivery.package import Plan, pack, unpack
from delivery.request import Request, read_request
from delivery.summary import plan_summary

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
EXIT_REFUSED = 2
SHOWN_LINES = 60


def main(arguments: Sequence[str]) -> int:
    """Run a verb; what it works on comes by variables, never by the command line.

    0: done; 2: refused, with the reason.
    """
    parser = argparse.ArgumentParser(prog="python -m delivery", description=__doc__)
    parser.add_argument("verb", choices=("check", "plan", "apply"))
    parser.add_argument("--assembly", type=Path, default=ROOT / "cdk.out")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "delivery")
    options = parser.parse_args(arguments)
    try:
        request = read_request(os.environ)
        if options.verb == "check":
            _check(request)
        elif options.verb == "plan":
            _plan(request, assembly=options.assembly.resolve(), folder=options.folder.resolve())
        else:
            _apply(request, folder=options.folder.resolve())
    except (ConfigError, DeliveryError) as error:
        print(f"delivery: {error}", file=sys.stderr)
        return EXIT_REFUSED
    return 0


def _check(request: Request) -> None:
    """Refuse before any credentials are asked for; say for which region they have to be."""
    if not os.environ.get("ROLE"):
        raise DeliveryError(
            f"no role is known for {request.config!r}: give its ARN, which the stack "
            f"{request.settings.name}-delivery puts out, as the repository's variable "
            f"PLAN_ROLE_ARN_{request.config.upper()} or, for the job apply, "
            f"DEPLOY_ROLE_ARN_{request.config.upper()} (docs/delivery.md)"
        )
    _output(region=request.settings.region)


def _plan(request: Request, *, assembly: Path, folder: Path) -> None:
    """Write the package, and say in the summary what it would change."""
    region = request.settings.region
    account = Account(region=region)
    plan = Plan(
        config=request.config,
        commit=request.commit,
        account=account.number(),
        region=region,
        difference=difference(assembly, deployed=account, folder=folder / "deployed"),
    )
    digest = pack(plan, assembly, package=folder / "package.tar")
    _write("GITHUB_STEP_SUMMARY", plan_summary(plan, digest=digest))
    _output(digest=digest)


def _apply(request: Request, *, folder: Path) -> None:
    """Deploy the approved package, if it is the approved one and changes what was approved."""
    unpacked = folder / "approved"
    shutil.rmtree(unpacked, ignore_errors=True)
    digest = os.environ.get("DIGEST", "")
    plan, assembly = unpack(folder / "package.tar", digest=digest, folder=unpacked)
    account = Account(region=plan.region)
    for what, approved, present in (
        ("configuration", plan.config, request.config),
        ("commit", plan.commit, request.commit),
        ("account", plan.account, account.number()),
    ):
        if approved != present:
            raise DeliveryError(
                f"approved was the {what} {approved!r}, and this run is of {present!r}; nothing "
                "is deployed; plan anew"
            )
    refuse_drift(
        approved=plan.difference,
        present=difference(assembly, deployed=account, folder=folder / "deployed"),
    )
    deploy(assembly, folder=unpacked)


def refuse_drift(*, approved: str, present: str) -> None:
    """Compare the change that was approved with the one that is due now.

    Raises:
        DeliveryError: they differ; the message shows where.
    """
    if approved == present:
        return
    names = ("approved", "due now")
    lines = list(
        difflib.unified_diff(approved.splitlines(), present.splitlines(), *names, lineterm="", n=1)
    )
    more = [f"and {len(lines) - SHOWN_LINES} more lines"] if len(lines) > SHOWN_LINES else []
    # Behind the bar no line can be taken for a command to the runner of the workflow.
    shown = "\n".join(f"  | {line}" for line in [*lines[:SHOWN_LINES], *more])
    raise DeliveryError(
        "the account has changed since this change was planned, so what would be deployed now is "
        f"not what was approved; nothing is deployed; plan anew, and review that:\n{shown}"
    )


def _output(**values: str) -> None:
    """Hand values on to later steps and jobs; each is a plain word of ours."""
    _write("GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in values.items()))


def _write(variable: str, text: str) -> None:
    """Append to a file of the runner's, or print where there is none."""
    if file := os.environ.get(variable):
        with Path(file).open("a", encoding="utf-8") as opened:
            opened.write(text)
    else:
        print(text, end="")
