"""The command line: reads it, and ends with 0 only if every step proved what it says."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from config import ConfigError, load
from rehearsal.errors import Interrupted, RehearsalError
from rehearsal.rehearse import rehearse, serve_emulator
from rehearsal.run.signals import EXIT_INTERRUPTED, interruptible
from rehearsal.sweep import sweep
from rehearsal.targets.local.toolchain import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_FAILED = 1
EXIT_USAGE = 2
HIGHEST_PORT = 65535


def main(arguments: Sequence[str]) -> int:
    """Run what the command line asks for; the result is the exit code.

    0: every step proved what it says; 1: a step failed; 2: the command line, the settings or
    the set-up was refused; 130: a signal ended it.
    """
    options = _parser().parse_args(arguments)
    try:
        settings = load(options.config)
        with interruptible():
            if options.command == "emulator":
                return serve_emulator(
                    settings, port=options.port, out=options.out.resolve(), ready=options.ready
                )
            if options.command == "sweep":
                sweep(settings, ask=not options.yes)
                return 0
            good = rehearse(
                settings,
                config=_config_for_app(options.config),
                target=options.target,
                data=options.data,
                out=options.out.resolve(),
                assembly=options.assembly.resolve() if options.assembly else None,
                port=options.port,
                keep=options.keep,
            )
    except (ConfigError, RehearsalError) as error:
        print(f"rehearsal: {error}", file=sys.stderr)
        return EXIT_USAGE
    except Interrupted as interrupted:
        print(f"rehearsal: ended by {interrupted}; nothing is left running", file=sys.stderr)
        return EXIT_INTERRUPTED
    except OSError as error:
        print(f"rehearsal: {_explained(error, out=options.out)}", file=sys.stderr)
        return EXIT_FAILED
    return 0 if good else EXIT_FAILED


def _explained(error: OSError, *, out: Path) -> str:
    """What the machine refused: a full disk, a folder without the permission, a missing file."""
    file = f"{error.filename}: " if error.filename else ""
    return (
        f"{file}{error.strerror or error}; nothing is left running. Make room, or see to the "
        f"permission; --out {out} may be another folder: python -m rehearsal --out FOLDER"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rehearsal", description=__doc__)
    parser.add_argument(
        "command", nargs="?", choices=("demo", "emulator", "sweep"), default="demo",
        help="the whole journey; only the emulator, in the foreground; or delete from your account "
        "what no stack owns, before `cdk destroy`",
    )  # fmt: skip
    parser.add_argument("--config", default="dev", help="a shipped configuration or a TOML file")
    parser.add_argument(
        "--data", type=_folder, help="folder with CSV or Parquet files; else invented ones"
    )
    parser.add_argument("--target", choices=("local", "aws"), default="local")
    parser.add_argument("--keep", action="store_true", help="leave the emulator running")
    parser.add_argument("--yes", action="store_true", help="sweep without asking")
    parser.add_argument("--assembly", type=_path, help="deploy this cloud assembly as it is")
    parser.add_argument("--out", type=_path, default=ROOT / "build" / "rehearsal")
    parser.add_argument("--port", type=_port, default=0, help="the emulator's; 0 is a free one")
    parser.add_argument(
        "--ready", type=_path, help="emulator: a file to say in where it serves, and by which key"
    )
    return parser


def _folder(text: str) -> Path:
    try:
        return _path(str(Path(text).expanduser())).resolve()
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"{text!r} begins with no user's home") from None


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


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; allowed are 0 to {HIGHEST_PORT}")
    return int(text)


def _config_for_app(config: str) -> str:
    """The path of a settings file holds in another working folder as well."""
    return str(Path(config).resolve()) if config.endswith(".toml") else config
