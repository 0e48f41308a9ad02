"""The command line of the emulator: reads it, takes the port, then hands over to the server."""

from __future__ import annotations

import argparse
import os
import re
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from aws_understudy.backends.environment import prepare_environment
from aws_understudy.core.credentials import Credentials
from aws_understudy.core.settings import EmulatorSettings
from aws_understudy.core.work_folder import WorkFolderError, claim
from aws_understudy.sandbox.level import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOPBACK = "127.0.0.1"
_DESCRIPTION = """A stand-in for AWS on 127.0.0.1.

It runs what it claims: Athena SQL and Glue crawls over real files, SageMaker jobs, pipelines and
endpoints, Lambda functions. What it does not do it refuses by name. It lets in its own user alone,
by a key that it makes anew at each start and writes into the ready file."""
_EPILOG = """example:
  aws-understudy --port 0 --dir /tmp/understudy --ready-file ready.json
  The ready file then holds endpoint_url, access_key_id and secret_access_key.
  /_understudy/fidelity on that address lists the resource types, and how true each is."""
EXIT_USAGE = 2
PRIVATE = 0o077
"""The umask: what it writes, keys among it, is for its own user alone."""
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the emulator until a signal stops it; the result is the exit code.

    2 means that the command line or the port was refused, 1 that the start failed.
    """
    settings = parse_settings(arguments)
    try:
        listener = take_port(settings.port)
    except OSError as error:
        print(
            f"aws-understudy: cannot listen on {LOOPBACK}:{settings.port}: {error.strerror}. "
            "Stop what holds the port, or give --port 0 to get a free one.",
            file=sys.stderr,
        )
        return EXIT_USAGE
    os.umask(PRIVATE)
    try:
        claim(settings.work_dir)
    except WorkFolderError as error:
        print(f"aws-understudy: {error}", file=sys.stderr)
        return EXIT_USAGE
    prepare_environment(settings, port=listener.getsockname()[1])
    # ministack reads its settings from the environment while it is imported.
    from aws_understudy.process import run  # noqa: PLC0415 - must come after prepare_environment

    return run(settings, listener)


def parse_settings(arguments: Sequence[str] | None) -> EmulatorSettings:
    """Read and check the command line; argparse exits with 2 on a value it refuses."""
    parser = argparse.ArgumentParser(
        prog="aws-understudy",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=_port, required=True, help="0 chooses a free port")
    parser.add_argument("--dir", type=Path, required=True, help="the emulator's own folder")
    parser.add_argument("--ready-file", type=Path, help="written as JSON once it serves")
    parser.add_argument("--region", default="us-east-1", type=_region)
    parser.add_argument("--account", default="000000000000", type=_account)
    parser.add_argument(
        "--node-modules",
        type=Path,
        metavar="FOLDER",
        default=os.environ.get("UNDERSTUDY_NODE_MODULES") or None,
        help="what functions of Node.js may import (default: $UNDERSTUDY_NODE_MODULES)",
    )
    parser.add_argument(
        "--sandbox",
        choices=[level.value for level in Level],
        default=Level.NAMESPACES.value,
        help="the strongest form of sandbox to try (default: %(default)s)",
    )
    parser.add_argument("--log-level", choices=LOG_LEVELS, default="WARNING")
    parser.add_argument(
        "--exit-with-stdin", action="store_true", help="end when standard input closes"
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        type=_origin,
        metavar="ORIGIN",
        help="let pages of this origin read answers, such as http://127.0.0.1:5173; repeatable",
    )
    values = parser.parse_args(arguments)
    return EmulatorSettings(
        port=values.port,
        directory=values.dir.resolve(),
        ready_file=values.ready_file.resolve() if values.ready_file else None,
        region=values.region,
        account=values.account,
        credentials=Credentials.generate(),
        allowed_origins=frozenset(values.allow_origin),
        node_modules=values.node_modules.resolve() if values.node_modules else None,
        sandbox=Level(values.sandbox),
        log_level=values.log_level,
        exit_with_stdin=values.exit_with_stdin,
    )


def take_port(port: int) -> socket.socket:
    """Listen on a loopback port, before anything is imported that wants to know its number.

    Raises:
        OSError: the port is taken or not allowed.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


def _port(text: str) -> int:
    highest = 65535
    if not text.isdecimal() or int(text) > highest:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; allowed are 0 to {highest}")
    return int(text)


def _account(text: str) -> str:
    if not re.fullmatch(r"\d{12}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no AWS account; it has 12 digits")
    return text


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or text != _origin_of(parts):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no origin; it is scheme, host and port, such as http://127.0.0.1:5173"
        )
    return text


def _origin_of(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}".lower()


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no AWS region, such as us-east-1")
    return text
