"""Prints how long synthesis takes, beside an app with one empty stack.

Each configuration is synthesized in a process of its own, validation off, in turn with the others,
so that a busy machine is busy for all; the least of the repetitions counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).parents[1]
REPETITIONS: Final = 5
EMPTY: Final = """
import aws_cdk as cdk
app = cdk.App()
cdk.Stack(app, "Empty")
app.synth()
"""
CONFIGURATIONS: Final = (
    "tests/configs/ml_only.toml",
    "tests/configs/sql_only.toml",
    "dev",
    "tests/configs/plural.toml",
    "tests/configs/variant.toml",
)


def seconds(command: list[str], *, config: str, out: str) -> float:
    """How long one synthesis takes."""
    settings = {"CONFIG": config, "CDK_OUTDIR": out, "CDK_VALIDATION": "false"}
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=True)
    return time.perf_counter() - began


def count(out: str) -> tuple[int, int]:
    """The stacks of an assembly, and their resources."""
    templates = [json.loads(path.read_text()) for path in Path(out).glob("*.template.json")]
    return len(templates), sum(len(template["Resources"]) for template in templates)


def main() -> None:
    """Measure, and print a line for each configuration."""
    commands = {"": [sys.executable, "-c", EMPTY]}
    commands |= {config: [sys.executable, "app.py"] for config in CONFIGURATIONS}
    least = dict.fromkeys(commands, float("inf"))
    counts = {}
    for _ in range(REPETITIONS):
        for config, command in commands.items():
            with TemporaryDirectory() as out:
                least[config] = min(least[config], seconds(command, config=config, out=out))
                counts[config] = count(out)
    empty = least.pop("")
    print(f"one empty stack: {empty:.2f} s")
    for config, time_taken in least.items():
        stacks, resources = counts[config]
        each = (time_taken - empty) / resources * 1000
        print(
            f"{stacks} stacks, {resources} resources: {time_taken:.2f} s, "
            f"{time_taken / empty:.2f} times, {each:.0f} ms a resource ({Path(config).stem})"
        )


if __name__ == "__main__":
    main()
