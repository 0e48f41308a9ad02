"""The command `stackverdict`: write a report, judge at the gate, install what Node.js needs."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from stackverdict.assess import review
from stackverdict.errors import InputError
from stackverdict.gate import Gate, load_gate
from stackverdict.node import VARIABLE, NodeError, install, locate
from stackverdict.output import take_image, write_report
from stackverdict.picture.svg import write_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONFIG = Path("gates.toml")
_BAD_INPUT = 2
_ABOUT = """\
May I approve this CloudFormation? Reads a cloud assembly of the AWS CDK (cdk.out), a folder of
templates, or one template, and writes into a folder:

  index.html   one page, opens without a network: verdict, rights, exposure, data, cost, findings
  review.md    the same in short, for a comment on a pull request
  review.json  the same for programs

It reads files only: no account, no network."""
_MORE = f"""\
other commands:
  stackverdict gate [PATH]  print the findings; exit with 1 when a threshold is broken
  stackverdict setup        download what the picture and --base need of Node.js (once)

exit codes:
  0  the report is written, or the gate is open
  1  the gate is shut (`stackverdict gate` only)
  2  the input or an option is missing or wrong; standard error says which, where and why

environment:
  {VARIABLE}  the folder that holds the packages of Node.js

A file that is named like a command is written with its folder: ./gate"""
_GATE_MORE = """\
Without a file of thresholds no open error is allowed. The file is TOML; its keys are in the README.

exit codes: 0 the gate is open, 1 it is shut, 2 the input or an option is missing or wrong"""
_SETUP_ABOUT = """\
Download the two npm packages by which architectures are drawn and baselines compared, pinned and
checked by their hashes, into your data folder. No script of a package is run. Needs Node.js."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when all is well, 1 when the gate is shut, 2 for bad input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    commands = {"gate": _gate, "setup": _setup}
    try:
        if words and words[0] in commands:
            return commands[words[0]](words[1:])
        return _review(words)
    except (InputError, NodeError) as error:
        print(f"stackverdict: {error}", file=sys.stderr)
        return _BAD_INPUT


def _review(arguments: Sequence[str]) -> int:
    options = _review_options().parse_args(arguments)
    report = review(
        options.path,
        gate=_thresholds(options),
        base=options.base,
        base_name=options.base_name,
        title=options.title,
        lint_all=options.all,
        node_modules=options.node_modules,
    )
    page = write_report(report, options.out)
    if options.picture is not None:
        write_picture(
            report.subject,
            report.sections.flows,
            file=options.picture,
            title=report.title,
            node=locate(options.node_modules),
        )
    if options.image is not None:
        take_image(page, options.image)
    print(page)
    return 0


def _review_options() -> argparse.ArgumentParser:
    parser = _parser("stackverdict", _ABOUT, _MORE)
    _common(parser)
    parser.add_argument(
        "--out",
        type=_path,
        default=Path("build/review"),
        metavar="DIR",
        help="where to write (default: build/review)",
    )
    parser.add_argument("--base", type=_path, metavar="PATH", help="what to compare with")
    parser.add_argument(
        "--base-name", default="", metavar="NAME", help="what to call it, such as a git reference"
    )
    parser.add_argument("--title", default="", help="the report's title (default: PATH's name)")
    parser.add_argument(
        "--all",
        action="store_true",
        help="run cfn-lint on more than 400 resources too (20 ms each)",
    )
    parser.add_argument(
        "--image", type=_path, metavar="FILE", help="also write a PNG of the page, with Chromium"
    )
    parser.add_argument(
        "--picture",
        type=_path,
        metavar="FILE",
        help="also write the stacks and flows as an SVG for a README",
    )
    parser.add_argument(
        "--node-modules",
        type=_path,
        metavar="DIR",
        help="the folder that holds the packages of Node.js",
    )
    parser.add_argument("--version", action="version", version=metadata.version("stackverdict"))
    return parser


def _gate(arguments: Sequence[str]) -> int:
    parser = _parser(
        "stackverdict gate",
        "Print every open finding; exit with 1 when a threshold is broken.",
        _GATE_MORE,
    )
    _common(parser)
    options = parser.parse_args(arguments)
    report = review(options.path, gate=_thresholds(options), lint_all=True, pictures=False)
    for finding in report.findings:
        if finding.open and finding.severity != "info":
            where = finding.path or finding.logical_id or finding.stack or "the assembly"
            line = f"{finding.file}:{finding.line}" if finding.line else finding.file
            print(
                f"{finding.severity}: {where}: {finding.message}"
                f" [{finding.rule}, {finding.source}] {finding.code or line}"
            )
    print(
        f"{report.count('error')} errors, {report.count('warning')} warnings,"
        f" {report.accepted} accepted;"
        f" ${report.idle_dollars:,.2f} a month while idle, {report.unknown_costs} unknown"
    )
    for breach in report.breaches:
        print(f"gate: {breach}", file=sys.stderr)
    return 1 if report.breaches else 0


def _setup(arguments: Sequence[str]) -> int:
    _parser("stackverdict setup", _SETUP_ABOUT, "").parse_args(arguments)
    print(f"The packages of Node.js are in {install()}")
    return 0


def _parser(name: str, about: str, more: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog=name,
        description=about,
        epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path",
        nargs="?",
        type=_path,
        default=Path("cdk.out"),
        metavar="PATH",
        help="a cloud assembly, a folder of templates or one template (default: cdk.out)",
    )
    parser.add_argument(
        "--config",
        type=_path,
        metavar="FILE",
        help="thresholds of the gate (default: gates.toml, if present)",
    )
    parser.add_argument(
        "--region", action="append", help="check that it deploys there; may be given again"
    )


def _path(text: str) -> Path:
    """A path that may be absent, but that a file could have."""
    path = Path(text)
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return path
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error.strerror}") from None
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None
    return path


def _thresholds(options: argparse.Namespace) -> Gate:
    config = options.config or (_CONFIG if _CONFIG.is_file() else None)
    gate = load_gate(config)
    return dataclasses.replace(gate, regions=tuple(options.region)) if options.region else gate
