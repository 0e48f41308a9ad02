"""The command line of ``make new``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config import ConfigError
from rehearsal.errors import DataError
from scaffold.errors import ScaffoldError
from scaffold.guess import guessed
from scaffold.look import looked_at
from scaffold.names import check_name
from scaffold.questions import expected, questions
from scaffold.report import report
from scaffold.texts import Plan, files_of
from scaffold.write import check, refuse_existing, write

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2


def main(arguments: Sequence[str]) -> int:
    """Look at the files, write the data set, and say what was guessed; the exit code.

    0: it is written; 1: the machine refused to write; 2: the name, the files or the target were
    refused, and nothing is written.
    """
    options = _parser().parse_args(arguments)
    try:
        print(make(options.name, options.data, target=options.target or None, into=options.into))
    except (ScaffoldError, DataError, ConfigError) as error:
        print(f"new: {error}", file=sys.stderr)
        return EXIT_USAGE
    except OSError as error:
        print(f"new: {error.filename}: {error.strerror}; nothing is written", file=sys.stderr)
        return EXIT_FAILED
    return 0


def make(name: str, data: str, *, target: str | None, into: Path = ROOT) -> str:
    """Make the data set ``name`` of the files in a folder; what to tell about it.

    Args:
        name: What its files are called.
        data: The folder.
        target: The column to predict, if any.
        into: Where ``datasets/``, ``queries/``, ``dashboards/`` and ``config/`` are.

    Raises:
        ScaffoldError: the name or the target cannot be, or a file is there already.
        DataError: the files cannot be taken.
    """
    check_name(name)
    refuse_existing(into, [f"datasets/{name}.toml", f"config/{name}.toml"])
    if not data:
        raise ScaffoldError("DATA is missing; give the folder of your files: DATA=folder")
    with looked_at(_folder(data), name=name) as look:
        guesses = guessed(look, target=target)
        asked = questions(look, guesses)
        plan = Plan(
            look=look,
            guesses=guesses,
            questions=asked,
            expectations={question.name: expected(look, question) for question in asked},
        )
        path = f"../datasets/{name}.toml"
        check(files_of(plan, listed=path), name=name)
        files = files_of(plan, listed=name if into == ROOT else path)
        refuse_existing(into, files)
        write(into, files)
        config = name if into == ROOT else str(into / "config" / f"{name}.toml")
        return report(plan, files=files, into=into, config=config)


def _folder(text: str) -> Path:
    try:
        path = Path(text).expanduser().resolve()
        path.exists()
    except (OSError, ValueError, RuntimeError) as error:
        raise ScaffoldError(f"DATA={text!r} is no folder: {error}") from None
    return path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scaffold", description=__doc__)
    parser.add_argument("--name", default="", help="what the data set is called")
    parser.add_argument("--data", default="", help="folder with CSV, JSON or Parquet files")
    parser.add_argument("--target", help="the column to predict")
    parser.add_argument(
        "--into", type=Path, default=ROOT, help="the folder of datasets/, queries/ and config/"
    )
    return parser
