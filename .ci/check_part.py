"""Lints, type checks and tests one package alone: `make check PART=understudy`.

Its quick tests only; `pytest packages/aws-understudy` runs all.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PARTS = {
    "understudy": ROOT / "packages" / "aws-understudy",
    "verdict": ROOT / "packages" / "stackverdict",
}

QUICK_TESTS = ["pytest", "--numprocesses", "auto", "--dist", "loadfile", "-m", "not slow"]


def main() -> int:
    """Run every check, also after one failed; 1 when any did."""
    parser = argparse.ArgumentParser(prog="make check", description=__doc__)
    parser.add_argument("part", choices=PARTS, metavar="PART", help=f"one of {', '.join(PARTS)}")
    folder = PARTS[parser.parse_args().part]
    checks = (
        (["ruff", "check", str(folder)], ROOT),
        (["ruff", "format", "--check", str(folder)], ROOT),
        (["mypy"], folder),
        ([*QUICK_TESTS, str(folder / "tests")], ROOT),
    )
    failed = [
        command[0]
        for command, cwd in checks
        if subprocess.run(command, cwd=cwd, check=False).returncode
    ]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
