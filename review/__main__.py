"""`python -m review`: write the report of an assembly, or judge it at the gate."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from review.changes.compare import compare
from review.errors import InputError
from review.gate import Gate, load_gate
from review.loading.assembly import load_assembly
from review.picture.standalone import write_picture
from review.render.json_text import write_json
from review.render.markdown import write_markdown
from review.render.page import write_page
from review.report import Report, build, sections_of
from review.rules.rule import Subject
from review.screenshot import take

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONFIG = Path("gates.toml")
_BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 when all is well, 1 when the gate is shut, 2 for bad input."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if given[:1] == ["gate"]:
            return _gate(given[1:])
        return _review(given)
    except InputError as error:
        print(f"review: {error}", file=sys.stderr)
        return _BAD_INPUT


def _review(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m review",
        description="Write index.html, review.md and review.json about generated CloudFormation.",
        epilog="`python -m review gate` prints the findings and exits 1 when a threshold breaks.",
    )
    _common(parser)
    parser.add_argument("--base", type=_path, help="an assembly to compare with")
    parser.add_argument("--base-name", help="what to call it, such as a git reference")
    parser.add_argument("--out", type=_path, default=Path("build/review"), help="where to write")
    parser.add_argument("--image", type=_path, help="also write a PNG of the page, with Chromium")
    parser.add_argument("--picture", type=_path, help="also write the stacks and flows as an SVG")
    parser.add_argument("--title", help="the page's title; default: the assembly's name")
    parser.add_argument("--all", action="store_true", help="run cfn-lint on a large assembly too")
    given = parser.parse_args(arguments)
    gate = _thresholds(given)
    report = build(load_assembly(given.assembly), gate, everything=given.all)
    if given.base is not None:
        report = _compared(report, given.base, given.base_name or str(given.base), gate)
    title = given.title or _title(given.assembly)
    given.out.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("index.html", write_page(report, title)),
        ("review.md", write_markdown(report, title)),
        ("review.json", write_json(report)),
    ):
        (given.out / name).write_text(text, encoding="utf-8")
    if given.picture is not None:
        subject = Subject(report.assembly, gate.options)
        flows = report.sections.flows
        write_picture(report.assembly, subject.shown, flows, file=given.picture, title=title)
    if given.image is not None:
        take(given.out / "index.html", given.image)
    print(given.out / "index.html")
    return 0


def _gate(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m review gate", description="Exit 1 when a threshold of gates.toml breaks."
    )
    _common(parser)
    given = parser.parse_args(arguments)
    gate = _thresholds(given)
    report = build(load_assembly(given.assembly), gate, everything=True, pictures=False)
    for one in report.findings:
        if one.open and one.severity != "info":
            where = one.path or one.logical_id or one.stack or "the assembly"
            place = one.code or (f"{one.file}:{one.line}" if one.line else one.file)
            print(f"{one.severity}: {where}: {one.message} [{one.rule}, {one.source}] {place}")
    accepted = sum(not one.open for one in report.findings)
    print(
        f"{report.count('error')} errors, {report.count('warning')} warnings, {accepted} accepted;"
        f" ${report.idle_dollars:,.2f} a month while idle, {report.unknown_costs} unknown"
    )
    for breach in report.breaches:
        print(f"gate: {breach}", file=sys.stderr)
    return 1 if report.breaches else 0


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "assembly",
        nargs="?",
        type=_path,
        default=Path("cdk.out"),
        help="a cloud assembly, a folder of templates or one template (default: cdk.out)",
    )
    parser.add_argument("--config", type=_path, help="thresholds (default: gates.toml, if present)")
    parser.add_argument(
        "--region", action="append", help="check that it deploys here; may be given again"
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


def _thresholds(given: argparse.Namespace) -> Gate:
    config = given.config or (_CONFIG if _CONFIG.is_file() else None)
    gate = load_gate(config)
    return dataclasses.replace(gate, regions=tuple(given.region)) if given.region else gate


def _compared(report: Report, base: Path, name: str, gate: Gate) -> Report:
    before = load_assembly(base)
    sections = sections_of(Subject(before, gate.options))
    changes = compare(before, report.assembly, sections, report.sections)
    changes = dataclasses.replace(changes, base=name)
    return dataclasses.replace(report, changes=changes)


def _title(assembly: Path) -> str:
    name = assembly.resolve().name
    return assembly.resolve().parent.name if name == "cdk.out" else name


if __name__ == "__main__":
    sys.exit(main())
